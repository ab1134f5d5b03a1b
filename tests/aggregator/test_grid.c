/* SPDX-License-Identifier: MPL-2.0 */
/* Tables for a terminal: aligned by what is seen, not by bytes. */
#include "aggregator/export/grid.h"
#include "proto/base/mem.h"
#include "proto/base/text.h"
#include "tests/aggregator/printed.h"

static char *printed(grid_t *grid) {
    static char *text;
    static size_t n;
    text = NULL;
    FILE *out = open_memstream(&text, &n);
    grid_print(grid, out);
    fclose(out);
    return text;
}

static void test_grid_aligns_by_what_is_seen(void **state) {
    (void)state;
    grid_t *grid = grid_new("lr");
    static const char *const cells[] = {"Đơn vị", "Số", "Công đoàn", "1.234", "e\xCC\xA3", "5"};
    for (size_t i = 0; i < 6; i++)
        grid_add(grid, cells[i]);
    char *text = printed(grid);
    assert_string_equal(text, "  Đơn vị        Số\n"
                              "  ────────────────\n"
                              "  Công đoàn  1.234\n"
                              "  e\xCC\xA3              5\n");
    free(text);
    grid_free(&grid);
}

static void test_grid_cuts_what_is_too_long_and_flattens_lines(void **state) {
    (void)state;
    grid_t *grid = grid_new("l");
    char *longest = mem_printf("%0200d", 0);
    grid_add(grid, "x");
    grid_add(grid, longest);
    grid_addf(grid, "%s\n%d", "a\tb", 7);
    char *text = printed(grid);
    assert_non_null(strstr(text, "000…\n"));
    assert_non_null(strstr(text, "a b 7\n"));
    char *line = strrchr(strstr(text, "000…"), '\n');
    assert_non_null(line);
    free(text);
    free(longest);
    grid_free(&grid);
}

static void test_grid_ends_no_line_with_blanks(void **state) {
    (void)state;
    grid_t *grid = grid_new("lrl");
    static const char *const cells[] = {"a", "b", "", "1", "2", "note", "3", "4", ""};
    for (size_t i = 0; i < 9; i++)
        grid_add(grid, cells[i]);
    char *text = printed(grid);
    assert_non_null(strstr(text, "  a  b\n"));
    assert_non_null(strstr(text, "  1  2  note\n"));
    assert_null(strstr(text, " \n"));
    free(text);
    grid_free(&grid);
}

static void test_grid_prints_nothing_without_rows(void **state) {
    (void)state;
    grid_t *grid = grid_new("ll");
    grid_add(grid, "a");
    grid_add(grid, "b");
    char *text = printed(grid);
    assert_string_equal(text ? text : "", "");
    free(text);
    grid_free(&grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_aligns_by_what_is_seen),
        cmocka_unit_test(test_grid_cuts_what_is_too_long_and_flattens_lines),
        cmocka_unit_test(test_grid_ends_no_line_with_blanks),
        cmocka_unit_test(test_grid_prints_nothing_without_rows),
    };
    return RUN(tests);
}
