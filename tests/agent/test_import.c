/* SPDX-License-Identifier: MPL-2.0 */
/* Tables of officers: what is read from a row, what is refused and where, and that a file twice adds
 * nothing. */
#include "agent/import.h"

#include "proto/base/clock.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

typedef struct {
    agent_t *agent;
    json_t *out; /* of the last import */
    refusal_t why;
    import_options_t opts;
} box_t;

static box_t open_box(void **state) {
    return (box_t){.agent = kit_agent(*state)};
}

static void close_box(box_t *b) {
    json_decref(b->out);
    kit_close(&b->agent);
}

static int import_text(box_t *b, const char *csv) {
    json_decref(b->out);
    b->out = NULL;
    b->why = (refusal_t){0};
    return import_csv(b->agent, &b->opts, csv, strlen(csv), &b->out, &b->why);
}

static json_t *row(const box_t *b, size_t i) {
    json_t *r = json_array_get(json_object_get(b->out, "rows"), i);
    assert_non_null(r);
    return r;
}

static void expect_sums(const box_t *b, int added, int known, int questions, int refused) {
    assert_non_null(b->out);
    assert_int_equal(json_int(b->out, "added", -1), added);
    assert_int_equal(json_int(b->out, "known", -1), known);
    assert_int_equal(json_int(b->out, "questions", -1), questions);
    assert_int_equal(json_int(b->out, "refused", -1), refused);
    assert_int_equal(json_array_size(json_object_get(b->out, "rows")), added + known + questions + refused);
    assert_int_equal(import_whole(b->out), questions + refused == 0);
}

/* Row I was not taken, for CODE in COLUMN (NULL: in none), and both sentences say something. */
static void expect_fault(const box_t *b, size_t i, const char *code, const char *column) {
    json_t *r = row(b, i);
    if (!json_text(r, "code")) fail_msg("row %zu was taken", i);
    assert_string_equal(json_text(r, "code"), code);
    if (column)
        assert_string_equal(json_text(r, "column"), column);
    else
        assert_null(json_text(r, "column"));
    assert_true(strlen(json_text(r, "vi")) > 10 && strlen(json_text(r, "en")) > 10);
}

static json_t *document(const box_t *b, size_t i) {
    const char *id = json_text(row(b, i), "id");
    assert_non_null(id);
    return kit_document(b->agent, id);
}

#define HEADS \
    "Mã dòng;Từ ngày;Đến ngày;Hình thức;Nội dung;Văn bản;Lồng ghép;Số cuộc, buổi;Tổng lượt người dự\r\n"
#define ROW_1 "1;07/11/2024;08/11/2024;F1;vai-tro, ke-thua;790/QĐ-TTg;x;2;1.234.567\r\n"
#define ROW_2 "2;2024-11-09;;Hội nghị;;;;1;30\r\n"

static void test_import_reads_a_row(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    expect_sums(&b, 2, 0, 0, 0);
    json_t *doc = document(&b, 0);
    char *text = json_canonical(doc);
    assert_string_equal(json_text(doc, "from"), "2024-11-07");
    assert_string_equal(json_text(doc, "to"), "2024-11-08");
    assert_string_equal(json_text(doc, "unit"), KIT_UNIT);
    assert_string_equal(json_text(doc, "entered_by"), KIT_UNIT);
    assert_non_null(strstr(text, "\"topics\":[\"vai-tro\",\"ke-thua\"]"));
    assert_non_null(strstr(text, "\"documents\":[\"790/QĐ-TTg\"]"));
    assert_non_null(strstr(text, "\"measures\":{\"attendances\":1234567,\"sessions\":2}"));
    assert_non_null(strstr(text, "\"plans\":[{\"plan\":\"" KIT_PLAN "\",\"version\":1}]"));
    assert_non_null(strstr(text, "\"integrated\":true"));
    free(text);
    json_decref(doc);
    doc = document(&b, 1);
    assert_string_equal(json_text(doc, "form"), "F1");
    assert_string_equal(json_text(doc, "to"), "2024-11-09");
    assert_null(json_object_get(doc, "integrated"));
    json_decref(doc);
    close_box(&b);
}

static void test_import_reads_heads_in_english_and_every_kind_of_measure(void **state) {
    box_t b = open_box(state);
    kit_plan_file(b.agent, "proto/data/plan-160.json", "\"version\":1", "\"version\":2");
    assert_int_equal(
        import_text(&b, "DATE,FORM,TITLE,PLACE,EVENT,ROLE,SOURCE,ARRIVED,EVIDENCE,sessions,attendances,"
                        "Grassroots unions, companies reached (codes)\n"),
        BC_REFUSED);
    assert_int_equal(
        import_text(
            &b, "DATE,FORM,TITLE,PLACE,EVENT,ROLE,SOURCE,ARRIVED,EVIDENCE,sessions,ATTENDANCES,"
                "units_covered,highlights,reach\n"
                "07/11/2024,Web site; press,\"Hội nghị\r\nlần 2\",Hội trường,abcd12,chủ trì,giấy,09/11/2024,"
                "https://example.com/a https://example.com/b,1,20,\"BD.01.001, BD.01.002\",Tốt,10\n"),
        0);
    expect_fault(&b, 0, "form-unknown", "B");
    assert_int_equal(
        import_text(
            &b,
            "DATE,FORM,TITLE,PLACE,EVENT,ROLE,SOURCE,ARRIVED,EVIDENCE,sessions,ATTENDANCES,"
            "units_covered,highlights,reach\n"
            "07/11/2024,\"Web site, press\",\"Hội nghị\r\nlần 2\",Hội trường,abcd12,chủ trì,giấy,"
            "09/11/2024,https://example.com/a https://example.com/b,1,20,\"BD.01.001, BD.01.002\",Tốt,10\n"),
        0);
    expect_sums(&b, 1, 0, 0, 0);
    json_t *doc = document(&b, 0);
    char *text = json_canonical(doc);
    assert_non_null(strstr(text, "\"units_covered\":[\"BD.01.001\",\"BD.01.002\"]"));
    assert_non_null(strstr(text, "\"highlights\":\"Tốt\""));
    assert_non_null(strstr(text, "\"event\":{\"code\":\"ABCD12\",\"role\":\"host\"}"));
    assert_non_null(strstr(text, "\"evidence\":[{\"url\":\"https://example.com/a\"},{\"url\":"));
    assert_string_equal(json_text(doc, "title"), "Hội nghị\nlần 2");
    assert_string_equal(json_text(doc, "source"), "paper");
    assert_string_equal(json_text(doc, "arrived"), "2024-11-09");
    free(text);
    json_decref(doc);
    close_box(&b);
}

static void test_import_takes_a_label_with_commas_in_it(void **state) {
    box_t b = open_box(state);
    assert_int_equal(
        import_text(&b, "Ngày;Hình thức;Nội dung;sessions;attendances\n"
                        "7/11/2024;hoi nghi;Kế thừa truyền thống, đổi mới, liên kết vùng|muc-tieu-2030;1;5\n"
                        "8/11/2024;F1;không có gì;1;5\n"),
        0);
    json_t *doc = document(&b, 0);
    char *text = json_canonical(doc);
    assert_non_null(strstr(text, "\"topics\":[\"ke-thua\",\"muc-tieu-2030\"]"));
    free(text);
    json_decref(doc);
    expect_fault(&b, 1, "topic-unknown", "C");
    close_box(&b);
}

static void test_import_names_row_column_and_reason_and_keeps_the_good(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, "Mã đơn vị;" HEADS ";1;31/02/2025;;F1;;;;1;2\n"
                                     ";2;07/11/2024;;F1;;;;1,5;2\n"
                                     "\n"
                                     ";3;07/11/2024;;F99;;;;1;2\n"
                                     ";4;07/11/2024;;F1;;;;1;2\n"
                                     ";5;;;F1;;;;1;2\n"
                                     "BD.99;6;07/11/2024;;F1;;;;1;2\n"
                                     ";7;07/11/2024;06/11/2024;F1;;;;1;2\n"
                                     ";8;07/11/2024;;F1;;;có lẽ;1;2\n"
                                     ";9;07/11/2023;;F1;;;;1;2\n"
                                     ";10;07/11/2024;;F1;;;;1;0\n"
                                     ";11;07/11/2024;;;;;;1;2;3;4\n"),
                     0);
    expect_sums(&b, 1, 0, 0, 10);
    expect_fault(&b, 0, "cell-date", "C");
    assert_string_equal(json_text(row(&b, 0), "head"), "Từ ngày");
    assert_int_equal(json_int(row(&b, 0), "line", 0), 2);
    expect_fault(&b, 1, "cell-number", "I");
    expect_fault(&b, 2, "form-unknown", "E");
    assert_int_equal(json_int(row(&b, 2), "line", 0), 5); /* the blank row counts */
    assert_string_equal(json_text(row(&b, 3), "what"), "added");
    expect_fault(&b, 4, "cell-blank", "C");
    expect_fault(&b, 5, "unit-not-granted", "A");
    expect_fault(&b, 6, "date-order", "D");
    expect_fault(&b, 7, "cell-yes-no", "H");
    expect_fault(&b, 8, "date-before-plan", "D");
    expect_fault(&b, 9, "check-failed", NULL);
    expect_fault(&b, 10, "row-long", NULL);
    assert_int_equal(kit_kept(b.agent), 1);
    close_box(&b);
}

static void test_import_takes_1_234_as_1234_and_says_so(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, HEADS "1;07/11/2024;;F1;;;;1;1.234\n"), 0);
    expect_sums(&b, 1, 0, 0, 0);
    json_t *doc = document(&b, 0), *warning = json_array_get(json_object_get(row(&b, 0), "warnings"), 0);
    assert_int_equal(json_int(json_object_get(doc, "measures"), "attendances", 0), 1234);
    assert_string_equal(json_text(warning, "code"), "cell-read-as");
    assert_string_equal(json_text(warning, "column"), "I");
    assert_non_null(strstr(json_text(warning, "vi"), "1.234"));
    json_decref(doc);
    close_box(&b);
}

static void test_import_warns_of_a_future_day_and_of_notes_that_are_not_sent(void **state) {
    box_t b = open_box(state);
    char iso[11], csv[300];
    day_iso(clock_day(clock_wall_ms()) + 10, iso);
    snprintf(csv, sizeof csv, "STT;Ngày;Hình thức;sessions;attendances;Ghi chú\n1;%s;F1;1;5;gọi lại sau\n",
             iso);
    assert_int_equal(import_text(&b, csv), 0);
    expect_sums(&b, 1, 0, 0, 0);
    json_t *warnings = json_object_get(row(&b, 0), "warnings");
    assert_int_equal(json_array_size(warnings), 2);
    assert_string_equal(json_text(json_array_get(warnings, 0), "code"), "column-left-out");
    assert_string_equal(json_text(json_array_get(warnings, 1), "code"), "date-future");
    assert_string_equal(json_text(json_array_get(warnings, 1), "column"), "B");
    close_box(&b);
}

static void test_import_refuses_a_table_it_does_not_understand(void **state) {
    static const struct {
        const char *csv, *code, *near;
    } cases[] = {
        {"Ngày;Hình thức;Số cuộc, bổi\n1/1/2025;F1;1\n", "column-unknown", "Số cuộc, buổi"},
        {"Ngày;Hình thưc;Hình thức;sessions\n1/1/2025;F1;F1;1\n", "column-twice", NULL},
        {"Ngày;Hình thức;sessions;Số cuộc, buổi\n1/1/2025;F1;1;1\n", "column-twice", NULL},
        {"Ngày;Từ ngày;Hình thức;sessions\n1/1/2025;1/1/2025;F1;1\n", "column-twice", NULL},
        {"Ngày;sessions\n1/1/2025;1\n", "column-missing", "Hình thức"},
        {"Hình thức;sessions\nF1;1\n", "column-missing", "Từ ngày"},
        {"Ngày;Hình thức\n1/1/2025;F1\n", "column-missing", NULL},
        {"Ngày;Hình thức;;sessions\n1/1/2025;F1;7;1\n", "column-unknown", NULL},
        {"Ngày;Hình thức;sessions\n", "csv-empty", NULL},
        {"", "csv-empty", NULL},
        {"Ngày;Hình thức;sessions\n1/1/2025;\"F1;1\n", "csv-quote", NULL},
    };
    box_t b = open_box(state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(import_text(&b, cases[i].csv), BC_REFUSED);
        assert_string_equal(b.why.code, cases[i].code);
        if (cases[i].near) assert_non_null(strstr(b.why.vi, cases[i].near));
    }
    assert_int_equal(kit_kept(b.agent), 0);
    close_box(&b);
}

static void test_import_adds_nothing_the_second_time(void **state) {
    box_t b = open_box(state);
    const char *without_ref = "Ngày;Hình thức;sessions;attendances\n7/11/2024;F1;1;5\n";
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    char *id = mem_str(json_text(row(&b, 1), "id"));
    assert_int_equal(import_text(&b, without_ref), 0);
    expect_sums(&b, 1, 0, 0, 0);
    assert_int_equal(import_text(&b, without_ref), 0);
    expect_sums(&b, 0, 1, 0, 0);
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    expect_sums(&b, 0, 2, 0, 0);
    assert_string_equal(json_text(row(&b, 1), "id"), id);
    assert_int_equal(json_int(row(&b, 1), "no", 0), 2);
    assert_int_equal(kit_kept(b.agent), 3);
    free(id);
    close_box(&b);
}

/* As Excel writes it elsewhere, and after the next version of the plan came: still the same rows. */
static void test_import_knows_its_rows_in_other_clothes(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, "Ngày;Hình thức;sessions;attendances\n7/11/2024;F1;1;5\n"), 0);
    kit_plan_file(b.agent, "proto/data/plan-160.json", "\"version\":1", "\"version\":2");
    assert_int_equal(plans_known(outbox_plans(b.agent->outbox), KIT_PLAN), 2);
    assert_int_equal(import_text(&b, "\xef\xbb\xbf"
                                     "attendances\tform\tSố cuộc, buổi\tdate\r\n\"5\"\tConference\t1\t"
                                     "2024-11-07\r\n"),
                     0);
    expect_sums(&b, 0, 1, 0, 0);
    close_box(&b);
}

static void test_import_asks_about_a_changed_row_and_keeps_what_is_there(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    char *id = mem_str(json_text(row(&b, 1), "id"));
    assert_int_equal(import_text(&b, HEADS ROW_1 "2;2024-11-09;;Hội nghị;;;;1;31\n"), 0);
    expect_sums(&b, 0, 1, 1, 0);
    expect_fault(&b, 1, "entered-before", "A");
    assert_non_null(strstr(json_text(row(&b, 1), "vi"), "baocao-agent correct 2"));
    json_t *doc = kit_document(b.agent, id);
    assert_int_equal(json_int(json_object_get(doc, "measures"), "attendances", 0), 30);
    json_decref(doc);
    assert_int_equal(kit_kept(b.agent), 2);
    free(id);
    close_box(&b);
}

/* Adds revision 2 of the document with this ID: WITHDRAWN, or with 99 attendances. */
static void revise(agent_t *agent, const char *id, int withdrawn) {
    static const char *const content[] = {"from",   "to",        "form",     "integrated", "title",
                                          "topics", "documents", "measures", "place"};
    json_t *json = kit_document(agent, id);
    refusal_t why = {0};
    document_t doc;
    int64_t no;
    json_object_set_new(json, "rev", json_integer(2));
    json_object_set_new(json, "reason", json_string("Nhập nhầm"));
    json_object_set_new(json_object_get(json, "measures"), "attendances", json_integer(99));
    if (withdrawn) json_object_set_new(json, "withdrawn", json_true());
    for (size_t i = 0; withdrawn && i < sizeof content / sizeof *content; i++)
        json_object_del(json, content[i]);
    char *bytes = json_canonical(json);
    if (document_read(bytes, strlen(bytes), &doc, &why)) fail_msg("%s: %s", why.code, why.en);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_add(agent->outbox, &doc, bytes, strlen(bytes), 1, &no), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    document_free(&doc);
    free(bytes);
    json_decref(json);
}

static void test_import_leaves_a_correction_and_a_withdrawal_alone(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    char *one = mem_str(json_text(row(&b, 0), "id")), *two = mem_str(json_text(row(&b, 1), "id"));
    revise(b.agent, one, 0);
    revise(b.agent, two, 1);
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_2), 0);
    expect_sums(&b, 0, 2, 0, 0);
    /* Mended in the table as well: that is the correction. */
    assert_int_equal(import_text(&b, HEADS "1;07/11/2024;08/11/2024;F1;vai-tro, ke-thua;790/QĐ-TTg;x;2;99\n"),
                     0);
    expect_sums(&b, 0, 1, 0, 0);
    assert_int_equal(json_int(row(&b, 0), "rev", 0), 2);
    assert_int_equal(kit_kept(b.agent), 4);
    free(one);
    free(two);
    close_box(&b);
}

static void test_import_asks_about_rows_that_look_like_another(void **state) {
    box_t b = open_box(state);
    assert_int_equal(import_text(&b, HEADS ROW_2 "3;2024-11-09;;Hội nghị;;;;1;30\n"), 0);
    expect_sums(&b, 1, 0, 1, 0);
    expect_fault(&b, 1, "looks-double", NULL);
    b.opts.again = 1;
    assert_int_equal(import_text(&b, HEADS ROW_2 "3;2024-11-09;;Hội nghị;;;;1;30\n"), 0);
    expect_sums(&b, 1, 1, 0, 0);
    assert_int_equal(kit_kept(b.agent), 2);
    close_box(&b);
}

static void test_import_asks_about_equal_rows_of_one_file(void **state) {
    box_t b = open_box(state);
    const char *csv = "Ngày;Hình thức;sessions;attendances\n7/11/2024;F1;1;5\n7/11/2024;F1;1;5\n";
    assert_int_equal(import_text(&b, csv), 0);
    expect_sums(&b, 1, 0, 1, 0);
    expect_fault(&b, 1, "row-double", NULL);
    b.opts.again = 1;
    assert_int_equal(import_text(&b, csv), 0);
    expect_sums(&b, 1, 1, 0, 0);
    b.opts.again = 0;
    assert_int_equal(import_text(&b, csv), 0);
    expect_sums(&b, 0, 2, 0, 0);
    assert_int_equal(kit_kept(b.agent), 2);
    assert_int_equal(import_text(&b, HEADS ROW_1 "1;07/11/2024;;F2;;;;1;9\n"), 0);
    expect_fault(&b, 1, "row-double", "A");
    close_box(&b);
}

static void test_import_enters_for_another_unit(void **state) {
    box_t b = open_box(state);
    b.opts.unit = KIT_OTHER;
    assert_int_equal(import_text(&b, HEADS ROW_1), 0);
    expect_sums(&b, 1, 0, 0, 0);
    json_t *doc = document(&b, 0);
    assert_string_equal(json_text(doc, "unit"), KIT_OTHER);
    assert_string_equal(json_text(doc, "entered_by"), KIT_UNIT);
    json_decref(doc);
    b.opts.unit = NULL;
    assert_int_equal(import_text(&b,
                                 "unit;Ngày;Hình thức;sessions;attendances\n" KIT_OTHER ";7/11/2024;F1;1;7\n"
                                 ";7/11/2024;F1;1;7\n"),
                     0);
    expect_sums(&b, 2, 0, 0, 0);
    close_box(&b);
}

static void test_import_finds_the_plans_of_a_row(void **state) {
    box_t b = open_box(state);
    kit_second_plan(b.agent);
    assert_int_equal(import_text(&b, HEADS ROW_1), BC_REFUSED);
    assert_string_equal(b.why.code, "plan-which");
    b.opts.plan = KIT_SECOND;
    assert_int_equal(import_text(&b, "Ngày;Hình thức;sessions;attendances\n7/11/2024;F1;1;5\n"), 0);
    expect_sums(&b, 1, 0, 0, 0);
    b.opts.plan = NULL;
    assert_int_equal(import_text(&b, "Kế hoạch;Ngày;Hình thức;sessions;attendances\n"
                                     "160/kh-ldld, 999/KH-LĐLĐ;8/11/2024;F1;1;5\n"
                                     ";9/11/2024;F1;1;5\n161/KH-LĐLĐ;9/11/2024;F1;1;5\n"),
                     0);
    json_t *doc = document(&b, 0);
    assert_int_equal(json_array_size(json_object_get(doc, "plans")), 2);
    json_decref(doc);
    expect_fault(&b, 1, "plan-which", "A");
    expect_fault(&b, 2, "plan-unknown", "A");
    close_box(&b);
}

/* The same measure counts in tenths in the second plan. */
static void test_import_reads_a_figure_as_the_plan_of_its_row_defines_it(void **state) {
    box_t b = open_box(state);
    kit_plan_file(
        b.agent, "tests/demo/input/plan-999.json", "\"leaflets\",",
        "{\"id\":\"leaflets\",\"vi\":\"Tờ rơi\",\"unit\":{\"vi\":\"nghìn\"},\"add\":\"sum\",\"scale\":1,"
        "\"in\":[\"activity\"]},");
    assert_int_equal(import_text(&b,
                                 "Kế hoạch;Ngày;Hình thức;leaflets\n" KIT_PLAN ";7/11/2024;F1;3\n" KIT_SECOND
                                 ";7/11/2024;F1;2,5\n" KIT_PLAN ";7/11/2024;F1;2,5\n"),
                     0);
    json_t *first = document(&b, 0), *second = document(&b, 1);
    assert_int_equal(json_int(json_object_get(first, "measures"), "leaflets", 0), 3);
    assert_int_equal(json_int(json_object_get(second, "measures"), "leaflets", 0), 25);
    expect_fault(&b, 2, "cell-number", "D");
    json_decref(first);
    json_decref(second);
    close_box(&b);
}

#define WEIGHTED "\"in\":[\"activity\"],\"most\":1000000000}"

static void test_import_reads_averages_with_their_weight(void **state) {
    box_t b = open_box(state);
    kit_plan_file(
        b.agent, "tests/demo/input/plan-999.json", "\"measures\": [",
        "\"measures\": "
        "[{\"id\":\"wage\",\"vi\":\"Lương\",\"unit\":{\"vi\":\"đồng\"},\"add\":\"weighted\"," WEIGHTED
        ",{\"id\":\"cost\",\"vi\":\"Tiền\",\"unit\":{\"vi\":\"triệu\"},\"add\":\"sum\",\"scale\":1," WEIGHTED
        ", {\"id\":\"done\",\"vi\":\"Đã làm\",\"unit\":{\"vi\":\"đơn vị\"},\"add\":\"count\","
        "\"in\":[\"activity\"]},");
    b.opts.plan = KIT_SECOND;
    assert_int_equal(import_text(&b, "Ngày;Hình thức;Lương;Lương (số người);Tiền;Đã làm\n"
                                     "7/11/2024;F1;8.500.000;120;2,5;có\n8/11/2024;F1;9.000.000/5;;3;không\n"
                                     "9/11/2024;F1;;5;;\n10/11/2024;F1;7;;;\n"),
                     0);
    const char *expected[] = {
        "\"measures\":{\"cost\":25,\"done\":true,\"wage\":{\"value\":8500000,\"weight\":120}}",
        "\"measures\":{\"cost\":30,\"done\":false,\"wage\":{\"value\":9000000,\"weight\":5}}"};
    for (size_t i = 0; i < 2; i++) {
        json_t *doc = document(&b, i);
        char *text = json_canonical(doc);
        if (!strstr(text, expected[i])) fail_msg("%s", text);
        free(text);
        json_decref(doc);
    }
    expect_fault(&b, 2, "cell-blank", "D");
    expect_fault(&b, 3, "cell-number", "C");
    close_box(&b);
}

static void test_import_tries_without_keeping(void **state) {
    box_t b = open_box(state);
    b.opts.dry = 1;
    assert_int_equal(import_text(&b, HEADS ROW_1 ROW_1), 0);
    expect_sums(&b, 1, 0, 0, 1);
    assert_int_equal(json_bool(b.out, "dry", 0), 1);
    assert_int_equal(kit_kept(b.agent), 0);
    assert_int_equal(outbox_next(b.agent->outbox), 1);
    close_box(&b);
}

static void test_import_needs_enrolment_and_a_plan(void **state) {
    box_t b = {.agent = mem_alloc(sizeof(agent_t))};
    refusal_t why;
    b.agent->outbox = outbox_open(*state, &why);
    assert_int_equal(import_text(&b, HEADS ROW_1), BC_REFUSED);
    assert_string_equal(b.why.code, "not-joined");
    assert_int_equal(outbox_fact_put(b.agent->outbox, "unit", KIT_UNIT), 0);
    assert_int_equal(import_text(&b, HEADS ROW_1), BC_REFUSED);
    assert_string_equal(b.why.code, "plan-none");
    close_box(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_import_reads_a_row),
        IN_DIR(test_import_reads_heads_in_english_and_every_kind_of_measure),
        IN_DIR(test_import_takes_a_label_with_commas_in_it),
        IN_DIR(test_import_names_row_column_and_reason_and_keeps_the_good),
        IN_DIR(test_import_takes_1_234_as_1234_and_says_so),
        IN_DIR(test_import_warns_of_a_future_day_and_of_notes_that_are_not_sent),
        IN_DIR(test_import_refuses_a_table_it_does_not_understand),
        IN_DIR(test_import_adds_nothing_the_second_time),
        IN_DIR(test_import_knows_its_rows_in_other_clothes),
        IN_DIR(test_import_asks_about_a_changed_row_and_keeps_what_is_there),
        IN_DIR(test_import_leaves_a_correction_and_a_withdrawal_alone),
        IN_DIR(test_import_asks_about_rows_that_look_like_another),
        IN_DIR(test_import_asks_about_equal_rows_of_one_file),
        IN_DIR(test_import_enters_for_another_unit),
        IN_DIR(test_import_finds_the_plans_of_a_row),
        IN_DIR(test_import_reads_a_figure_as_the_plan_of_its_row_defines_it),
        IN_DIR(test_import_reads_averages_with_their_weight),
        IN_DIR(test_import_tries_without_keeping),
        IN_DIR(test_import_needs_enrolment_and_a_plan),
    };
    return RUN(tests);
}
