/* SPDX-License-Identifier: MPL-2.0 */
/* Causes in two languages. */
#include "proto/base/cause.h"

#include <errno.h>
#include <zmq.h>

#include "proto/base/text.h"
#include "tests/support.h"

static void test_cause_speaks_both_languages(void **state) {
    (void)state;
    static const int known[] = {ENOSPC, EIO, EROFS, EACCES, ENOENT, EISDIR, EMFILE, EADDRINUSE, EINVAL};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_string_equal(cause_en(known[i]), strerror(known[i]));
        assert_string_not_equal(cause_vi(known[i]), cause_en(known[i]));
        assert_true(text_utf8_ok(cause_vi(known[i]), strlen(cause_vi(known[i]))));
    }
    assert_string_equal(cause_vi(ENOSPC), "ổ đĩa đã đầy");
}

static void test_cause_without_vietnamese_is_told_in_english(void **state) {
    (void)state;
    assert_string_equal(cause_vi(ETERM), zmq_strerror(ETERM));
    const char *one = cause_vi(98765), *other = cause_en(-1); /* both must live on */
    assert_string_equal(one, "Unknown error");
    assert_string_equal(other, "Unknown error");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cause_speaks_both_languages),
        cmocka_unit_test(test_cause_without_vietnamese_is_told_in_english),
    };
    return RUN(tests);
}
