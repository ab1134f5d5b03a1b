/* SPDX-License-Identifier: MPL-2.0 */
/* SHA-256 against the examples of FIPS 180-4, and hexadecimal. */
#include "proto/base/hash.h"

#include <sodium.h>

#include "proto/base/rc.h"
#include "tests/support.h"

static void test_hash_gives_the_published_values(void **state) {
    (void)state;
    char hex[HASH_HEX];
    hash_t h = hash_of("abc", 3);
    assert_string_equal(hex_write(h.b, HASH_LEN, hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    h = hash_of("", 0);
    assert_string_equal(hex_write(h.b, HASH_LEN, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_hash_of_two_parts_is_that_of_the_whole(void **state) {
    (void)state;
    hash_t whole = hash_of("abcdef", 6);
    for (size_t i = 0; i <= 6; i++) {
        hash_t h = hash_of2("abcdef", i, "abcdef" + i, 6 - i);
        assert_true(hash_equal(&h, &whole));
    }
    hash_t other = hash_of("abcdeg", 6);
    assert_false(hash_equal(&other, &whole));
}

static void test_hash_agrees_with_another_library(void **state) {
    (void)state;
    uint8_t text[300], wanted[HASH_LEN];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 31 + i / 7);
    for (size_t all = 0; all <= sizeof text; all++) {
        crypto_hash_sha256(wanted, text, all);
        for (size_t cut = 0; cut <= all; cut += all > 130 ? 13 : 1) {
            hash_t got = hash_of2(text, cut, text + cut, all - cut);
            assert_memory_equal(got.b, wanted, HASH_LEN);
        }
    }
    hash_t empty = hash_of2(NULL, 0, NULL, 0);
    crypto_hash_sha256(wanted, text, 0);
    assert_memory_equal(empty.b, wanted, HASH_LEN);
}

static void test_hash_hex_reads_what_it_wrote(void **state) {
    (void)state;
    uint8_t bytes[256], back[256];
    char text[513];
    for (int i = 0; i < 256; i++)
        bytes[i] = (uint8_t)i;
    hex_write(bytes, 256, text);
    assert_int_equal(hex_read(text, back, 256), BC_OK);
    assert_memory_equal(bytes, back, 256);
}

static void test_hash_hex_refuses_everything_else(void **state) {
    (void)state;
    uint8_t b[2];
    static const char *wrong[] = {"",     "0",    "012",  "01234", "012345", "01AB",
                                  "01g0", "0x12", " 123", "12 3",  "01-2"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(hex_read(wrong[i], b, 2), BC_REFUSED);
    assert_int_equal(hex_read("01ab", b, 2), BC_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_gives_the_published_values),
        cmocka_unit_test(test_hash_of_two_parts_is_that_of_the_whole),
        cmocka_unit_test(test_hash_agrees_with_another_library),
        cmocka_unit_test(test_hash_hex_reads_what_it_wrote),
        cmocka_unit_test(test_hash_hex_refuses_everything_else),
    };
    return RUN(tests);
}
