/* SPDX-License-Identifier: MPL-2.0 */
/* access.c - writes `access` entries. */
#include "collector/access.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"

static json_t *grant_json(const access_grant_t *g) {
    char from[11], to[11];
    json_t *out = json_pack("{ssss}", "unit", g->unit, "scope", g->subtree ? "subtree" : "one");
    if (g->from != DAY_NONE) json_object_set_new(out, "from", json_string(day_iso(g->from, from)));
    if (g->to != DAY_NONE) json_object_set_new(out, "to", json_string(day_iso(g->to, to)));
    return out;
}

int access_append(queue_t *queue, const access_note_t *note, int64_t now) {
    json_t *body = json_pack("{ssss}", "what", note->what, note->consumer ? "consumer" : "unit", note->name);
    if (note->key) json_object_set_new(body, "key", json_integer(note->key));
    if (note->grant) json_object_set_new(body, "grant", grant_json(note->grant));
    char *text = json_canonical(body);
    int own = !strcmp(note->what, "enrolled");
    entry_t e = {.received = now,
                 .kind = "access",
                 .unit = note->consumer ? NULL : note->name,
                 .by = note->by,
                 .key = own ? note->key : 0};
    int rc = queue_append(queue, &e, text, strlen(text));
    free(text);
    json_decref(body);
    return rc;
}
