/* SPDX-License-Identifier: MPL-2.0 */
/* joint_list.h - the joint events of a period: who hosted, who came; guests whose host is not there; and
 * activities that look like one event and were not said to be (PROTOCOL.md 13, rule 9). */
#ifndef BC_JOINT_LIST_H
#define BC_JOINT_LIST_H

#include "aggregator/summary.h"

/* `{"joint":1,"log","position","unit","plan","calendar","period","events":[{"host":ACTIVITY,"guests":[…]}],
 * "without_host":[ACTIVITY],"candidates":[[ACTIVITY,…]]}` of the unit asked for and all beneath; a host is
 * named wherever it stands. Candidates have the same last day and, read without marks, the same place.
 * ACTIVITY is `{"id","unit","name","day","code"?,"place"?,"values":{measure of sum: n}}`. Events by the id of
 * the host, candidates by day and place, activities by unit and id. New; NULL with WHY "db-damaged". */
json_t *joint_list_json(const view_t *view, const asked_t *asked, refusal_t *why);

#endif
