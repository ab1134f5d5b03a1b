/* SPDX-License-Identifier: MPL-2.0 */
/* Tests of proto/base/ctl.h. */
#include "proto/base/ctl.h"

#include <poll.h>
#include <pthread.h>
#include <sys/stat.h>

#include "proto/base/file.h"
#include "proto/base/mem.h"
#include "tests/support.h"

/* A program that answers COUNT requests with "got " and the request; COUNT 0: it takes one, and ends
 * without an answer. */
typedef struct {
    zsock_t *ctl;
    int count;
    pthread_t thread;
} server_t;

static char *take(zsock_t *ctl, zframe_t **from) {
    char *request = NULL;
    WAIT_UNTIL(request != NULL || (request = ctl_take(ctl, from)) != NULL, 10000);
    return request;
}

static void *serve(void *arg) {
    server_t *s = arg;
    zframe_t *from = NULL;
    for (int i = 0; i < s->count || s->count == 0; i++) {
        char *request = take(s->ctl, &from);
        if (request == NULL || s->count == 0) {
            free(request);
            zframe_destroy(&from);
            break;
        }
        char *reply = mem_printf("got %s", request);
        ctl_answer(s->ctl, &from, reply);
        free(reply);
        free(request);
    }
    zsock_destroy(&s->ctl);
    return NULL;
}

static void start(server_t *s, const char *dir, int count) {
    refusal_t why = {0};
    s->count = count;
    s->ctl = ctl_listen(dir, &why);
    if (s->ctl == NULL) fail_msg("%s", why.en);
    assert_int_equal(pthread_create(&s->thread, NULL, serve, s), 0);
}

static void asks(const char *dir) {
    server_t s;
    assert_false(ctl_listening(dir));
    start(&s, dir, 2);
    assert_true(ctl_listening(dir));
    for (int i = 0; i < 2; i++) {
        int ended;
        char *reply = ctl_ask(dir, "{\"argv\":[\"đơn vị\"]}", 10000, &ended);
        assert_non_null(reply);
        assert_false(ended);
        assert_string_equal(reply, "got {\"argv\":[\"đơn vị\"]}");
        free(reply);
    }
    pthread_join(s.thread, NULL);
    assert_true(WAIT_UNTIL(!ctl_listening(dir), 10000)); /* libzmq closes behind our back */
}

static void test_ctl_carries_request_and_reply(void **state) {
    asks(*state);
}

static void test_ctl_reaches_a_directory_with_a_long_name(void **state) {
    char *dir = mem_str(*state);
    for (int i = 0; i < 3; i++) {
        char *longer = mem_printf("%s/a-name-of-sixty-characters-since-paths-of-data-may-be-that-long", dir);
        free(dir);
        dir = longer;
    }
    assert_true(strlen(dir) > 200);
    assert_int_equal(file_mkdir(dir, 0700, NULL), 0);
    asks(dir);
    asks(dir); /* the socket file of the first time is in the way */
    free(dir);
}

static void test_ctl_reaches_a_relative_directory(void **state) {
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(*state), 0);
    assert_int_equal(mkdir("@data", 0700), 0);
    asks("@data");
    asks(".");
    assert_int_equal(chdir(before), 0);
}

static void test_ctl_keeps_others_out(void **state) {
    char *run = dir_path(state, "run");
    assert_int_equal(mkdir(run, 0755), 0);
    zsock_t *ctl = ctl_listen(*state, NULL);
    struct stat st;
    assert_int_equal(stat(run, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    zsock_destroy(&ctl);
    free(run);
}

static void test_ctl_listens_again_after_a_kill(void **state) {
    char *path = dir_path(state, "run/ctl");
    zsock_t *ctl = ctl_listen(*state, NULL);
    zsock_destroy(&ctl);
    assert_int_equal(file_write(path, "left over", 9, 0600, NULL), 0);
    assert_false(ctl_listening(*state));
    asks(*state);
    free(path);
}

static void test_ctl_ask_gives_up_in_time(void **state) {
    int ended;
    assert_null(ctl_ask(*state, "x", 50, &ended)); /* nobody there */
    assert_true(ended);
    zsock_t *ctl = ctl_listen(*state, NULL);
    assert_null(ctl_ask(*state, "x", 50, &ended)); /* somebody who does not answer */
    assert_false(ended);
    zsock_destroy(&ctl);
}

static void *give_back(void *arg) {
    poll(NULL, 0, 200); /* a short command: the pause between taking and giving back is what is waited out */
    close(*(int *)arg);
    return NULL;
}

static void test_ctl_lock_waits_for_a_short_command(void **state) {
    refusal_t why = {0};
    pthread_t thread;
    int held = file_lock_dir(*state, &why);
    assert_true(held >= 0);
    assert_int_equal(pthread_create(&thread, NULL, give_back, &held), 0);
    int lock = ctl_lock(*state, &why);
    assert_true(lock >= 0);
    pthread_join(thread, NULL);
    zsock_t *ctl = ctl_listen(*state, &why);
    assert_int_equal(ctl_lock(*state, &why), -1); /* a program runs: at once */
    assert_string_equal(why.code, "dir-locked");
    zsock_destroy(&ctl);
    close(lock);
    assert_int_equal(ctl_lock("/nowhere/at/all", &why), -1);
    assert_string_equal(why.code, "dir-missing");
}

static void test_ctl_ask_sees_the_program_end(void **state) {
    server_t s;
    start(&s, *state, 0);
    int ended;
    assert_null(ctl_ask(*state, "x", 600000, &ended)); /* far less than this test may take */
    assert_true(ended);
    pthread_join(s.thread, NULL);
}

static void test_ctl_drops_what_is_no_request(void **state) {
    zsock_t *ctl = ctl_listen(*state, NULL);
    char *path = dir_path(state, "run/ctl");
    zsock_t *dealer = zsock_new(ZMQ_DEALER);
    assert_int_equal(zsock_connect(dealer, "ipc://%s", path), 0);
    zstr_send(dealer, "one frame");
    zstr_sendx(dealer, "not empty", "request", NULL);
    zstr_sendx(dealer, "", "a", "b", NULL);
    zstr_sendx(dealer, "", "right", NULL);
    zframe_t *from = NULL;
    char *request = take(ctl, &from);
    assert_non_null(request);
    assert_string_equal(request, "right");
    assert_non_null(from);
    free(request);
    zsock_destroy(&dealer);
    ctl_answer(ctl, &from, "nobody hears this"); /* neither waits nor fails */
    assert_null(from);
    zsock_destroy(&ctl);
    free(path);
}

static void test_ctl_listen_refuses_without_a_directory(void **state) {
    refusal_t why = {0};
    char *file = dir_path(state, "file");
    assert_int_equal(file_write(file, "x", 1, 0600, NULL), 0);
    assert_null(ctl_listen(file, &why));
    assert_string_not_equal(why.code, "");
    free(file);
}

static void test_ctl_listen_refuses_where_it_cannot_bind(void **state) {
    refusal_t why = {0};
    char *path = dir_path(state, "run/ctl/in-the-way");
    assert_int_equal(file_mkdir(path, 0700, NULL), 0);
    assert_null(ctl_listen(*state, &why));
    assert_string_equal(why.code, "ctl-failed");
    free(path);
}

static void test_ctl_carries_large_requests(void **state) {
    server_t s;
    start(&s, *state, 1);
    char *large = mem_alloc(20000001);
    memset(large, 'x', 20000000);
    int ended;
    char *reply = ctl_ask(*state, large, 60000, &ended);
    assert_non_null(reply);
    assert_int_equal(strlen(reply), 20000004);
    pthread_join(s.thread, NULL);
    free(reply);
    free(large);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_ctl_carries_request_and_reply),
        IN_DIR(test_ctl_reaches_a_directory_with_a_long_name),
        IN_DIR(test_ctl_reaches_a_relative_directory),
        IN_DIR(test_ctl_keeps_others_out),
        IN_DIR(test_ctl_listens_again_after_a_kill),
        IN_DIR(test_ctl_ask_gives_up_in_time),
        IN_DIR(test_ctl_lock_waits_for_a_short_command),
        IN_DIR(test_ctl_ask_sees_the_program_end),
        IN_DIR(test_ctl_drops_what_is_no_request),
        IN_DIR(test_ctl_listen_refuses_without_a_directory),
        IN_DIR(test_ctl_listen_refuses_where_it_cannot_bind),
        IN_DIR(test_ctl_carries_large_requests),
    };
    return RUN(tests);
}
