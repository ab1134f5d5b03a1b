/* SPDX-License-Identifier: MPL-2.0 */
/* Decisions: on disk before they are sent, gone only when they were answered. */
#include "aggregator/decision.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/line.h"
#include "tests/aggregator/fake_collector.h"
#include "tests/support.h"

static void keep(const char *dir, const char *choice, char uuid[static UUID_TEXT]) {
    char text[UUID_TEXT];
    refusal_t why = {0};
    cursor_t at = {.log = "0123456789abcdef0123456789abcdef", .position = 42};
    json_t *body = json_pack("{ss ss}", "aggregate", kit_id("g1", text), "choice", choice);
    assert_int_equal(decision_keep(dir, "overlap", body, "Nguyễn Văn A", &at, uuid, &why), 0);
    json_decref(body);
}

static int answer(const char *dir, const char *uuid, const char *rest, refusal_t *why) {
    char whose[UUID_TEXT], *text = mem_printf("{\"uuid\":\"%s\",%s}", uuid, rest);
    json_t *j = json_loads(text, 0, NULL);
    int rc = decision_answered(dir, j, whose, why);
    json_decref(j);
    free(text);
    return rc;
}

static void test_decision_is_kept_until_it_is_answered(void **state) {
    const char *dir = *state;
    char one[UUID_TEXT], two[UUID_TEXT];
    refusal_t why = {0};
    assert_int_equal(decision_count(dir), 0);
    keep(dir, "own", one);
    keep(dir, "aggregate", two);
    assert_string_not_equal(one, two);
    assert_int_equal(decision_count(dir), 2);
    assert_int_equal(
        answer(dir, one, "\"verdict\":\"later\",\"code\":\"disk-low\",\"vi\":\"x\",\"en\":\"x\"", &why),
        BC_AGAIN);
    assert_int_equal(decision_count(dir), 2);
    assert_int_equal(answer(dir, one, "\"verdict\":\"stored\",\"position\":7", &why), BC_OK);
    assert_int_equal(decision_count(dir), 1);
    assert_int_equal(answer(dir, one, "\"verdict\":\"stored\",\"position\":7", &why),
                     BC_OK); /* again: nothing new */
    assert_int_equal(
        answer(dir, two,
               "\"verdict\":\"refused\",\"code\":\"decision-not-allowed\",\"vi\":\"a\",\"en\":\"b\"", &why),
        BC_REFUSED);
    assert_string_equal(why.code, "decision-not-allowed");
    assert_string_equal(why.en, "b");
    assert_int_equal(decision_count(dir), 0);
    assert_int_equal(answer(dir, "../../etc/x", "\"verdict\":\"stored\"", &why), BC_AGAIN);
}

static void test_decision_is_sent_as_it_was_kept(void **state) {
    const char *dir = *state;
    char uuid[UUID_TEXT];
    refusal_t why = {0};
    fake_t *fake = fake_new();
    peer_t peer = fake_peer(fake);
    keep(dir, "own", uuid);
    line_t *line = line_open(peer.endpoint, &peer.pair, peer.server, &why);
    assert_non_null(line);
    for (int i = 0; i < 2; i++) { /* the same bytes each time */
        assert_int_equal(decision_send(dir, i ? NULL : uuid, line_socket(line)), 1);
        assert_true(fake_expect(fake, CMD_DECISION, NULL, NULL));
        const json_t *h = fake->last.header;
        assert_string_equal(json_text(h, "uuid"), uuid);
        assert_string_equal(json_text(h, "person"), "Nguyễn Văn A");
        assert_int_equal(json_int(h, "position", 0), 42);
        char id[UUID_TEXT], *body = mem_printf("{\"aggregate\":\"%s\",\"choice\":\"own\"}", kit_id("g1", id));
        assert_string_equal(fake->last.body, body);
        free(body);
    }
    line_close(&line);
    fake_free(&fake);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_decision_is_kept_until_it_is_answered),
        IN_DIR(test_decision_is_sent_as_it_was_kept),
    };
    return RUN(tests);
}
