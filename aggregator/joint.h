/* SPDX-License-Identifier: MPL-2.0 */
/* joint.h - which activities are one event: the host's report of it, and those of its guests (PROTOCOL.md 13,
 * rule 9). */
#ifndef BC_JOINT_H
#define BC_JOINT_H

#include "aggregator/fact.h"
#include "aggregator/view.h"

/* Gives EACH the live activity that hosts the event of ROW, an activity that says FACT: not called where ROW
 * stands for itself. 0, what EACH returned, or a stop. */
int joint_host(const view_t *view, const row_t *row, const fact_t *fact, store_each_fn *each, void *arg);
/* 1 where ROW is part of another's event, so that it can be nobody's host; or a stop. */
int joint_is_guest(const view_t *view, const row_t *row, const fact_t *fact);

#endif
