/* SPDX-License-Identifier: MPL-2.0 */
/* test_enrol.c - from a code to a computer that is known. */
#include "agent/enrol.h"

#include <dirent.h>
#include <pthread.h>

#include "proto/base/clock.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/base/sock.h"
#include "proto/frame.h"
#include "proto/keyfile.h"
#include "tests/support.h"

/* A collector that answers each ENROL with the next of its answers, and notes the keys that asked. */
typedef struct {
    zsock_t *sock;
    curve_pair_t pair;
    code_t code;
    const char *const *answers;
    pthread_t thread;
    int asked;
} port_t;

static void *serve(void *arg) {
    port_t *p = arg;
    int64_t end = clock_mono_ms() + 10000;
    while (p->answers[p->asked] && clock_mono_ms() < end) {
        frame_t f;
        refusal_t why;
        zmq_pollitem_t item = {.socket = zsock_resolve(p->sock), .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, 100);
        if (frame_take(p->sock, 1, &f, &why)) continue;
        frame_send_text(p->sock, f.from, CMD_ENROLLED, p->answers[p->asked++], "", 0);
        frame_free(&f);
    }
    return NULL;
}

static void open_port(port_t *p, const char *const *answers) {
    refusal_t why = {0};
    *p = (port_t){.answers = answers};
    curve_pair_make(&p->pair);
    p->sock = sock_server("tcp://127.0.0.1:*", p->pair.secret, p->pair.public_, "enrol", &why);
    assert_non_null(p->sock);
    memcpy(p->code.server, p->pair.public_, 32);
    memset(p->code.successor, 7, 32);
    memset(p->code.token, 9, 16);
    p->code.expires = 40000;
    snprintf(p->code.endpoint, sizeof p->code.endpoint, "127.0.0.1:%d", sock_port(p->sock));
    assert_int_equal(pthread_create(&p->thread, NULL, serve, p), 0);
}

static void close_port(port_t *p) {
    pthread_join(p->thread, NULL);
    zsock_destroy(&p->sock);
}

static agent_t open_agent(void **state) {
    refusal_t why = {0};
    agent_t agent = {.dir = *state, .outbox = outbox_open(*state, &why)};
    assert_non_null(agent.outbox);
    return agent;
}

static int key_files(const char *dir) {
    int n = 0;
    DIR *d = opendir(dir);
    for (struct dirent *e = readdir(d); e; e = readdir(d))
        n += strstr(e->d_name, ".key") != NULL;
    closedir(d);
    return n;
}

#define GOOD                                                                    \
    "{\"unit\":\"BD.01\",\"name\":\"Công đoàn Ví "                          \
    "dụ\",\"role\":\"agent\",\"key\":3,\"port\":5670,\"sign\":\"x\",\"log\":" \
    "\"y\",\"now\":1}"
#define REFUSED "{\"refused\":{\"code\":\"code-used\",\"vi\":\"Mã đã dùng.\",\"en\":\"The code was used.\"}}"

static void test_enrol_keeps_what_it_was_told(void **state) {
    static const char *const answers[] = {GOOD, GOOD, NULL};
    port_t port;
    refusal_t why = {0};
    open_port(&port, answers);
    agent_t agent = open_agent(state);
    assert_int_equal(enrol_join(&agent, &port.code, "máy ví dụ", 5000, &why), 0);
    char *unit = outbox_fact(agent.outbox, "unit"), *endpoint = outbox_fact(agent.outbox, "endpoint");
    assert_string_equal(unit, "BD.01");
    assert_string_equal(endpoint, "tcp://127.0.0.1:5670");
    assert_int_equal(outbox_fact_int(agent.outbox, "key", 0), 3);
    assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), 0); /* the same code: the same key */
    assert_int_equal(key_files(*state), 1);
    free(unit);
    free(endpoint);
    close_port(&port);
    outbox_close(&agent.outbox);
}

static int joins_in_vain(agent_t *agent, const port_t *port, const char *code) {
    refusal_t why = {0};
    return enrol_join(agent, &port->code, NULL, 300, &why) == BC_AGAIN && strcmp(why.code, code) == 0;
}

/* How far a try gets, and when the kernel lets go of a closed port, is not ours to say: tried again. */
static void test_enrol_cut_off_keeps_its_key(void **state) {
    static const char *const none[] = {NULL};
    port_t port;
    open_port(&port, none);
    agent_t agent = open_agent(state);
    assert_true(WAIT_UNTIL(joins_in_vain(&agent, &port, "collector-silent"), 40));
    assert_int_equal(key_files(*state), 1);
    assert_null(outbox_fact(agent.outbox, "unit"));
    zsock_destroy(&port.sock);
    assert_true(WAIT_UNTIL(joins_in_vain(&agent, &port, "collector-unreachable"), 40));
    assert_int_equal(key_files(*state), 1);
    close_port(&port);
    outbox_close(&agent.outbox);
}

static void test_enrol_passes_refusals_on(void **state) {
    static const char *const answers[] = {
        REFUSED, "{\"unit\":\"BD.01\",\"name\":\"x\",\"role\":\"consumer\",\"port\":1,\"sign\":\"x\"}",
        "{\"unit\":3}", NULL};
    static const char *const codes[] = {"code-used", "code-role", "collector-nonsense"};
    port_t port;
    open_port(&port, answers);
    agent_t agent = open_agent(state);
    for (int i = 0; i < 3; i++) {
        refusal_t why = {0};
        assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), BC_REFUSED);
        assert_string_equal(why.code, codes[i]);
    }
    assert_null(outbox_fact(agent.outbox, "unit"));
    close_port(&port);
    outbox_close(&agent.outbox);
}

static void test_enrol_tries_the_second_key_of_the_server(void **state) {
    static const char *const answers[] = {GOOD, NULL};
    port_t port;
    refusal_t why = {0};
    char hex[65];
    open_port(&port, answers);
    memcpy(port.code.successor, port.pair.public_, 32);
    curve_pair_t lost;
    curve_pair_make(&lost);
    memcpy(port.code.server, lost.public_, 32);
    agent_t agent = open_agent(state);
    assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), 0);
    char *server = outbox_fact(agent.outbox, "server");
    assert_string_equal(server, hex_write(port.pair.public_, 32, hex));
    free(server);
    close_port(&port);
    outbox_close(&agent.outbox);
}

static void test_enrol_another_servers_key_is_named(void **state) {
    static const char *const none[] = {NULL};
    port_t port;
    refusal_t why = {0};
    open_port(&port, none);
    curve_pair_t lost;
    curve_pair_make(&lost);
    memcpy(port.code.server, lost.public_, 32);
    memcpy(port.code.successor, lost.public_, 32);
    agent_t agent = open_agent(state);
    assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), BC_AGAIN);
    assert_string_equal(why.code, "server-key-wrong");
    close_port(&port);
    outbox_close(&agent.outbox);
}

static void test_enrol_second_code_gets_its_own_key(void **state) {
    static const char *const answers[] = {GOOD, GOOD, NULL};
    port_t port;
    refusal_t why = {0};
    open_port(&port, answers);
    agent_t agent = open_agent(state);
    assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), 0);
    char *first = outbox_fact(agent.outbox, "key_file");
    port.code.token[0]++; /* handover */
    assert_int_equal(enrol_join(&agent, &port.code, NULL, 5000, &why), 0);
    char *second = outbox_fact(agent.outbox, "key_file");
    assert_string_not_equal(first, second);
    assert_int_equal(key_files(*state), 1); /* the old secret is gone */
    free(first);
    free(second);
    close_port(&port);
    outbox_close(&agent.outbox);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_enrol_keeps_what_it_was_told),
        IN_DIR(test_enrol_cut_off_keeps_its_key),
        IN_DIR(test_enrol_passes_refusals_on),
        IN_DIR(test_enrol_tries_the_second_key_of_the_server),
        IN_DIR(test_enrol_another_servers_key_is_named),
        IN_DIR(test_enrol_second_code_gets_its_own_key),
    };
    return RUN(tests);
}
