/* SPDX-License-Identifier: MPL-2.0 */
/* Enrolment: the key is on disk before anything is asked, and the same code again is harmless. */
#include <pthread.h>
#include <sys/stat.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/code.h"
#include "tests/aggregator/fake_collector.h"
#include "tests/support.h"

static char *code_for(const fake_t *fake, uint8_t token, const uint8_t server[static 32]) {
    code_t code = {.expires = 20087};
    buf_t text = {0};
    memcpy(code.server, server, 32);
    memset(code.successor, 7, 32);
    memset(code.token, token, sizeof code.token);
    snprintf(code.endpoint, sizeof code.endpoint, "127.0.0.1:%d", fake->port);
    code_write(&code, 0, &text);
    return text.data;
}

typedef struct {
    fake_t *fake;
    const char *answer; /* "%d" is the port */
    int asked;
    char token[33];
} clerk_t;

/* The collector's side runs beside peer_join, which waits. */
static void *serve(void *arg) {
    clerk_t *clerk = arg;
    clerk->asked = fake_expect(clerk->fake, CMD_ENROL, NULL, NULL);
    if (!clerk->asked) return NULL;
    snprintf(clerk->token, sizeof clerk->token, "%s", json_text(clerk->fake->last.header, "token"));
    fake_say(clerk->fake, CMD_ENROLLED, clerk->answer, "", 0);
    return NULL;
}

static int join(const char *dir, clerk_t *clerk, uint8_t token, peer_t *peer, refusal_t *why) {
    pthread_t thread;
    char *code = code_for(clerk->fake, token, clerk->fake->pair.public_);
    assert_int_equal(pthread_create(&thread, NULL, serve, clerk), 0);
    int rc = peer_join(dir, code, "máy một", 10000, peer, why);
    pthread_join(thread, NULL);
    free(code);
    return rc;
}

static const char taken[] =
    "{\"unit\":\"so-lieu\",\"name\":\"so-lieu\",\"role\":\"consumer\",\"key\":5,\"port\":5670,"
    "\"sign\":\"00\",\"log\":\"x\",\"now\":1}";

static void test_peer_joins_and_is_remembered(void **state) {
    const char *dir = *state;
    clerk_t clerk = {.fake = fake_new(), .answer = taken};
    peer_t peer, again, loaded;
    refusal_t why = {0};
    assert_int_equal(peer_load(dir, &loaded, &why), BC_REFUSED);
    assert_string_equal(why.code, "not-joined");
    assert_int_equal(join(dir, &clerk, 1, &peer, &why), BC_OK);
    assert_string_equal(clerk.token, "01010101010101010101010101010101");
    assert_string_equal(peer.endpoint, "tcp://127.0.0.1:5670");
    assert_int_equal(join(dir, &clerk, 1, &again, &why), BC_OK);
    assert_memory_equal(&peer.pair, &again.pair, sizeof peer.pair); /* the same code, the same key */
    assert_int_equal(peer_load(dir, &loaded, &why), BC_OK);
    assert_memory_equal(&loaded.pair, &peer.pair, sizeof loaded.pair);
    assert_string_equal(loaded.name, "so-lieu");
    assert_int_equal(join(dir, &clerk, 2, &again, &why), BC_OK);
    assert_memory_not_equal(&peer.pair, &again.pair, sizeof peer.pair); /* a new code, a new key */
    struct stat st;
    char *path = dir_path(state, "collector.json");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 077, 0);
    free(path);
    fake_free(&clerk.fake);
}

static void test_peer_is_refused_with_the_collectors_words(void **state) {
    const char *dir = *state;
    clerk_t clerk = {.fake = fake_new(),
                     .answer = "{\"refused\":{\"code\":\"code-used\",\"vi\":\"đã dùng\",\"en\":\"used\"}}"};
    peer_t peer;
    refusal_t why = {0};
    assert_int_equal(join(dir, &clerk, 1, &peer, &why), BC_REFUSED);
    assert_string_equal(why.code, "code-used");
    assert_string_equal(why.vi, "đã dùng");
    clerk.answer = "{\"unit\":\"BD.01\",\"role\":\"agent\",\"port\":5670}";
    assert_int_equal(join(dir, &clerk, 1, &peer, &why), BC_REFUSED);
    assert_string_equal(why.code, "code-role");
    clerk.answer = "{\"unit\":\"so-lieu\",\"role\":\"consumer\",\"port\":99999}";
    assert_int_equal(join(dir, &clerk, 1, &peer, &why), BC_REFUSED);
    assert_string_equal(why.code, "header-bad");
    assert_int_equal(peer_load(dir, &peer, &why), BC_REFUSED); /* nothing was kept of it */
    fake_free(&clerk.fake);
}

static void test_peer_says_what_is_wrong_with_the_line(void **state) {
    const char *dir = *state;
    fake_t *fake = fake_new();
    curve_pair_t other;
    peer_t peer;
    refusal_t why = {0};
    curve_pair_make(&other);
    char *code = code_for(fake, 1, other.public_);
    assert_int_equal(peer_join(dir, code, "x", 3000, &peer, &why), BC_AGAIN);
    assert_string_equal(why.code, "server-key-wrong");
    free(code);
    fake->port = 9; /* nobody listens there */
    code = code_for(fake, 1, fake->pair.public_);
    assert_int_equal(peer_join(dir, code, "x", 3000, &peer, &why), BC_AGAIN);
    assert_string_equal(why.code, "collector-unreachable");
    assert_int_equal(peer_join(dir, "ABCDE", "x", 3000, &peer, &why), BC_REFUSED);
    assert_string_equal(why.code, "code-bad");
    free(code);
    fake_free(&fake);
}

static void test_peer_notices_a_damaged_file(void **state) {
    char *path = dir_path(state, "collector.json");
    FILE *f = fopen(path, "w");
    fputs("{\"name\":\"x\",\"key\":\"../../x\"}", f);
    fclose(f);
    peer_t peer;
    refusal_t why = {0};
    assert_int_equal(peer_load(*state, &peer, &why), BC_REFUSED);
    assert_string_equal(why.code, "peer-bad");
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_peer_joins_and_is_remembered),
        IN_DIR(test_peer_is_refused_with_the_collectors_words),
        IN_DIR(test_peer_says_what_is_wrong_with_the_line),
        IN_DIR(test_peer_notices_a_damaged_file),
    };
    return RUN(tests);
}
