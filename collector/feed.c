/* SPDX-License-Identifier: MPL-2.0 */
/* feed.c - reads the log for one consumer and packs it into ENTRIES. */
#include "collector/feed.h"

#include <stdlib.h>
#include <string.h>

#include "collector/header.h"
#include "proto/base/rc.h"

#define WINDOW_LEAST 65536
#define WINDOW_MOST (64 << 20)
#define BODY_WANTED \
    786432 /* a message is closed at this size: big enough to be cheap, and others get their turn */
#define REDACTED UINT32_MAX
#define FIXED 40 /* two lengths and the chain */

/* A message that is not committed yet. */
typedef struct {
    int64_t last, bytes;
} sent_t;

struct feed {
    int64_t position; /* last one sent */
    int64_t committed;
    int64_t window, unanswered;
    int greeted; /* the first answer was sent */
    sent_t *sent;
    size_t count, room;
    sent_t next; /* made by feed_next */
};

static int forked(refusal_t *why) {
    return refuse(
        why, "log-forked", NULL,
        "Vị trí và mã băm đã đọc không nằm trong sổ nhận này: sổ nhận đã được khôi phục hoặc thay thế. Hãy "
        "dựng lại từ đầu.",
        "The position and chain that were read do not stand in this log: it was restored or replaced. "
        "Rebuild from the beginning.");
}

/* What is looked for among the log's ancestors. */
typedef struct {
    const char *log;
    int64_t position;
    int found;
} ancestor_t;

static int is_ancestor(void *arg, const char *log, int64_t position) {
    ancestor_t *a = arg;
    a->found |= strcmp(a->log, log) == 0 && a->position <= position;
    return 0;
}

/* 1 if CHAIN at POSITION of LOG is part of this log, 0 if not, or a stop. */
static int stands(queue_t *reader, const char *log, int64_t position, const hash_t *chain) {
    head_t head;
    hash_t here;
    ancestor_t a = {.log = log, .position = position};
    int rc = queue_head(reader, &head);
    if (rc == BC_OK && strcmp(head.log, log) != 0) rc = queue_ancestors(reader, is_ancestor, &a);
    if (rc != BC_OK) return rc;
    if (strcmp(head.log, log) != 0 && !a.found) return 0;
    rc = queue_chain_at(reader, position, &here);
    if (rc == BC_NOTFOUND) return 0;
    return rc == BC_OK ? hash_equal(&here, chain) : rc;
}

/* `log`, `position` and `chain` of a header, and whether they stand here. */
static int check_place(queue_t *reader, const json_t *header, command_t command, int64_t *position,
                       refusal_t *why) {
    hash_t chain;
    const char *log, *hex;
    if (!header_number(header, "position", 0, position)) return header_bad(command, "position", why);
    if (*position == 0) return BC_OK;
    if (!header_hex(header, "log", 16, &log, NULL)) return header_bad(command, "log", why);
    if (!header_hex(header, "chain", HASH_LEN, &hex, chain.b)) return header_bad(command, "chain", why);
    int rc = stands(reader, log, *position, &chain);
    if (rc < 0) return rc;
    return rc ? BC_OK : forked(why);
}

static int check_subscribe(queue_t *reader, const json_t *header, int64_t *position, int64_t *window,
                           refusal_t *why) {
    const char *program;
    if (header_version(header, why)) return BC_REFUSED;
    if (!header_text(header, "program", 256, &program)) return header_bad(CMD_SUBSCRIBE, "program", why);
    if (!header_number(header, "window", WINDOW_LEAST, window) || *window > WINDOW_MOST)
        return header_bad(CMD_SUBSCRIBE, "window", why);
    return check_place(reader, header, CMD_SUBSCRIBE, position, why);
}

feed_t *feed_open(queue_t *reader, const json_t *header, refusal_t *why) {
    int64_t position = 0, window = 0;
    int rc = check_subscribe(reader, header, &position, &window, why);
    if (rc_stop(rc))
        refuse(why, "log-broken", NULL, "Không đọc được sổ nhận của máy chủ.",
               "The collector's log cannot be read.");
    if (rc != BC_OK) return NULL;
    feed_t *self = mem_alloc(sizeof *self);
    self->position = self->committed = position;
    self->window = window;
    return self;
}

void feed_free(feed_t **self_p) {
    feed_t *self = *self_p;
    if (!self) return;
    free(self->sent);
    free(self);
    *self_p = NULL;
}

int feed_commit(feed_t *self, queue_t *reader, const json_t *header, refusal_t *why) {
    int64_t position;
    int rc = check_place(reader, header, CMD_COMMIT, &position, why);
    if (rc != BC_OK) return rc;
    if (position > self->position) return header_bad(CMD_COMMIT, "position", why);
    if (position > self->committed) self->committed = position;
    size_t done = 0;
    while (done < self->count && self->sent[done].last <= position)
        self->unanswered -= self->sent[done++].bytes;
    self->count -= done;
    memmove(self->sent, self->sent + done, self->count * sizeof *self->sent);
    return BC_OK;
}

int64_t feed_committed(const feed_t *self) {
    return self->committed;
}

int feed_due(const feed_t *self, int64_t head) {
    return !self->greeted || (self->position < head && self->unanswered < self->window);
}

/* ---- packing ---- */

typedef struct {
    buf_t *body;
    size_t most;
    int64_t last;
} packing_t;

static void put_u32(buf_t *out, uint32_t v) {
    const uint8_t b[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    buf_add(out, b, sizeof b);
}

static int pack(void *arg, const queue_entry_t *e) {
    packing_t *p = arg;
    size_t size = FIXED + e->header_len + e->body_len;
    if (p->body->len && p->body->len + size > p->most) return 1;
    put_u32(p->body, (uint32_t)e->header_len);
    buf_add(p->body, e->header, e->header_len);
    put_u32(p->body, e->body ? (uint32_t)e->body_len : REDACTED);
    buf_add(p->body, e->body, e->body_len);
    buf_add(p->body, e->chain.b, HASH_LEN);
    p->last = e->position;
    return 0;
}

int feed_next(feed_t *self, queue_t *reader, buf_t *header, buf_t *body, refusal_t *why) {
    head_t head;
    int64_t open = self->window - self->unanswered;
    packing_t p = {.body = body, .most = BODY_WANTED, .last = self->position};
    if (open < BODY_WANTED) p.most = open > 0 ? (size_t)open : 0;
    int rc = queue_head(reader, &head);
    if (rc == BC_OK) rc = queue_walk(reader, self->position, pack, &p, why);
    if (rc < 0) return rc;
    self->next = (sent_t){p.last, (int64_t)body->len};
    if (head.position < p.last) head.position = p.last; /* grew between the two */
    buf_printf(header, "{\"log\":\"%s\",\"first\":%lld,\"last\":%lld,\"head\":%lld}", head.log,
               (long long)self->position + 1, (long long)p.last, (long long)head.position);
    return BC_OK;
}

void feed_sent(feed_t *self) {
    self->greeted = 1;
    if (self->next.last == self->position) return;
    if (self->count == self->room) {
        self->room = self->room ? self->room * 2 : 16;
        self->sent = mem_grow(self->sent, self->room * sizeof *self->sent);
    }
    self->sent[self->count++] = self->next;
    self->unanswered += self->next.bytes;
    self->position = self->next.last;
}
