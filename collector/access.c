/* SPDX-License-Identifier: MPL-2.0 */
/* access.c - writes `access` entries. */
#include "collector/access.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

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
    char until[11];
    if (note->until) json_object_set_new(body, "until", json_string(day_iso(note->until, until)));
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

typedef struct {
    const access_end_t *end;
    access_key_t *keys;
    int count;
} ending_t;

static int take_ending(void *arg, const access_key_t *k) {
    ending_t *ending = arg;
    const access_end_t *end = ending->end;
    if (k->state != KEY_ACTIVE || (end->serial ? k->serial != end->serial : strcmp(k->unit, end->name)))
        return 0;
    ending->keys = mem_grow(ending->keys, (size_t)(ending->count + 1) * sizeof *ending->keys);
    ending->keys[ending->count++] = *k;
    return 0;
}

int access_revoke(queue_t *queue, const access_end_t *end, int64_t now, int *revoked) {
    ending_t ending = {.end = end};
    int rc = queue_key_each(queue, take_ending, &ending);
    for (int i = 0; i < ending.count && rc == BC_OK; i++) {
        const access_key_t *k = &ending.keys[i];
        access_note_t note = {.what = "revoked",
                              .name = k->unit,
                              .consumer = k->consumer,
                              .key = k->serial,
                              .until = end->until,
                              .by = end->by};
        /* With a last day the key is not revoked but ends: what was dated before may still come. */
        rc = end->until ? queue_key_state(queue, k->serial, KEY_ACTIVE, clock_day_start(end->until + 1))
                        : queue_key_state(queue, k->serial, KEY_REVOKED, now);
        if (rc == BC_OK) rc = access_append(queue, &note, now);
    }
    *revoked = ending.count;
    free(ending.keys);
    return rc;
}
