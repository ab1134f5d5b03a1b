/* SPDX-License-Identifier: MPL-2.0 */
/* show.c - lists of reports and of news. */
#include "agent/show.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "agent/outbox_document.h"
#include "agent/outbox_news.h"
#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define TITLE_MOST 60 /* columns */

void show_padded(FILE *out, const char *text, int width) {
    int blank = width - text_width(text);
    fprintf(out, "%s%*s", text, blank > 0 ? blank : 0, "");
}

/* ---- list ---- */

typedef struct {
    io_t *io;
    const char *own;
    json_t *returned; /* {id: {"rev", "text"}}, what staff asked to be mended */
    json_t *rows;     /* with --json */
    size_t count;
} list_t;

static json_t *row_json(const kept_t *k, const char *returned) {
    char day[11];
    json_t *j = json_pack("{sI ss si si ss ss sb ss sI}", "no", (json_int_t)k->no, "id", k->id, "rev", k->rev,
                          "counts", k->counts, "kind", k->kind, "unit", k->unit, "withdrawn", k->withdrawn,
                          "state", kept_state_name(k->state), "made", (json_int_t)k->made);
    if (*k->title) json_object_set_new(j, "title", json_string(k->title));
    if (*k->period) json_object_set_new(j, "period", json_string(k->period));
    if (k->day != DAY_NONE) json_object_set_new(j, "day", json_string(day_iso(k->day, day)));
    if (returned) json_object_set_new(j, "returned", json_string(returned));
    if (k->why.code[0])
        json_object_set_new(j, "why",
                            json_pack("{ss ss ss}", "code", k->why.code, "vi", k->why.vi, "en", k->why.en));
    return j;
}

/* What the officer calls it. */
static char *name_of(const kept_t *k, lang_t lang) {
    if (strcmp(k->kind, "period") == 0)
        return mem_printf("%s %s", tr(lang, "Báo cáo kỳ", "Period report"), k->period);
    if (strcmp(k->kind, "aggregate") == 0)
        return mem_printf("%s %s", tr(lang, "Báo cáo tổng hợp", "Aggregate"), k->period);
    char *name = mem_str(*k->title ? k->title : tr(lang, "Hoạt động", "Activity"));
    if (text_width(name) > TITLE_MOST) {
        text_cut(name, TITLE_MOST);
        char *cut = mem_printf("%s…", name);
        free(name);
        return cut;
    }
    return name;
}

/* Why it did not come through, and what the officer may do about it. */
static void print_why(const kept_t *k, io_t *io) {
    if (!k->why.code[0]) return;
    fprintf(io->out, "     → %s", refusal_text(&k->why, io->lang));
    if (k->state == KEPT_REFUSED)
        io_say(io, " Sửa bằng: baocao-agent correct %lld --set … --reason …",
               " Mend it with: baocao-agent correct %lld --set … --reason …", (long long)k->no);
    else if (k->state == KEPT_HELD)
        io_say(io, " Không phải làm gì, chờ Liên đoàn xem xét.",
               " Nothing to do: the federation will decide.");
    fputs("\n", io->out);
}

/* Takes the newest notice about each document: `accepted` ends what `returned` asked for. */
static int take_returned(void *arg, const char *what, const char *text, int64_t received, int read) {
    json_t *returned = arg, *body = json_loads(text, 0, NULL), *one = NULL;
    const json_t *document = json_object_get(body, "document");
    const char *id = json_text(document, "id"), *kind = json_text(body, "kind"),
               *why = json_text(body, "text");
    (void)what;
    (void)received;
    (void)read;
    if (kind && strcmp(kind, "accepted") == 0) one = json_null();
    if (kind && strcmp(kind, "returned") == 0)
        one = json_pack("{sI ss}", "rev", (json_int_t)json_int(document, "rev", 0), "text", why ? why : "");
    if (one && id && !json_object_get(returned, id)) json_object_set(returned, id, one);
    json_decref(one);
    json_decref(body);
    return 0;
}

/* Why staff want this revision mended; NULL where they do not. */
static const char *returned_for(const list_t *l, const kept_t *k) {
    const json_t *one = json_object_get(l->returned, k->id);
    return one && json_int(one, "rev", 0) == k->counts ? json_text(one, "text") : NULL;
}

/* The code of a joint event it is part of. */
static void print_event(const kept_t *k, io_t *io) {
    if (!memmem(k->bytes, k->len, "\"event\"", 7)) return; /* few are */
    json_t *doc = json_loadb(k->bytes, k->len, 0, NULL);
    const char *code = json_text(json_object_get(doc, "event"), "code");
    if (code) io_say(io, " (mã sự kiện %s)", " (event %s)", code);
    json_decref(doc);
}

static int list_one(void *arg, const kept_t *k) {
    list_t *l = arg;
    char day[11] = "", number[24], *name;
    l->count++;
    const char *returned = returned_for(l, k);
    if (l->rows) return json_array_append_new(l->rows, row_json(k, returned));
    if (k->day != DAY_NONE) day_vi(k->day, day);
    snprintf(number, sizeof number, "%lld", (long long)k->no);
    show_padded(l->io->out, number, 5);
    show_padded(l->io->out, day, 12);
    show_padded(l->io->out, kept_state_label(k->state, l->io->lang), 17);
    name = name_of(k, l->io->lang);
    fputs(name, l->io->out);
    free(name);
    if (l->own && strcmp(l->own, k->unit)) fprintf(l->io->out, " [%s]", k->unit);
    print_event(k, l->io);
    if (k->withdrawn)
        io_say(l->io, " (đã rút)", " (withdrawn)");
    else if (k->rev > 1)
        io_say(l->io, " (bản chỉnh lý lần %d)", " (correction %d)", k->rev - 1);
    fputs("\n", l->io->out);
    print_why(k, l->io);
    if (returned)
        io_say(l->io,
               "     → Liên đoàn đề nghị bổ sung, chỉnh lý: %s\n"
               "       Sửa bằng: baocao-agent correct %lld --set … --reason …\n",
               "     → The federation asks you to mend it: %s\n"
               "       Do it with: baocao-agent correct %lld --set … --reason …\n",
               returned, (long long)k->no);
    return 0;
}

int show_list_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    refusal_t why = {0};
    char *own = outbox_fact(agent->outbox, "unit");
    list_t l = {.io = io, .own = own, .returned = json_object()};
    l.rows = io->json ? json_array() : NULL;
    (void)args;
    (void)conf;
    int rc = outbox_each_notice(agent->outbox, take_returned, l.returned);
    if (!rc) rc = outbox_each(agent->outbox, list_one, &l);
    if (!rc && l.rows)
        io_json(io, l.rows);
    else if (!rc && !l.count)
        io_say(io, "Chưa có báo cáo nào. Nhập bằng: baocao-agent import TỆP.csv\n",
               "There is no report yet. Enter some with: baocao-agent import FILE.csv\n");
    json_decref(l.rows);
    json_decref(l.returned);
    free(own);
    if (!rc) return EX_OK;
    refuse(&why, "disk", NULL, "Không đọc được hộp gửi trên ổ đĩa.",
           "The outbox cannot be read from the disk.");
    return io_refused(io, rc, &why);
}

/* ---- news ---- */

/* The headline of a kind of notice. */
static const char *kind_label(const char *kind, lang_t lang) {
    if (strcmp(kind, "returned") == 0)
        return tr(lang, "Đề nghị bổ sung, chỉnh lý", "Returned for correction");
    if (strcmp(kind, "accepted") == 0) return tr(lang, "Đã chấp nhận", "Accepted");
    if (strcmp(kind, "reminder") == 0) return tr(lang, "Nhắc báo cáo", "Reminder");
    if (strcmp(kind, "extension") == 0) return tr(lang, "Gia hạn báo cáo", "Extension");
    return tr(lang, "Thông báo", "Notice");
}

static void print_notice(agent_t *agent, const json_t *body, int64_t received, int read, io_t *io) {
    char at[17];
    const char *kind = json_text(body, "kind"), *subject = json_text(body, "subject"),
               *text = json_text(body, "text"), *until = json_text(body, "until"),
               *id = json_text(json_object_get(body, "document"), "id");
    fprintf(io->out, "%s %s  %s%s%s\n", read ? " " : "*", clock_vi(received, at),
            kind_label(kind ? kind : "", io->lang), subject ? ": " : "", subject ? subject : "");
    if (text) fprintf(io->out, "    %s\n", text);
    day_t last = until ? day_parse(until) : DAY_NONE;
    if (last != DAY_NONE) io_say(io, "    Đến hết ngày %s\n", "    Until %s\n", day_vi(last, at));
    kept_t kept;
    if (!id || outbox_newest(agent->outbox, id, &kept)) return;
    if (kind && strcmp(kind, "accepted") == 0)
        io_say(io, "    Về báo cáo số %lld\n", "    About report number %lld\n", (long long)kept.no);
    else
        io_say(io, "    Về báo cáo số %lld; sửa bằng: baocao-agent correct %lld --set … --reason …\n",
               "    About report number %lld; mend it with: baocao-agent correct %lld --set … --reason …\n",
               (long long)kept.no, (long long)kept.no);
    kept_free(&kept);
}

typedef struct {
    agent_t *agent;
    io_t *io;
    json_t *rows;
    size_t count;
} news_t;

static int news_one(void *arg, const char *kind, const char *text, int64_t received, int read) {
    news_t *n = arg;
    json_t *body = json_loads(text, 0, NULL);
    n->count++;
    if (n->rows)
        json_array_append_new(n->rows,
                              json_pack("{ss sI sb sO}", "kind", kind, "received", (json_int_t)received,
                                        "read", read, "body", body ? body : json_null()));
    else
        print_notice(n->agent, body, received, read, n->io);
    json_decref(body);
    return 0;
}

int show_news_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    agent_t *agent = store;
    news_t n = {.agent = agent, .io = io, .rows = io->json ? json_array() : NULL};
    refusal_t why = {0};
    (void)args;
    (void)conf;
    int rc = outbox_each_notice(agent->outbox, news_one, &n);
    if (!rc && n.rows) io_json(io, n.rows);
    json_decref(n.rows);
    if (!rc && !n.count && !io->json) io_say(io, "Chưa có thông báo nào.\n", "There is no news.\n");
    if (!rc) rc = outbox_notices_read(agent->outbox);
    if (!rc) return EX_OK;
    refuse(&why, "disk", NULL, "Không đọc được hộp gửi trên ổ đĩa.",
           "The outbox cannot be read from the disk.");
    return io_refused(io, rc, &why);
}
