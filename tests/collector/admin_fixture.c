/* SPDX-License-Identifier: MPL-2.0 */
/* admin_fixture.c - runs verbs by the same road as the running collector does: a request, served on a
 * store. */
#include "tests/collector/admin_fixture.h"

#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/keyfile.h"

static void make_keys(const char *dir) {
    curve_pair_t server, spare;
    refusal_t why = {0};
    char *path = file_path(dir, "server.key"), hex[65];
    curve_pair_make(&server);
    curve_pair_make(&spare);
    assert_int_equal(curve_pair_save(path, &server, &why), 0);
    free(path);
    path = file_path(dir, "sign.key");
    sign_pair_t sign;
    sign_pair_make(&sign);
    assert_int_equal(sign_pair_save(path, &sign, &why), 0);
    free(path);
    path = file_path(dir, "successor.pub");
    assert_int_equal(file_write(path, hex_write(spare.public_, 32, hex), 64, 0600, &why), 0);
    free(path);
}

int console_setup(void **state) {
    void *store;
    refusal_t why = {0};
    console_t *c = mem_alloc(sizeof *c);
    setenv("BAOCAO_PUBLIC_HOST", "collector.example", 1);
    assert_int_equal(store_setup(&store), 0);
    c->store = *(store_t *)store;
    free(store);
    make_keys(c->store.dir);
    c->conf = conf_load(NULL, admin_program.keys, &why);
    assert_non_null(c->conf);
    c->admin = (admin_t){.queue = c->store.queue, .dir = c->store.dir};
    *state = c;
    return 0;
}

static void forget(console_t *c) {
    free(c->out);
    free(c->err);
    json_decref(c->files);
    c->out = c->err = NULL;
    c->files = NULL;
}

int console_teardown(void **state) {
    console_t *c = *state;
    store_t *store = mem_alloc(sizeof *store);
    void *as_state = store;
    *store = c->store;
    forget(c);
    conf_free(&c->conf);
    free(c);
    return store_teardown(&as_state);
}

/* As base/request.h has it. */
static json_t *request_of(const console_t *c, const char *input, va_list words) {
    json_t *argv = json_array();
    json_array_append_new(argv, json_sprintf("--dir=%s", c->store.dir));
    json_array_append_new(argv, json_string("--lang=en"));
    for (const char *word; (word = va_arg(words, const char *));)
        json_array_append_new(argv, json_string(word));
    json_t *request = json_pack("{so ss ss}", "argv", argv, "cwd", "/tmp", "person", "Nguyễn Văn A");
    if (input) {
        size_t n = strlen(input), room = sodium_base64_ENCODED_LEN(n, sodium_base64_VARIANT_ORIGINAL);
        char *text = mem_alloc(room);
        sodium_bin2base64(text, room, (const unsigned char *)input, n, sodium_base64_VARIANT_ORIGINAL);
        json_object_set_new(request, "input", json_string(text));
        free(text);
    }
    return request;
}

int console_run(console_t *c, const char *input, ...) {
    va_list words;
    va_start(words, input);
    json_t *request = request_of(c, input, words);
    va_end(words);
    forget(c);
    char *text = json_canonical(request);
    char *reply = program_serve(&admin_program, &c->admin, c->conf, text);
    json_t *j = json_loads(reply, 0, NULL);
    c->out = mem_str(json_text(j, "out"));
    c->err = mem_str(json_text(j, "err"));
    c->files = json_incref(json_object_get(j, "files"));
    int status = (int)json_int(j, "exit", -1);
    json_decref(j);
    json_decref(request);
    free(reply);
    free(text);
    return status;
}

static int alone(console_t *c, const char *dir, admin_run_fn *run, va_list words) {
    args_t *args = mem_alloc(sizeof *args);
    size_t out_len, err_len;
    forget(c);
    io_t io = {
        .out = open_memstream(&c->out, &out_len), .err = open_memstream(&c->err, &err_len), .lang = LANG_EN};
    args->dir = dir;
    args->cwd = "/tmp";
    args->person = "Nguyễn Văn A";
    for (const char *word; (word = va_arg(words, const char *));)
        args->argv[args->argc++] = word;
    int status = run(NULL, args, c->conf, &io);
    fclose(io.out);
    fclose(io.err);
    io_clear(&io);
    free(args);
    return status;
}

int console_alone(console_t *c, admin_run_fn *run, ...) {
    va_list words;
    va_start(words, run);
    int status = alone(c, c->store.dir, run, words);
    va_end(words);
    return status;
}

int console_alone_in(console_t *c, const char *dir, admin_run_fn *run, ...) {
    va_list words;
    va_start(words, run);
    int status = alone(c, dir, run, words);
    va_end(words);
    return status;
}

void console_units(console_t *c) {
    int status = console_run(c,
                             "code;name;kind;parent;opened;expected;phone\n"
                             "BD.01.1;CĐCS Công ty Ví dụ Một;grassroots;BD.01;01/01/2020;x;\n"
                             "BD.01.2;CĐCS Công ty Ví dụ Hai;grassroots;BD.01;01/01/2020;x;\n"
                             "BD.01;Công đoàn cấp trên Ví dụ;upper-level;BD;01/01/2020;x;\n"
                             "BD.02;Đơn vị phối hợp Ví dụ;coordinating;BD;01/01/2020;;\n"
                             "BD;Liên đoàn Ví dụ;federation;;01/01/2020;;0900 000 001\n",
                             "unit", "import", "-", NULL);
    if (status) print_error("%s%s\n", c->out, c->err);
    assert_int_equal(status, 0);
}

typedef struct {
    const char *kind;
    int count;
    json_t *newest;
} count_t;

static int count_kind(void *arg, const queue_entry_t *entry) {
    count_t *count = arg;
    json_t *header = json_loadb(entry->header, entry->header_len, 0, NULL);
    if (!strcmp(json_text(header, "kind"), count->kind)) {
        count->count++;
        json_decref(count->newest);
        count->newest = json_loadb(entry->body, entry->body_len, 0, NULL);
    }
    json_decref(header);
    return 0;
}

int console_entries(console_t *c, const char *kind) {
    count_t count = {.kind = kind};
    refusal_t why = {0};
    assert_int_equal(queue_walk(c->store.queue, 0, count_kind, &count, &why), 0);
    json_decref(count.newest);
    return count.count;
}

json_t *console_newest(console_t *c, const char *kind) {
    count_t count = {.kind = kind};
    refusal_t why = {0};
    assert_int_equal(queue_walk(c->store.queue, 0, count_kind, &count, &why), 0);
    return count.newest;
}
