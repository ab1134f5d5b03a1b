/* SPDX-License-Identifier: MPL-2.0 */
/* The data files are in the program, byte for byte. */
#include "proto/embed.h"

#include "proto/base/file.h"
#include "tests/support.h"

static void expect_same(const char *path, const char *begin, const char *end) {
    buf_t file = {0};
    assert_int_equal(file_read(path, 1 << 20, &file, NULL), 0);
    assert_int_equal(end - begin, file.len);
    assert_memory_equal(begin, file.data, file.len);
    assert_int_equal(*end, '\0');
    buf_free(&file);
}

static void test_embed_holds_the_files(void **state) {
    (void)state;
    expect_same("proto/data/calendars.json", embed_calendars, embed_calendars_end);
    expect_same("proto/data/catalogue.json", embed_catalogue, embed_catalogue_end);
    expect_same("proto/data/holidays.json", embed_holidays, embed_holidays_end);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_embed_holds_the_files)};
    return RUN(tests);
}
