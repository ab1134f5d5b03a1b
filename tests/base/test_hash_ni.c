/* SPDX-License-Identifier: MPL-2.0 */
/* test_hash_ni.c - the processor's SHA-256 against libsodium's, at every length around block ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "proto/base/hash_ni.h"

static void test_hash_ni_agrees_with_libsodium(void **state) {
    (void)state;
    uint8_t text[700], wanted[32];
    if (!hash_ni_there()) skip();
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (uint8_t)(i * 31 + i / 7);
    for (size_t all = 0; all <= sizeof text; all++) {
        crypto_hash_sha256(wanted, text, all);
        for (size_t cut = 0; cut <= all; cut += all > 300 ? 13 : 1) {
            hash_t got = hash_ni_of2(text, cut, text + cut, all - cut);
            assert_memory_equal(got.b, wanted, 32);
        }
    }
}

static void test_hash_ni_takes_nothing_where_there_is_nothing(void **state) {
    (void)state;
    char hex[HASH_HEX];
    if (!hash_ni_there()) skip();
    hash_t empty = hash_ni_of2(NULL, 0, NULL, 0);
    assert_string_equal(hex_write(empty.b, HASH_LEN, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hash_ni_agrees_with_libsodium),
        cmocka_unit_test(test_hash_ni_takes_nothing_where_there_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
