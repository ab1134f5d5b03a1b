/* SPDX-License-Identifier: MPL-2.0 */
/* verb_kit.h - command lines on an open agent, and documents put straight into its outbox. */
#ifndef BC_TEST_VERB_KIT_H
#define BC_TEST_VERB_KIT_H

#include "tests/agent/agent_kit.h"

/* What a command line printed; the last call's, overwritten by the next. */
extern char verb_out[65536], verb_err[65536];

/* Runs LINE, split at '|', in English, with INPUT (may be NULL) as the content of its file. Returns the
 * exit status. */
int verb_run(agent_t *agent, const char *input, const char *line);
/* The same, and requires STATUS. */
void verb_ok(agent_t *agent, const char *input, const char *line);
void verb_refused(agent_t *agent, const char *input, const char *line, const char *code);
/* The JSON it printed with --json, new. */
json_t *verb_json(agent_t *agent, const char *input, const char *line);

/* Enters an activity of November 2024 with ATTENDANCES, through the desk; its id to ID. Returns its
 * number. */
int64_t kit_activity(agent_t *agent, int attendances, char id[static UUID_TEXT]);
/* Marks the newest revision of an id stored, with a receipt at POSITION of LOG (hex32) that nobody signed. */
void kit_store(agent_t *agent, const char *id, const char *log, int64_t position);
/* State of the newest revision. */
kept_state_t kit_state(agent_t *agent, const char *id);

#endif
