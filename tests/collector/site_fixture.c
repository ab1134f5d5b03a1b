/* SPDX-License-Identifier: MPL-2.0 */
/* site_fixture.c - a whole collector in this process, and clients that talk to it. */
#include "tests/collector/site_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/admin.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"
#include "tests/collector/store_fixture.h"

#define WAIT_MS 10000

static const char *const units[][2] = {
    {"BD",
     "{\"unit\":\"BD\",\"kind\":\"federation\",\"names\":[{\"from\":\"2020-01-01\",\"name\":\"Tỉnh\"}],"
     "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":null}],\"opened\":\"2020-01-01\",\"expected\":false}"},
    {"BD.01", "{\"unit\":\"BD.01\",\"kind\":\"upper-level\",\"names\":[{\"from\":\"2020-01-01\",\"name\":"
              "\"Thành phố\"}],"
              "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD\"}],\"opened\":\"2020-01-01\","
              "\"expected\":true}"},
    {"BD.01.01", "{\"unit\":\"BD.01.01\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\","
                 "\"name\":\"Công ty Ví dụ Một\"}],"
                 "\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD.01\"}],\"opened\":\"2020-01-01\","
                 "\"expected\":true}"},
    {"BD.02", "{\"unit\":\"BD.02\",\"kind\":\"grassroots\",\"names\":[{\"from\":\"2020-01-01\",\"name\":"
              "\"Công ty Ví dụ "
              "Hai\"}],\"parents\":[{\"from\":\"2020-01-01\",\"parent\":\"BD\"}],\"opened\":\"2020-01-01\","
              "\"expected\":"
              "true}"},
};

static const char plan[] =
    "{\"plan\":\"1/KH\",\"version\":1,\"title\":{\"vi\":\"Kế "
    "hoạch\"},\"issued\":\"2024-10-01\",\"issuer\":\"Ví dụ\",\"begins\":\"2024-10-01\","
    "\"calendar\":\"duonglich\",\"period_kind\":\"month\",\"deadline\":{\"days\":{},\"default\":2},"
    "\"holidays\":{\"off\":[],\"work\":[]},\"topics\":[],\"documents\":[],\"forms\":[{\"id\":\"F1\",\"vi\":"
    "\"Hội nghị\"}],"
    "\"measures\":[{\"id\":\"sessions\",\"vi\":\"Số buổi\",\"unit\":{\"vi\":\"buổi\"},\"add\":\"sum\","
    "\"in\":[\"activity\",\"aggregate\"],\"most\":1000}]}";

static void append(queue_t *q, const char *kind, const char *unit, const char *body) {
    entry_t e = {.kind = kind, .unit = unit, .by = "operator", .received = clock_wall_ms()};
    assert_int_equal(queue_append(q, &e, body, strlen(body)), 0);
}

static void fill_store(site_t *s) {
    static const char *const names[] = {"BD.01", "BD.02", "tonghop", "xem"};
    access_grant_t grant = {
        .holder = "BD.01", .unit = "BD.01", .subtree = 1, .from = DAY_NONE, .to = DAY_NONE};
    queue_t *q = site_queue(s);
    assert_int_equal(queue_begin(q), 0);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        append(q, "unit", units[i][0], units[i][1]);
    append(q, "plan", NULL, plan);
    for (int i = 0; i < 4; i++) {
        access_key_t key = {.consumer = i >= SITE_CONSUMER, .may_decide = i == SITE_CONSUMER, .from = 1};
        curve_pair_make(&s->keys[i]);
        memcpy(key.public_, s->keys[i].public_, sizeof key.public_);
        strcpy(key.unit, names[i]);
        assert_int_equal(queue_key_add(q, &key), 0);
        s->serials[i] = key.serial;
    }
    assert_int_equal(queue_grant_add(q, &grant), 0);
    assert_int_equal(queue_commit(q), 0);
    queue_close(&q);
}

static void make_keys(site_t *s) {
    refusal_t why = {0};
    char path[96];
    curve_pair_make(&s->server);
    sign_pair_make(&s->sign);
    snprintf(path, sizeof path, "%s/server.key", s->dir);
    assert_int_equal(curve_pair_save(path, &s->server, &why), 0);
    snprintf(path, sizeof path, "%s/sign.key", s->dir);
    assert_int_equal(sign_pair_save(path, &s->sign, &why), 0);
}

int site_setup(void **state) {
    site_t *s = mem_alloc(sizeof *s);
    refusal_t why = {0};
    strcpy(s->dir, "/tmp/baocao-test-XXXXXX");
    assert_non_null(mkdtemp(s->dir));
    make_keys(s);
    assert_int_equal(queue_create(s->dir, "operator", &why), 0);
    fill_store(s);
    setenv("BAOCAO_LISTEN_DOCUMENTS", "tcp://127.0.0.1:*", 1);
    setenv("BAOCAO_LISTEN_ENROL", "tcp://127.0.0.1:*", 1);
    setenv("BAOCAO_DISK_LOW", "1M", 1);
    s->conf = conf_load(NULL, admin_program.keys, &why);
    assert_non_null(s->conf);
    site_start(s);
    *state = s;
    return 0;
}

int site_teardown(void **state) {
    site_t *s = *state;
    site_stop(s);
    conf_free(&s->conf);
    store_remove_dir(s->dir);
    free(s);
    return 0;
}

void site_start(site_t *s) {
    refusal_t why = {0};
    /* libzmq gives the gate's name back a moment after the one before closed it. */
    int64_t until = clock_mono_ms() + 5000;
    do
        s->intake = intake_open(s->dir, s->conf, -1, &why);
    while (!s->intake && strcmp(why.code, "gate-taken") == 0 && clock_mono_ms() < until);
    if (!s->intake) fail_msg("%s: %s", why.code, why.en);
}

void site_stop(site_t *s) {
    intake_close(&s->intake);
}

queue_t *site_queue(site_t *s) {
    refusal_t why = {0};
    queue_t *q = queue_open(s->dir, &why);
    if (!q) fail_msg("%s: %s", why.code, why.en);
    return q;
}

zsock_t *site_client(site_t *s, int who) {
    refusal_t why = {0};
    char endpoint[64];
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", intake_documents_port(s->intake));
    zsock_t *client =
        sock_client(endpoint, s->keys[who].secret, s->keys[who].public_, s->server.public_, 1000, &why);
    assert_non_null(client);
    return client;
}

void site_say(zsock_t *client, command_t command, const void *body, size_t n, const char *header, ...) {
    va_list args;
    char *text = NULL;
    va_start(args, header);
    assert_true(vasprintf(&text, header, args) >= 0);
    va_end(args);
    for (char *p = text; *p; p++)
        if (*p == '\'') *p = '"';
    assert_int_equal(frame_send_text(client, NULL, command, text, body, n), 0);
    free(text);
}

frame_t site_hear(site_t *s, zsock_t *client, command_t wanted) {
    frame_t f;
    refusal_t why;
    for (int64_t until = clock_mono_ms() + WAIT_MS; clock_mono_ms() < until; intake_turn(s->intake, 5)) {
        if (frame_take(client, 0, &f, &why) == BC_AGAIN) continue;
        if (f.command == wanted) return f;
        char *header = f.header ? json_canonical(f.header) : mem_str("?");
        fail_msg("%s, not %s: %s", frame_command_name(f.command), frame_command_name(wanted), header);
    }
    fail_msg("no %s came", frame_command_name(wanted));
    return f;
}

void site_hear_refused(site_t *s, zsock_t *client, const char *code) {
    frame_t f = site_hear(s, client, CMD_NOTICE);
    assert_string_equal(json_text(f.header, "kind"), "refused");
    assert_string_equal(json_text(f.header, "code"), code);
    assert_true(strlen(json_text(f.header, "vi")) > 10);
    assert_true(strlen(json_text(f.header, "en")) > 10);
    frame_free(&f);
}

void site_hello(site_t *s, zsock_t *client, const char *outbox) {
    site_say(client, CMD_HELLO, NULL, 0, "{'v':1,'program':'test/1','outbox':'%s','next':1,'clock':%lld}",
             outbox, (long long)clock_wall_ms());
    frame_t f = site_hear(s, client, CMD_WELCOME);
    frame_free(&f);
}

char *site_document(const char *id, int rev, const char *unit, const char *by) {
    char fresh[UUID_TEXT];
    uuid_bc_t uuid = uuid_v7(clock_wall_ms());
    if (!id) id = uuid_text(&uuid, fresh);
    return mem_printf(
        "{\"doc\":\"activity\",\"id\":\"%s\",\"rev\":%d,%s\"unit\":\"%s\",\"entered_by\":\"%s\","
        "\"source\":\"agent\",\"made\":1731400000000,\"plans\":[{\"plan\":\"1/KH\",\"version\":1}],"
        "\"from\":\"2024-11-12\",\"to\":\"2024-11-12\",\"form\":\"F1\",\"measures\":{\"sessions\":2}}",
        id, rev, rev > 1 ? "\"reason\":\"sửa số buổi\"," : "", unit, by);
}

verdict_line_t site_verdict(const frame_t *receipt, int n) {
    verdict_line_t v;
    const char *p = receipt->body;
    for (int i = 0; i < n; i++)
        p = strchr(p, '\n') + 1;
    assert_int_equal(verdict_read(p, (size_t)(strchr(p, '\n') - p), &v, NULL), 0);
    return v;
}

verdict_line_t site_send(site_t *s, zsock_t *client, const char *document) {
    char *line = mem_printf("%s\n", document);
    int64_t number = ++s->numbers;
    site_say(client, CMD_DOCUMENTS, line, strlen(line),
             "{'batch':%lld,'outbox':'" SITE_OUTBOX "','numbers':[%lld]}", (long long)number,
             (long long)number);
    free(line);
    frame_t f = site_hear(s, client, CMD_RECEIPT);
    assert_int_equal(json_int(f.header, "batch", 0), number);
    verdict_line_t v = site_verdict(&f, 0);
    assert_int_equal(v.number, number);
    frame_free(&f);
    return v;
}
