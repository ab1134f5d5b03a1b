/* SPDX-License-Identifier: MPL-2.0 */
/* table.h - a summary for the terminal, in the words of its reader. */
#ifndef BC_TABLE_H
#define BC_TABLE_H

#include "aggregator/export/label.h"
#include "proto/base/io.h"

/* Prints the whole summary: figures, tables by form, topic, plan and unit, texts, and the board beneath.
 * TODAY, for the days that what is missing is late. */
void table_summary(const shown_t *shown, day_t today, io_t *io);
/* Prints the board alone: counts, who has not reported, what does not match, who was late, coordinating
 * units, overlaps. SHOWN's summary is not used. */
void table_board(const shown_t *shown, const json_t *board, day_t today, io_t *io);
/* Prints only who has not reported, by name, with whom to call. */
void table_missing(const shown_t *shown, const json_t *board, day_t today, io_t *io);
/* Prints how closed figures have changed since (closing_restate). SHOWN's summary is not used. */
void table_restated(const shown_t *shown, const json_t *restatement, io_t *io);
/* Prints what makes up one figure (explain_json). SHOWN's summary is not used. */
void table_explain(const shown_t *shown, const json_t *explained, io_t *io);
/* Prints what a plan set out to reach against what was reached (target_json). */
void table_targets(const shown_t *shown, const json_t *targets, io_t *io);
/* Prints the stages of a plan side by side (stage_json). */
void table_stages(const shown_t *shown, const json_t *stages, io_t *io);
/* Prints figures beside those of other periods (compare_json), and those far from the usual
 * (compare_outliers). */
void table_compare(const shown_t *shown, const json_t *compared, io_t *io);
void table_outliers(const shown_t *shown, const json_t *outliers, io_t *io);
/* Prints joint events and what may be some (joint_list_json). */
void table_joint(const shown_t *shown, const json_t *joint, io_t *io);
/* Unit, period and plan as a heading. */
void table_heading(const shown_t *shown, io_t *io);

#endif
