/* SPDX-License-Identifier: MPL-2.0 */
/* agent_kit.h - an enrolled agent in the test's own directory, with plan 160 and one more. */
#ifndef BC_TEST_AGENT_KIT_H
#define BC_TEST_AGENT_KIT_H

#include "agent/agent.h"
#include "agent/outbox_document.h"

#define KIT_PLAN "160/KH-LĐLĐ"
#define KIT_SECOND "999/KH-LĐLĐ" /* of tests/demo/input */
#define KIT_UNIT "BD.01"
#define KIT_OTHER "BD.01.001" /* it may act for this one */

/* Opens DIR's outbox, enrolled as KIT_UNIT with plan 160 where it is new. */
agent_t *kit_agent(const char *dir);
void kit_close(agent_t **agent_p);
/* Lets it know the second plan as well. */
void kit_second_plan(agent_t *agent);
/* Keeps the plan in the file PATH, with every "BEFORE" in its text made "AFTER" (NULL: as it is). */
void kit_plan_file(agent_t *agent, const char *path, const char *before, const char *after);
/* How many revisions lie in the outbox. */
int kit_kept(agent_t *agent);
/* The newest revision of the document with this id as JSON, new. */
json_t *kit_document(agent_t *agent, const char *id);

#endif
