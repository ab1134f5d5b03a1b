/* SPDX-License-Identifier: MPL-2.0 */
/* Nothing in the first second; then how far, and how long it will take. */
#include "proto/base/progress.h"

#include "proto/base/clock.h"
#include "tests/support.h"

/* What is said of DONE of TOTAL by one that began AGO ms ago with FIRST done. */
static const char *said(lang_t lang, int live, int64_t ago, int64_t first, int64_t done, int64_t total) {
    static char text[200];
    memset(text, 0, sizeof text);
    FILE *out = fmemopen(text, sizeof text, "w");
    assert_non_null(out);
    progress_t p = progress_begin(out, lang, "mục", "entries");
    assert_false(p.live);
    p.live = live;
    p.began = clock_mono_ms() - ago;
    p.first = first;
    progress_step(&p, done, total);
    progress_step(&p, done, total); /* too soon to say it again */
    if (!live) progress_end(&p);
    fclose(out);
    return text;
}

static void test_progress_says_how_far_and_how_long(void **state) {
    (void)state;
    assert_string_equal(said(LANG_VI, 0, 200, 0, 50, 100), "");
    assert_string_equal(said(LANG_VI, 0, 10000, 0, 12500, 50000),
                        "12.500 trên 50.000 mục (25%), còn khoảng 31 giây\n");
    assert_string_equal(said(LANG_EN, 0, 60000, 0, 100, 1000),
                        "100 of 1.000 entries (10%), about 9 minutes left\n");
    assert_string_equal(said(LANG_EN, 0, 10000, 900, 950, 1000),
                        "950 of 1.000 entries (95%), about 11 seconds left\n");
    assert_string_equal(said(LANG_EN, 0, 2000, 7, 7, 10),
                        "7 of 10 entries (70%)\n"); /* nothing was done yet */
    assert_string_equal(said(LANG_EN, 0, 2000, 0, 7, 0), "7 entries\n");
    assert_string_equal(said(LANG_VI, 0, 2000, 0, 10, 10), "10 trên 10 mục (100%)\n");
    assert_string_equal(said(LANG_VI, 1, 2000, 0, 7, 0), "\r\033[K7 mục");
    progress_step(NULL, 1, 2);
    progress_end(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {IN_DIR(test_progress_says_how_far_and_how_long)};
    return RUN(tests);
}
