/* SPDX-License-Identifier: MPL-2.0 */
/* The drop folder: what is taken, when, where it goes, and that a crash in between counts nothing twice. */
#include "agent/door.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

#define HEADS "Ngày;Hình thức;sessions;attendances\n"
#define GOOD HEADS "7/11/2024;F1;1;5\n8/11/2024;F1;1;6\n"

typedef struct {
    agent_t *agent;
    door_t *door;
    char *folder;
    int64_t mono; /* our clock */
    int added;    /* in all */
} box_t;

static box_t open_box(void **state) {
    refusal_t why;
    box_t b = {.agent = kit_agent(*state), .folder = dir_path(state, "drop"), .mono = 1000};
    b.door = door_open(b.agent, b.folder, &why);
    assert_non_null(b.door);
    return b;
}

static void close_box(box_t *b) {
    door_close(&b->door);
    kit_close(&b->agent);
    free(b->folder);
}

/* The program ends and starts again. */
static void restart(box_t *b, void **state) {
    close_box(b);
    int64_t mono = b->mono;
    *b = open_box(state);
    b->mono = mono;
}

static void put(const box_t *b, const char *name, const char *text) {
    char *path = file_path(b->folder, name);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
    fclose(f);
    free(path);
}

static int there(const box_t *b, const char *name) {
    char *path = file_path(b->folder, name);
    struct stat st;
    int found = lstat(path, &st) == 0;
    free(path);
    return found;
}

/* The content of a file below the folder holds TEXT. */
static void expect_text(const box_t *b, const char *name, const char *text) {
    char *path = file_path(b->folder, name);
    buf_t content = {0};
    assert_int_equal(file_read(path, 1 << 20, &content, NULL), 0);
    if (!strstr(content.data, text)) fail_msg("%s has no \"%s\":\n%s", name, text, content.data);
    buf_free(&content);
    free(path);
}

/* Calls the door as its owner would, until MS of its clock went by. Nothing here waits. */
static void pass(box_t *b, int64_t ms) {
    for (int64_t end = b->mono + ms;;) {
        int64_t added, wait = door_tick(b->door, b->mono, &added);
        assert_in_range(wait, 0, 60000);
        b->added += (int)added;
        if (b->mono + wait > end) break;
        b->mono += wait;
    }
}

static void test_door_takes_a_table_that_stood_still(void **state) {
    box_t b = open_box(state);
    put(&b, "a.csv", GOOD);
    pass(&b, 0);
    pass(&b, 1999);
    assert_true(there(&b, "a.csv"));
    assert_int_equal(b.added, 0);
    pass(&b, 5000);
    assert_int_equal(b.added, 2);
    assert_int_equal(kit_kept(b.agent), 2);
    assert_false(there(&b, "a.csv"));
    assert_true(there(&b, "taken/a.csv"));
    assert_false(there(&b, "taken/a.csv.reason"));
    close_box(&b);
}

static void test_door_waits_while_a_file_grows(void **state) {
    box_t b = open_box(state);
    char text[4000] = HEADS;
    for (int i = 0; i < 10; i++) {
        snprintf(text + strlen(text), 60, "7/11/2024;F1;1;%d\n", i + 1);
        put(&b, "a.CSV", text);
        pass(&b, 1500);
        assert_int_equal(b.added, 0);
    }
    pass(&b, 6000);
    assert_int_equal(b.added, 10);
    assert_true(there(&b, "taken/a.CSV"));
    close_box(&b);
}

static void test_door_takes_documents_in_json(void **state) {
    box_t b = open_box(state);
    put(&b, "one.json",
        "{\"from\":\"2024-11-07\",\"to\":\"2024-11-07\",\"form\":\"F1\",\n"
        "\"measures\":{\"sessions\":1,\"attendances\":5}}\n");
    put(&b, "two.json",
        "{\"from\":\"2024-11-08\",\"to\":\"2024-11-08\",\"form\":\"F1\",\"measures\":{\"leaflets\":5}}\n"
        "{\"from\":\"2024-11-09\",\"to\":\"2024-11-09\",\"form\":\"F1\",\"measures\":{\"leaflets\":5}}\n");
    pass(&b, 6000);
    assert_int_equal(b.added, 3);
    assert_true(there(&b, "taken/one.json"));
    assert_true(there(&b, "taken/two.json"));
    put(&b, "one.json",
        "{\"from\":\"2024-11-07\",\"to\":\"2024-11-07\",\"form\":\"F1\","
        "\"measures\":{\"attendances\":5,\"sessions\":1}}");
    pass(&b, 6000);
    assert_int_equal(b.added, 3);
    assert_true(there(&b, "taken/one-2.json"));
    close_box(&b);
}

static void test_door_keeps_good_rows_and_names_the_bad(void **state) {
    box_t b = open_box(state);
    put(&b, "a.csv", HEADS "7/11/2024;F1;1;5\n31/02/2025;F1;1;6\n");
    put(&b, "b.json",
        "{\"from\":\"2024-11-07\",\"to\":\"2024-11-07\",\"form\":\"F99\",\"measures\":{\"leaflets\":1}}");
    pass(&b, 6000);
    assert_int_equal(b.added, 1);
    assert_true(there(&b, "refused/a.csv"));
    expect_text(&b, "refused/a.csv.reason", "những gì đúng đã được lưu");
    expect_text(&b, "refused/a.csv.reason", "Dòng 3, cột A (Ngày): ");
    expect_text(&b, "refused/a.csv.reason", "Row 3, column A (Ngày): ");
    assert_true(there(&b, "refused/b.json"));
    expect_text(&b, "refused/b.json.reason", "F99");
    close_box(&b);
}

static void test_door_refuses_what_it_cannot_read(void **state) {
    box_t b = open_box(state);
    put(&b, "a.csv", "Ngày;Hình thức;Số cuộc, bổi\n7/11/2024;F1;1\n");
    put(&b, "b.json", "{\"from\":");
    put(&b, "c.csv", "");
    char *big = file_path(b.folder, "d.csv");
    int fd = open(big, O_CREAT | O_WRONLY, 0600);
    assert_int_equal(ftruncate(fd, (64 << 20) + 1), 0);
    close(fd);
    free(big);
    pass(&b, 9000);
    assert_int_equal(b.added, 0);
    expect_text(&b, "refused/a.csv.reason", "Không nhận tệp này (column-unknown)");
    expect_text(&b, "refused/a.csv.reason", "This file was not taken (column-unknown)");
    expect_text(&b, "refused/b.json.reason", "json-malformed");
    expect_text(&b, "refused/c.csv.reason", "csv-empty");
    expect_text(&b, "refused/d.csv.reason", "file-large");
    assert_true(there(&b, "refused/d.csv"));
    close_box(&b);
}

static void test_door_never_overwrites(void **state) {
    box_t b = open_box(state);
    for (int i = 0; i < 3; i++) {
        put(&b, "a.csv", GOOD);
        pass(&b, 6000);
        put(&b, "b.csv", "nonsense");
        pass(&b, 6000);
    }
    assert_int_equal(b.added, 2);
    assert_true(there(&b, "taken/a.csv") && there(&b, "taken/a-2.csv") && there(&b, "taken/a-3.csv"));
    assert_true(there(&b, "refused/b-3.csv") && there(&b, "refused/b-3.csv.reason"));
    close_box(&b);
}

static void test_door_leaves_everything_else_alone(void **state) {
    box_t b = open_box(state);
    char *target = dir_path(state, "outside.csv"), *link = file_path(b.folder, "link.csv");
    FILE *f = fopen(target, "w");
    fputs(GOOD, f);
    fclose(f);
    assert_int_equal(symlink(target, link), 0);
    put(&b, "a.xlsx", GOOD);
    put(&b, ".hidden.csv", GOOD);
    char *sub = file_path(b.folder, "folder.csv"), *pipe = file_path(b.folder, "pipe.csv");
    assert_int_equal(mkdir(sub, 0700), 0);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    pass(&b, 20000);
    assert_int_equal(b.added, 0);
    assert_true(there(&b, "a.xlsx") && there(&b, ".hidden.csv") && there(&b, "folder.csv"));
    assert_true(there(&b, "link.csv") && there(&b, "pipe.csv"));
    free(target);
    free(link);
    free(sub);
    free(pipe);
    close_box(&b);
}

/* The outbox was written, the file not yet moved: here because taken/ cannot be written to. */
static void test_door_adds_nothing_twice_after_a_crash(void **state) {
    box_t b = open_box(state);
    char *taken = file_path(b.folder, "taken");
    if (geteuid() == 0) { /* root may write anywhere: a file in the way of the folder stops him too */
        assert_int_equal(rmdir(taken), 0);
        put(&b, "taken", "");
    } else {
        assert_int_equal(chmod(taken, 0500), 0);
    }
    put(&b, "a.csv", GOOD);
    pass(&b, 20000);
    assert_int_equal(b.added, 2);
    assert_true(there(&b, "a.csv"));
    if (geteuid() == 0)
        assert_int_equal(unlink(taken), 0);
    else
        assert_int_equal(chmod(taken, 0700), 0);
    restart(&b, state);
    pass(&b, 6000);
    assert_int_equal(b.added, 0);
    assert_int_equal(kit_kept(b.agent), 2);
    assert_true(there(&b, "taken/a.csv"));
    free(taken);
    close_box(&b);
}

/* Put there on the first day, before the first connection. */
static void test_door_waits_for_the_first_plan(void **state) {
    refusal_t why;
    box_t b = {.agent = mem_alloc(sizeof(agent_t)), .folder = dir_path(state, "drop"), .mono = 1000};
    b.agent->outbox = outbox_open(*state, &why);
    b.door = door_open(b.agent, b.folder, &why);
    put(&b, "a.csv", GOOD);
    pass(&b, 20000);
    assert_true(there(&b, "a.csv"));
    assert_int_equal(outbox_fact_put(b.agent->outbox, "unit", KIT_UNIT), 0);
    kit_plan_file(b.agent, "proto/data/plan-160.json", NULL, NULL);
    pass(&b, 6000);
    assert_int_equal(b.added, 2);
    assert_true(there(&b, "taken/a.csv"));
    close_box(&b);
}

static void test_door_notes_what_was_read_one_way_of_two(void **state) {
    box_t b = open_box(state);
    put(&b, "a.csv", HEADS "7/11/2024;F1;1;1.234\n");
    pass(&b, 6000);
    assert_true(there(&b, "taken/a.csv"));
    expect_text(&b, "taken/a.csv.reason", "1.234");
    close_box(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_door_takes_a_table_that_stood_still),
        IN_DIR(test_door_waits_while_a_file_grows),
        IN_DIR(test_door_takes_documents_in_json),
        IN_DIR(test_door_keeps_good_rows_and_names_the_bad),
        IN_DIR(test_door_refuses_what_it_cannot_read),
        IN_DIR(test_door_never_overwrites),
        IN_DIR(test_door_leaves_everything_else_alone),
        IN_DIR(test_door_adds_nothing_twice_after_a_crash),
        IN_DIR(test_door_waits_for_the_first_plan),
        IN_DIR(test_door_notes_what_was_read_one_way_of_two),
    };
    return RUN(tests);
}
