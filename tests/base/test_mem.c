/* SPDX-License-Identifier: MPL-2.0 */
/* Allocation and the byte buffer. */
#include "proto/base/mem.h"

#include "tests/support.h"

static void test_mem_alloc_zeroes_and_takes_nothing(void **state) {
    (void)state;
    unsigned char *p = mem_alloc(1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(p[i], 0);
    free(p);
    p = mem_alloc(0);
    assert_non_null(p);
    free(p);
}

static void test_mem_str_copies(void **state) {
    (void)state;
    assert_null(mem_str(NULL));
    char *s = mem_str("Công đoàn");
    assert_string_equal(s, "Công đoàn");
    free(s);
    s = mem_strn("a\0b", 3);
    assert_memory_equal(s, "a\0b\0", 4);
    free(s);
    s = mem_printf("%s-%d", "x", 7);
    assert_string_equal(s, "x-7");
    free(s);
}

static void test_mem_buf_grows_and_stays_terminated(void **state) {
    (void)state;
    buf_t b = {0};
    for (int i = 0; i < 10000; i++) {
        buf_printf(&b, "%05d", i);
        assert_int_equal(b.data[b.len], 0);
    }
    assert_int_equal(b.len, 50000);
    assert_memory_equal(b.data + 49995, "09999", 5);
    buf_clear(&b);
    assert_int_equal(b.len, 0);
    assert_string_equal(b.data, "");
    buf_puts(&b, "ab");
    buf_add(&b, "\0c", 2);
    assert_memory_equal(b.data, "ab\0c\0", 5);
    buf_free(&b);
    assert_null(b.data);
    buf_free(&b);
}

static void test_mem_buf_printf_longer_than_its_room(void **state) {
    (void)state;
    buf_t b = {0};
    char *text = mem_alloc(5001);
    memset(text, 'x', 5000);
    buf_printf(&b, "<%s>", text);
    assert_int_equal(b.len, 5002);
    assert_int_equal(b.data[5001], '>');
    free(text);
    buf_free(&b);
}

static void test_mem_buf_room_is_writable(void **state) {
    (void)state;
    buf_t b = {0};
    for (size_t n = 1; n < 3000; n = n * 3 + 1) {
        memset(buf_room(&b, n), 'y', n);
        b.len += n;
    }
    buf_add(&b, "", 0);
    assert_int_equal(strlen(b.data), b.len);
    buf_free(&b);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mem_alloc_zeroes_and_takes_nothing),
        cmocka_unit_test(test_mem_str_copies),
        cmocka_unit_test(test_mem_buf_grows_and_stays_terminated),
        cmocka_unit_test(test_mem_buf_printf_longer_than_its_room),
        cmocka_unit_test(test_mem_buf_room_is_writable),
    };
    return RUN(tests);
}
