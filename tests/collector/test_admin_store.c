/* SPDX-License-Identifier: MPL-2.0 */
/* test_admin_store.c - making a data directory, copying it, making it again from the copy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "collector/proof.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/keyfile.h"
#include "tests/collector/admin_fixture.h"

static void remove_inner(const char *dir, const char *name) {
    char *path = file_path(dir, name);
    store_remove_dir(path);
    free(path);
}

/* What `init` printed as the spare key, written to a file as the operator would. */
static void spare_from(const char *out, const char *path) {
    const char *at = strstr(out, "baocao-curve-key/1");
    buf_t text = {0};
    refusal_t why = {0};
    assert_non_null(at);
    for (int lines = 0; lines < 3; lines++) {
        size_t n = strcspn(at, "\n");
        buf_add(&text, at, n);
        buf_puts(&text, "\n");
        at += n + 1;
        at += strspn(at, " ");
    }
    assert_int_equal(file_write(path, text.data, text.len, 0600, &why), 0);
    buf_free(&text);
}

static void test_admin_store_init_makes_keys_and_prints_the_spare_once(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    char *dir = file_path(c->store.dir, "fresh"), *path = file_path(dir, "server.key");
    assert_int_equal(console_alone_in(c, dir, admin_init, NULL), 0);
    curve_pair_t server, spare;
    assert_int_equal(curve_pair_load(path, &server, &why), 0);
    free(path);
    struct stat st;
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);

    path = file_path(c->store.dir, "spare.key");
    spare_from(c->out, path);
    assert_int_equal(curve_pair_load(path, &spare, &why), 0); /* what was printed is a whole key file */
    free(path);
    buf_t public_ = {0}, secret = {0};
    char hex[65];
    path = file_path(dir, "successor.pub");
    assert_int_equal(file_read(path, 200, &public_, &why), 0);
    assert_memory_equal(public_.data, hex_write(spare.public_, 32, hex), 64);
    free(path);
    path = file_path(dir, "sign.key");
    assert_int_equal(file_read(path, 400, &secret, &why), 0);
    assert_null(strstr(secret.data, hex_write(spare.secret, 32, hex)));
    free(path);
    buf_free(&public_);
    buf_free(&secret);

    assert_int_equal(console_alone_in(c, dir, admin_init, NULL), 65);
    assert_non_null(strstr(c->err, "dir-taken"));
    remove_inner(c->store.dir, "fresh");
    free(dir);
}

static void test_admin_store_restore_gives_a_new_log_that_names_its_ancestor(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    char *copy = file_path(c->store.dir, "copy"), *again = file_path(c->store.dir, "again");
    incoming_t in = store_incoming("a", 1, "{\"x\":1}"), later = store_incoming("b", 1, "{\"x\":1}");
    outcome_t before = store_put(&c->store, &in);
    assert_int_equal(console_alone(c, admin_backup, copy, NULL), 0); /* while the writer is open */
    store_put(&c->store, &later);
    assert_int_equal(console_alone_in(c, again, admin_restore, copy, NULL), 0);

    head_t old, new;
    queue_t *queue = queue_open(again, &why);
    assert_non_null(queue);
    assert_int_equal(queue_head(c->store.queue, &old), 0);
    assert_int_equal(queue_head(queue, &new), 0);
    assert_string_not_equal(old.log, new.log);
    assert_int_equal(new.position, 3); /* the first, the document, the restore */
    proof_t proof;
    assert_int_equal(proof_of(queue, &proof, &why), 0);
    outcome_t out;
    assert_int_equal(queue_begin(queue), 0);
    assert_int_equal(queue_document(queue, &in, &out), 0);
    assert_string_equal(out.line, before.line); /* the receipt of the first life holds */
    assert_int_equal(queue_document(queue, &later, &out), 0);
    assert_int_equal(out.fresh, 1); /* what was lost is taken again */
    queue_rollback(queue);
    queue_close(&queue);
    remove_inner(c->store.dir, "copy");
    remove_inner(c->store.dir, "again");
    free(copy);
    free(again);
}

/* A restore that was killed leaves its copy with a WAL. Played into the next copy it would spoil both. */
static void test_admin_store_restore_forgets_an_attempt_that_was_cut_off(void **state) {
    console_t *c = *state;
    refusal_t why = {0};
    char *copy = file_path(c->store.dir, "copy"), *again = file_path(c->store.dir, "again");
    char *beside = file_path(again, "restoring"), *command;
    incoming_t in = store_incoming("a", 1, "{\"x\":1}");
    assert_int_equal(console_alone(c, admin_backup, copy, NULL), 0);
    assert_int_equal(file_mkdir(again, 0700, &why), 0);
    assert_int_equal(file_mkdir(beside, 0700, &why), 0);
    store_put(&c->store, &in); /* makes a WAL, which is copied as a killed restore would leave one */
    command = mem_printf("cp %s/queue.db* %s/", c->store.dir, beside);
    assert_int_equal(system(command), 0);
    assert_int_equal(console_alone_in(c, again, admin_restore, copy, NULL), 0);
    queue_t *queue = queue_open(again, &why);
    assert_non_null(queue);
    proof_t proof;
    assert_int_equal(proof_of(queue, &proof, &why), 0);
    assert_int_equal(proof.position, 2); /* the first, the restore; and not the document of the other copy */
    queue_close(&queue);
    remove_inner(c->store.dir, "copy");
    remove_inner(c->store.dir, "again");
    free(command);
    free(beside);
    free(again);
    free(copy);
}

static void test_admin_store_backup_and_restore_never_overwrite(void **state) {
    console_t *c = *state;
    char *copy = file_path(c->store.dir, "copy");
    assert_int_equal(console_alone(c, admin_backup, copy, NULL), 0);
    assert_int_equal(console_alone(c, admin_backup, copy, NULL), 65);
    assert_non_null(strstr(c->err, "dir-taken"));
    assert_int_equal(console_alone(c, admin_restore, copy, NULL), 65); /* a store is there */
    assert_non_null(strstr(c->err, "dir-taken"));
    remove_inner(c->store.dir, "copy");
    free(copy);
}

static void test_admin_store_restore_refuses_a_broken_backup(void **state) {
    console_t *c = *state;
    char *copy = file_path(c->store.dir, "copy"), *again = file_path(c->store.dir, "again");
    char *made = file_path(again, "queue.db");
    incoming_t in = store_incoming("a", 1, "{\"x\":1}");
    store_put(&c->store, &in);
    store_damage(&c->store, "UPDATE entry SET body=CAST('{\"x\":2}' AS BLOB) WHERE position=2");
    assert_int_equal(console_alone(c, admin_backup, copy, NULL), 0);
    assert_int_equal(console_alone_in(c, again, admin_restore, copy, NULL), 65);
    assert_non_null(strstr(c->err, "log-broken"));
    assert_false(file_exists(made));
    assert_int_equal(console_alone_in(c, again, admin_restore, "/nowhere", NULL), 65);
    assert_non_null(strstr(c->err, "queue-missing"));
    remove_inner(c->store.dir, "copy");
    remove_inner(c->store.dir, "again");
    free(made);
    free(copy);
    free(again);
}

#define test(f) cmocka_unit_test_setup_teardown(f, console_setup, console_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        test(test_admin_store_init_makes_keys_and_prints_the_spare_once),
        test(test_admin_store_restore_gives_a_new_log_that_names_its_ancestor),
        test(test_admin_store_restore_forgets_an_attempt_that_was_cut_off),
        test(test_admin_store_backup_and_restore_never_overwrite),
        test(test_admin_store_restore_refuses_a_broken_backup),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
