/* SPDX-License-Identifier: MPL-2.0 */
/* report.h - documents from a JSON file: what another program writes, or a person who knows the fields. */
#ifndef BC_REPORT_H
#define BC_REPORT_H

#include "agent/agent.h"
#include "agent/desk.h"

typedef struct {
    const char *unit, *plan; /* as in compose_t */
    desk_how_t desk;
} report_how_t;

/* Takes N bytes: one document (any of the three kinds, on as many lines as it likes), or one on each
 * line. All in one transaction; what is good of it is kept. *OUT is new JSON as of import_csv:
 * {"rows":[{"line","what",…}],"added","known", "questions","refused"}. 0, or a stop with WHY "disk".
 * BC_REFUSED with WHY where it is no JSON at all. */
int report_take(agent_t *agent, const report_how_t *how, const char *p, size_t n, json_t **out,
                refusal_t *why);

/* The verb `report FILE|- [--unit U] [--plan N] [--again] [--reason R]`. */
int report_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

/* What became of a document as an element of `rows`: new JSON. LINE 0: left out. */
json_t *report_row(size_t line, const desk_t *done, int rc, const refusal_t *why);

#endif
