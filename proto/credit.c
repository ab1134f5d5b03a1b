/* SPDX-License-Identifier: MPL-2.0 */
/* credit.c - windows of unanswered documents. Credit and not high-water marks bounds memory, for libzmq
 * counts messages and not bytes. */
#include "proto/credit.h"

#include "proto/base/json.h"
#include "proto/document.h"

#define LEAST (DOCUMENT_MAX + 1) /* bytes of a body: the largest document and its LF */
#define SMALL_DOCUMENT 256   /* no document is much smaller: bounds their number within a window */
#define WAIT_DEFAULT 5000    /* ms, where the other side said nothing usable */
#define WAIT_PURSE 1000      /* others give theirs back within a moment */
#define WAIT_CLOSED 30000    /* staff must act */
#define WAIT_MAX 900000

json_t *credit_json(const credit_t *c) {
    return json_pack("{sI sI sI}", "documents", (json_int_t)c->documents, "bytes", (json_int_t)c->bytes,
                     "wait_ms", (json_int_t)c->wait_ms);
}

credit_t credit_read(const json_t *j) {
    const credit_t stop = {.wait_ms = WAIT_DEFAULT};
    credit_t c = {json_int(j, "documents", -1), json_int(j, "bytes", -1), json_int(j, "wait_ms", -1)};
    if (c.documents < 0 || c.bytes < 0 || c.wait_ms < 0) return stop;
    if (c.wait_ms > WAIT_MAX) c.wait_ms = WAIT_MAX;
    if (c.documents > 0) return c.bytes >= DOCUMENT_MAX ? c : stop;
    c.bytes = 0;
    return c.wait_ms > 0 ? c : stop;
}

credit_t purse_grant(purse_t *purse, int64_t *held, int64_t want, int closed) {
    purse_release(purse, held);
    int64_t bytes = purse->cap - purse->granted;
    if (want < LEAST) want = LEAST;
    if (bytes > want) bytes = want;
    if (closed) return (credit_t){.wait_ms = WAIT_CLOSED};
    if (bytes < LEAST) return (credit_t){.wait_ms = WAIT_PURSE};
    purse->granted += bytes;
    *held = bytes;
    return (credit_t){.documents = bytes / SMALL_DOCUMENT, .bytes = bytes};
}

void purse_release(purse_t *purse, int64_t *held) {
    purse->granted -= *held;
    *held = 0;
}
