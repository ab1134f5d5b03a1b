/* SPDX-License-Identifier: MPL-2.0 */
/* test_cell.c - cells as people write them. */
#include "agent/cell.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

static const measure_t sum = {.id = "m", .vi = "Số", .en = "Number", .add = ADD_SUM, .most = JSON_NUMBER_MAX};

/* What TEXT is as a value of M, as canonical JSON, or the code of the refusal. */
static const char *value(const measure_t *m, const char *text, const char *weight, refusal_t *odd) {
    static char out[256];
    refusal_t why = {0};
    json_t *j = cell_measure(m, text, weight, odd, &why);
    char *s = j ? json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT) : mem_str(why.code);
    snprintf(out, sizeof out, "%s", s);
    free(s);
    json_decref(j);
    return out;
}

static void test_cell_reads_whole_numbers(void **state) {
    (void)state;
    refusal_t odd = {0};
    assert_string_equal(value(&sum, "1234", NULL, &odd), "1234");
    assert_string_equal(odd.code, "");
    assert_string_equal(value(&sum, "1.234.567", NULL, &odd), "1234567");
    assert_string_equal(value(&sum, "1.234", NULL, &odd), "1234");
    assert_string_equal(odd.code, "cell-read-as");
    const char *const bad[] = {"1,5", "-3", "mười", "1.23", "12 người", "99999999999999999999"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_string_equal(value(&sum, bad[i], NULL, &odd), "cell-number");
}

static void test_cell_reads_scaled_and_weighted(void **state) {
    (void)state;
    measure_t tenth = sum, wage = sum;
    tenth.scale = 1;
    wage.add = ADD_WEIGHTED;
    assert_string_equal(value(&tenth, "12,5", NULL, NULL), "125");
    assert_string_equal(value(&tenth, "12", NULL, NULL), "120");
    assert_string_equal(value(&tenth, "12,55", NULL, NULL), "cell-number");
    assert_string_equal(value(&wage, "8.500.000/120", NULL, NULL), "{\"value\":8500000,\"weight\":120}");
    assert_string_equal(value(&wage, "8500000", "120", NULL), "{\"value\":8500000,\"weight\":120}");
    assert_string_equal(value(&wage, "8500000", NULL, NULL), "cell-number");
}

static void test_cell_reads_yes_lists_and_texts(void **state) {
    (void)state;
    measure_t count = sum, codes = sum, text = sum;
    count.add = ADD_COUNT;
    codes.add = ADD_UNION;
    text.add = ADD_LIST;
    assert_string_equal(value(&count, "x", NULL, NULL), "true");
    assert_string_equal(value(&count, "Có", NULL, NULL), "true");
    assert_string_equal(value(&count, "không", NULL, NULL), "false");
    assert_string_equal(value(&count, "có lẽ", NULL, NULL), "cell-yes-no");
    assert_string_equal(value(&codes, "BD.01; BD.02,", NULL, NULL), "[\"BD.01\",\"BD.02\"]");
    assert_string_equal(value(&text, "Tốt, đông", NULL, NULL), "\"Tốt, đông\"");
}

static void test_cell_reads_dates(void **state) {
    (void)state;
    refusal_t why = {0};
    json_t *j = cell_date("7/11/2024", &why);
    assert_string_equal(json_string_value(j), "2024-11-07");
    json_decref(j);
    assert_null(cell_date("31/02/2025", &why));
    assert_string_equal(why.code, "cell-date");
    assert_null(cell_date("07/11/24", &why));
}

static void test_cell_finds_what_a_plan_names(void **state) {
    agent_t *agent = kit_agent(*state);
    refusal_t why = {0};
    const plan_t *plan = agent_plan(agent, NULL, &why);
    assert_string_equal(cell_form(plan, "hội  nghị", &why), "F1");
    assert_string_equal(cell_form(plan, "F2", &why), "F2");
    assert_null(cell_form(plan, "F99", &why));
    assert_string_equal(why.code, "form-unknown");
    /* This label holds a semicolon itself. */
    json_t *j =
        cell_topics(&plan, 1, "Vai trò của quy hoạch; quy hoạch tỉnh là kết tinh trí tuệ chung", &why);
    assert_int_equal(json_array_size(j), 1);
    json_decref(j);
    j = cell_topics(&plan, 1, "vai-tro, ke-thua; khat-vong", &why);
    assert_int_equal(json_array_size(j), 3);
    json_decref(j);
    assert_null(cell_topics(&plan, 1, "vai-tro, x", &why));
    assert_string_equal(why.code, "topic-unknown");
    j = cell_documents(&plan, 1, "790/QĐ-TTg\n24-NQ/TW", &why);
    assert_int_equal(json_array_size(j), 2);
    json_decref(j);
    assert_null(cell_documents(&plan, 1, "1/QĐ", &why));
    assert_string_equal(why.code, "document-unknown");
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cell_reads_whole_numbers),
        cmocka_unit_test(test_cell_reads_scaled_and_weighted),
        cmocka_unit_test(test_cell_reads_yes_lists_and_texts),
        cmocka_unit_test(test_cell_reads_dates),
        IN_DIR(test_cell_finds_what_a_plan_names),
    };
    return RUN(tests);
}
