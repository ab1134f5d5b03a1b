/* SPDX-License-Identifier: MPL-2.0 */
/* Bodies of entries behind a valid chain, whatever they say: folded at once, and in pieces with restarts and
 * entries that come again, they give the same summary or the same refusal.
 *
 * A line of the input is an entry: its first letter the kind, the rest its body. */
#include <unistd.h>

#include "aggregator/fold.h"
#include "aggregator/summary.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/unit.h"
#include "tests/fuzz/part_fuzz.h"

#define LOG "0123456789abcdef0123456789abcdef"
#define NO_ID "01900000-0000-7000-8000-000000000000"
#define FIRST 1730430000000 /* ms: 1 November 2024, 10:00 +07:00 */
#define STEP 3600000
#define ENTRIES 200

typedef struct {
    buf_t header;
    const char *body; /* NULL: redacted */
    size_t len;
    hash_t chain;
} made_t;

static made_t list[ENTRIES];
static int count;

static const char *kind_of(char letter) {
    switch (letter) {
    case 'u': return "unit";
    case 'p': return "plan";
    case 'x': return "decision";
    case 'n': return "notice";
    case 'l': return "log";
    default: return "document";
    }
}

/* The header as a collector would write it for this body. */
static void add(const char *kind, const char *body, size_t len) {
    uuid_bc_t id;
    made_t *m = &list[count];
    entry_t e = {.kind = kind, .by = "BD", .position = count + 1, .received = FIRST + STEP * count};
    json_t *j = json_read(body, len, NULL);
    const char *text = json_text(j, "id"), *unit = json_text(j, "unit");
    memcpy(e.log, LOG, sizeof LOG);
    if (unit && unit_code_ok(unit)) e.unit = unit;
    if (strcmp(kind, "document") == 0) {
        int64_t rev = json_int(j, "rev", 1);
        if (!text || uuid_parse(text, &id)) HOLDS(uuid_parse(NO_ID, &id) == BC_OK);
        e.id = &id;
        e.rev = rev > 0 && rev < 1000 ? (int)rev : 1;
        e.key = e.number = 1;
        e.outbox = LOG;
        if (!e.unit) e.unit = "BD.01";
    }
    e.bytes = (int64_t)len;
    e.sha256 = hash_of(body, len);
    entry_write(&e, &m->header);
    json_decref(j);
    hash_t before = count ? list[count - 1].chain : chain_begin(LOG);
    m->chain = chain_next(&before, m->header.data, m->header.len);
    m->body = body;
    m->len = len;
    count++;
}

static void make_log(const char *text, size_t size) {
    static const char first[] = "{\"log\":\"" LOG "\",\"reason\":\"init\"}";
    add("log", first, sizeof first - 1);
    for (const char *p = text, *end = text + size; p < end && count < ENTRIES;) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((lf ? lf : end) - p);
        if (n > 1) add(kind_of(*p), p + 1, n - 1);
        p += n + 1;
    }
    if (size % 7 == 0) list[count - 1].body = NULL;
}

static int fold_one(fold_t *fold, int i) {
    refusal_t why = {0};
    const made_t *m = &list[i];
    return fold_entry(fold, m->header.data, m->header.len, m->body, m->len, &m->chain, &why);
}

/* Folds all; where PIECE, commits after so many, starts again, and sees an entry twice. */
static void fold_all(const char *path, int piece) {
    refusal_t why = {0};
    store_t *store = store_open(path, &why);
    fold_t *fold = store ? fold_new(store, &why) : NULL;
    HOLDS(fold);
    for (int i = 0; i < count; i++) {
        HOLDS(fold_one(fold, i) == BC_OK);
        if (!piece || (i + 1) % piece) continue;
        HOLDS(fold_commit(fold) == BC_OK);
        fold_free(&fold);
        store_close(&store);
        store = store_open(path, &why);
        fold = store ? fold_new(store, &why) : NULL;
        HOLDS(fold && fold_one(fold, i) == BC_OK && fold_one(fold, i / 2) == BC_OK);
    }
    HOLDS(fold_commit(fold) == BC_OK);
    fold_free(&fold);
    store_close(&store);
}

/* The summary's bytes, or the code of its refusal. */
static char *told(const char *path, const char *period) {
    refusal_t why = {0};
    question_t q = {.unit = "BD", .period = period};
    asked_t asked;
    buf_t out = {0};
    store_t *store = store_open(path, &why);
    HOLDS(store);
    view_t *view = view_new(store, STORE_NOW, &why);
    json_t *j = NULL;
    if (view && summary_ask(view, &q, &asked, &why) == BC_OK) j = summary_json(view, &asked, &why);
    if (j)
        summary_write(j, &out);
    else
        buf_puts(&out, why.code);
    json_decref(j);
    view_free(&view);
    store_close(&store);
    HOLDS(out.len);
    return out.data;
}

static void forget(const char *path) {
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (int i = 0; i < 3; i++) {
        char name[128];
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size), whole[64], pieces[64];
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(whole, sizeof whole, "%s/baocao-fuzz-%d-whole.db", folder, (int)getpid());
    snprintf(pieces, sizeof pieces, "%s/baocao-fuzz-%d-pieces.db", folder, (int)getpid());
    make_log(text, size);
    fold_all(whole, 0);
    fold_all(pieces, 1 + (int)(size % 5));
    static const char *const periods[] = {"2024-11", "2024-Q4", "2024"};
    for (int i = 0; i < 3; i++) {
        char *a = told(whole, periods[i]), *b = told(pieces, periods[i]);
        HOLDS(strcmp(a, b) == 0);
        free(a);
        free(b);
    }
    forget(whole);
    forget(pieces);
    for (; count; count--)
        buf_free(&list[count - 1].header);
    free(text);
    return 0;
}
