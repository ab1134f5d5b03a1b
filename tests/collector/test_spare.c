/* SPDX-License-Identifier: MPL-2.0 */
/* test_spare.c - the spare key as it is printed, kept, and typed again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "collector/spare.h"
#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "tests/collector/store_fixture.h"

/* Whether PAIR is what somebody typed as FORMAT, with one %s for the secret. */
static int reads(const char *format, const curve_pair_t *pair, int upper) {
    char secret[65];
    curve_pair_t got = {{0}, {0}};
    refusal_t why = {0};
    buf_t typed = {0};
    hex_write(pair->secret, 32, secret);
    for (char *at = secret; upper && *at; at++)
        if (*at >= 'a') *at = (char)(*at - 'a' + 'A');
    const char *hole = strstr(format, "%s");
    buf_add(&typed, format, (size_t)(hole - format));
    buf_printf(&typed, "%s%s", secret, hole + 2);
    int rc = spare_read(&typed, &got, &why);
    buf_free(&typed);
    assert_true(rc == BC_OK || strcmp(why.code, "spare-unreadable") == 0);
    return rc == BC_OK && memcmp(&got, pair, sizeof got) == 0;
}

static void test_spare_is_read_however_it_was_typed(void **state) {
    (void)state;
    curve_pair_t pair;
    curve_pair_make(&pair);
    assert_true(reads("%s", &pair, 0));
    assert_true(reads("  baocao-curve-key/1\r\n  secret %s\r\n\r\n", &pair, 0));
    assert_true(reads("SECRET:%s.", &pair, 1));
    assert_false(reads("%s0", &pair, 0)); /* a digit too many: which one? */
    assert_false(reads("0%s", &pair, 0));
}

static void test_spare_is_printed_as_it_is_read(void **state) {
    (void)state;
    curve_pair_t pair, got;
    refusal_t why = {0};
    buf_t typed = {0};
    size_t n = 0;
    curve_pair_make(&pair);
    io_t io = {.out = open_memstream(&typed.data, &n), .lang = LANG_VI};
    assert_int_equal(spare_tell(&io, &pair, &why), BC_OK);
    fclose(io.out);
    typed.len = n; /* both halves are in it, the secret last */
    assert_int_equal(spare_read(&typed, &got, &why), BC_OK);
    assert_memory_equal(&got, &pair, sizeof got);
    free(typed.data);
    io.out = fopen("/dev/full", "w");
    assert_int_equal(spare_tell(&io, &pair, &why), BC_REFUSED);
    assert_string_equal(why.code, "output-failed");
    fclose(io.out);
}

static void test_spare_public_half_is_kept_and_replaced(void **state) {
    store_t *s = *state;
    refusal_t why = {0};
    uint8_t first[32], second[32], got[32];
    memset(first, 1, sizeof first);
    memset(second, 2, sizeof second);
    assert_int_equal(spare_save(s->dir, first, &why), BC_OK);
    assert_int_equal(spare_save(s->dir, second, &why), BC_OK);
    assert_int_equal(spare_load(s->dir, got, &why), BC_OK);
    assert_memory_equal(got, second, sizeof got);
    char *path = file_path(s->dir, "successor.pub");
    assert_int_equal(file_write(path, "zz\n", 3, 0600, &why), BC_OK);
    assert_int_not_equal(spare_load(s->dir, got, &why), BC_OK);
    assert_string_equal(why.code, "key-bad");
    free(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spare_is_read_however_it_was_typed),
        cmocka_unit_test(test_spare_is_printed_as_it_is_read),
        cmocka_unit_test_setup_teardown(test_spare_public_half_is_kept_and_replaced, store_setup,
                                        store_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
