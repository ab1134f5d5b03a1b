/* SPDX-License-Identifier: MPL-2.0 */
/* test_intake_credit.c - windows, the purse they come from, and sessions that end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/collector/site_fixture.h"

static zsock_t *agent(site_t *s, int who) {
    zsock_t *client = site_client(s, who);
    site_hello(s, client, SITE_OUTBOX);
    return client;
}

static void test_intake_answers_later_beyond_the_window(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    s->intake->purse.cap = 1; /* room for nothing */
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    verdict_line_t v = site_send(s, client, doc);
    assert_int_equal(v.verdict, VERDICT_LATER);
    assert_string_equal(v.why.code, "credit-exceeded");
    assert_true(v.wait_ms > 0);
    s->intake->purse.cap = 64 << 20;
    site_hello(s, client, SITE_OUTBOX);
    assert_int_equal(site_send(s, client, doc).verdict, VERDICT_STORED);
    free(doc);
    zsock_destroy(&client);
}

/* The smallest window there is has room for the largest document and its LF. */
static void test_intake_takes_the_largest_document_in_the_smallest_window(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    char *line = mem_alloc(DOCUMENT_MAX + 2);
    memset(line, 'x', DOCUMENT_MAX);
    line[DOCUMENT_MAX] = '\n';
    site_say(client, CMD_DOCUMENTS, line, DOCUMENT_MAX + 1,
             "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[1]}");
    frame_t f = site_hear(s, client, CMD_RECEIPT);
    assert_int_equal(site_verdict(&f, 0).verdict, VERDICT_REFUSED); /* it was read */
    frame_free(&f);
    free(line);
    zsock_destroy(&client);
}

/* Not before their time; and nobody else waits for it. */
static void test_intake_answers_a_little_later_where_most_is_refused(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT), *other = agent(s, SITE_UPPER);
    char lines[100], numbers[300] = "1", *doc = site_document(NULL, 1, "BD.01.01", "BD.01");
    for (int i = 0; i < 50; i++) {
        memcpy(lines + 2 * i, "x\n", 2);
        if (i) sprintf(numbers + strlen(numbers), ",%d", i + 1);
    }
    int64_t began = clock_mono_ms();
    site_say(client, CMD_DOCUMENTS, lines, sizeof lines,
             "{'batch':1,'outbox':'" SITE_OUTBOX "','numbers':[%s]}", numbers);
    frame_t f = site_hear(s, client, CMD_RECEIPT);
    assert_true(clock_mono_ms() - began >= 100);
    assert_int_equal(site_verdict(&f, 49).verdict, VERDICT_REFUSED);
    frame_free(&f);
    site_say(client, CMD_DOCUMENTS, lines, sizeof lines,
             "{'batch':2,'outbox':'" SITE_OUTBOX "','numbers':[%s]}", numbers);
    assert_int_equal(site_send(s, other, doc).verdict, VERDICT_STORED);
    intake_drain(s->intake); /* who ends answers at once */
    f = site_hear(s, client, CMD_RECEIPT);
    frame_free(&f);
    free(doc);
    zsock_destroy(&client);
    zsock_destroy(&other);
}

static void take_session(void *arg, session_t *session) {
    *(session_t **)arg = session;
}

/* DOCUMENTS, without waiting for the answer. */
static void post(zsock_t *client, int number, const char *document, const char *numbers) {
    site_say(client, CMD_DOCUMENTS, document, strlen(document),
             "{'batch':%d,'outbox':'" SITE_OUTBOX "','numbers':[%s]}", number, numbers);
}

/* A batch that is turned away while a longer one is under way, and a HELLO between: in the end exactly what
 * was taken in was given back, or the session would lose that much of its window for good. */
static void test_intake_gives_back_what_it_took_in(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT);
    session_t *session = NULL;
    frame_t f;
    char *doc = site_document(NULL, 1, "BD.02", "BD.02"), *two = mem_printf("%s\n\n", doc);
    char *one = mem_printf("%s\n", doc);
    sessions_each(s->intake->sessions, take_session, &session);
    session->window.documents = 2;
    post(client, 1, two, "1,2");
    post(client, 2, one, "3");
    for (int i = 0; i < 2; i++) {
        f = site_hear(s, client, CMD_RECEIPT);
        frame_free(&f);
    }
    assert_int_equal(session->bytes, 0);
    assert_int_equal(session->documents, 0);
    post(client, 3, two, "1,2");
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':1,'program':'t','outbox':'" SITE_OUTBOX "','next':4,'clock':1}");
    post(client, 4, two, "1,2");
    for (int i = 0; i < 3; i++) /* two receipts and WELCOME, in any order */
        intake_turn(s->intake, 1000);
    for (int64_t until = clock_mono_ms() + 10000; s->intake->under_way && clock_mono_ms() < until;)
        intake_turn(s->intake, 5);
    sessions_each(s->intake->sessions, take_session, &session);
    assert_int_equal(session->bytes, 0);
    assert_int_equal(s->intake->under_way, 0);
    free(one);
    free(two);
    free(doc);
    zsock_destroy(&client);
}

static void test_intake_purse_is_whole_again_when_all_is_answered(void **state) {
    site_t *s = *state;
    zsock_t *client = agent(s, SITE_UNIT), *other = agent(s, SITE_UPPER);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    for (int i = 0; i < 5; i++)
        site_send(s, client, doc);
    free(doc);
    site_say(client, CMD_BYE, NULL, 0, "{}");
    site_say(other, CMD_BYE, NULL, 0, "{}");
    for (int64_t until = clock_mono_ms() + 5000;
         sessions_count(s->intake->sessions) && clock_mono_ms() < until;)
        intake_turn(s->intake, 5);
    assert_int_equal(s->intake->purse.granted, 0);
    assert_int_equal(sessions_count(s->intake->sessions), 0);
    zsock_destroy(&other);
    zsock_destroy(&client);
}

static void make_old(void *arg, session_t *session) {
    session->granted -= *(int64_t *)arg;
    session->seen -= *(int64_t *)arg;
}

static void test_intake_ends_sessions_nobody_uses(void **state) {
    site_t *s = *state;
    int64_t ago = 700000;
    zsock_t *client = agent(s, SITE_UNIT);
    sessions_each(s->intake->sessions, make_old, &ago);
    s->intake->ticked = 0;
    intake_turn(s->intake, 0);
    assert_int_equal(sessions_count(s->intake->sessions), 0);
    assert_int_equal(s->intake->purse.granted, 0);
    zsock_destroy(&client);
}

static credit_t hello_credit(site_t *s, zsock_t *client) {
    site_say(client, CMD_HELLO, NULL, 0,
             "{'v':1,'program':'t','outbox':'" SITE_OUTBOX "','next':1,'clock':1}");
    frame_t f = site_hear(s, client, CMD_WELCOME);
    credit_t credit = credit_read(json_object_get(f.header, "credit"));
    frame_free(&f);
    return credit;
}

/* The smallest window is lent: it takes nothing out of the purse until something is sent. */
static void test_intake_lends_the_smallest_window(void **state) {
    site_t *s = *state;
    zsock_t *first = site_client(s, SITE_UNIT), *second = site_client(s, SITE_UPPER);
    s->intake->purse.cap = 65536;
    assert_int_equal(hello_credit(s, first).bytes, DOCUMENT_MAX + 1);
    assert_int_equal(hello_credit(s, second).bytes, DOCUMENT_MAX + 1);
    assert_int_equal(s->intake->purse.granted, 0);
    zsock_destroy(&second);
    zsock_destroy(&first);
}

/* A larger one is set aside, and lapses where it is not used and others need the room. */
static void test_intake_lets_large_windows_lapse_that_nobody_uses(void **state) {
    site_t *s = *state;
    int64_t ago = 2000;
    session_t *session = NULL;
    zsock_t *first = agent(s, SITE_UNIT), *second = site_client(s, SITE_UPPER);
    char *doc = site_document(NULL, 1, "BD.02", "BD.02");
    sessions_each(s->intake->sessions, take_session, &session);
    session->want = 1 << 20;
    s->intake->purse.cap = 2 << 20;
    assert_int_equal(intake_credit(s->intake, session).bytes, 1 << 20);
    assert_int_equal(s->intake->purse.granted, 1 << 20);
    s->intake->purse.cap = 1 << 20;
    assert_int_equal(hello_credit(s, second).documents, 0);
    sessions_each(s->intake->sessions, make_old, &ago);
    s->intake->lapsed = 0;
    assert_int_equal(hello_credit(s, second).bytes, DOCUMENT_MAX + 1);
    assert_int_equal(s->intake->purse.granted, 0);
    assert_int_equal(site_send(s, first, doc).verdict, VERDICT_STORED); /* there is room all the same */
    free(doc);
    zsock_destroy(&second);
    zsock_destroy(&first);
}

#define test(f) cmocka_unit_test_setup_teardown(f, site_setup, site_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_intake_answers_later_beyond_the_window),
        test(test_intake_takes_the_largest_document_in_the_smallest_window),
        test(test_intake_gives_back_what_it_took_in),
        test(test_intake_purse_is_whole_again_when_all_is_answered),
        test(test_intake_answers_a_little_later_where_most_is_refused),
        test(test_intake_ends_sessions_nobody_uses),
        test(test_intake_lends_the_smallest_window),
        test(test_intake_lets_large_windows_lapse_that_nobody_uses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
