/* SPDX-License-Identifier: MPL-2.0 */
/* test_keyfile.c - key pairs made, kept, and refused when anything about them is odd. */
#include "proto/keyfile.h"

#include <sodium.h>
#include <sys/stat.h>

#include "proto/base/file.h"
#include "proto/base/rc.h"
#include "tests/support.h"

static void test_keyfile_keeps_pairs_with_mode_0600(void **state) {
    char *curve = dir_path(state, "curve"), *sign = dir_path(state, "sign");
    curve_pair_t c, c2;
    sign_pair_t s, s2;
    curve_pair_make(&c);
    sign_pair_make(&s);
    refusal_t why = {0};
    assert_int_equal(curve_pair_save(curve, &c, &why), 0);
    assert_int_equal(sign_pair_save(sign, &s, &why), 0);
    struct stat st;
    assert_int_equal(stat(curve, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(curve_pair_load(curve, &c2, &why), 0);
    assert_int_equal(sign_pair_load(sign, &s2, &why), 0);
    assert_memory_equal(&c, &c2, sizeof c);
    assert_memory_equal(&s, &s2, sizeof s);
    free(curve);
    free(sign);
}

static void test_keyfile_made_pairs_differ_and_work(void **state) {
    (void)state;
    curve_pair_t a, b;
    curve_pair_make(&a);
    curve_pair_make(&b);
    assert_memory_not_equal(&a, &b, sizeof a);
    sign_pair_t s;
    sign_pair_make(&s);
    uint8_t signature[64];
    crypto_sign_detached(signature, NULL, (const uint8_t *)"x", 1, s.secret);
    assert_int_equal(crypto_sign_verify_detached(signature, (const uint8_t *)"x", 1, s.public_), 0);
}

static void test_keyfile_never_overwrites(void **state) {
    char *path = dir_path(state, "key");
    curve_pair_t first, second, read;
    curve_pair_make(&first);
    curve_pair_make(&second);
    refusal_t why = {0};
    assert_int_equal(curve_pair_save(path, &first, &why), 0);
    assert_int_equal(curve_pair_save(path, &second, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-exists");
    assert_int_equal(curve_pair_load(path, &read, &why), 0);
    assert_memory_equal(&read, &first, sizeof read);
    free(path);
}

static void refused(const char *path, const char *code) {
    curve_pair_t pair;
    memset(&pair, 1, sizeof pair);
    refusal_t why = {0};
    assert_int_equal(curve_pair_load(path, &pair, &why), BC_REFUSED);
    assert_string_equal(why.code, code);
    const curve_pair_t none = {{0}, {0}};
    assert_memory_equal(&pair, &none, sizeof pair);
}

static void test_keyfile_refuses_what_others_may_read(void **state) {
    char *path = dir_path(state, "key");
    refused(path, "key-missing");
    curve_pair_t pair;
    curve_pair_make(&pair);
    assert_int_equal(curve_pair_save(path, &pair, NULL), 0);
    assert_int_equal(chmod(path, 0640), 0);
    refused(path, "key-mode");
    free(path);
}

static void test_keyfile_refuses_damaged_files(void **state) {
    char *path = dir_path(state, "key");
    curve_pair_t pair;
    curve_pair_make(&pair);
    assert_int_equal(curve_pair_save(path, &pair, NULL), 0);
    buf_t good = {0};
    assert_int_equal(file_read(path, 4096, &good, NULL), 0);
    for (size_t i = 0; i < good.len; i += 7) {
        char *copy = mem_strn(good.data, good.len);
        copy[i] ^= 1;
        assert_int_equal(file_write(path, copy, good.len, 0600, NULL), 0);
        refused(path, "key-bad");
        copy[i] = '\0';
        assert_int_equal(file_write(path, copy, good.len, 0600, NULL), 0);
        refused(path, "key-bad");
        assert_int_equal(file_write(path, copy, i, 0600, NULL), 0);
        refused(path, "key-bad");
        free(copy);
    }
    buf_puts(&good, "more\n");
    assert_int_equal(file_write(path, good.data, good.len, 0600, NULL), 0);
    refused(path, "key-bad");
    buf_free(&good);
    free(path);
}

static void test_keyfile_refuses_the_other_kind_and_halves_that_do_not_fit(void **state) {
    char *curve = dir_path(state, "curve"), *sign = dir_path(state, "sign");
    char *mixed = dir_path(state, "mixed");
    curve_pair_t c, other;
    sign_pair_t s, s2;
    curve_pair_make(&c);
    curve_pair_make(&other);
    sign_pair_make(&s);
    sign_pair_make(&s2);
    assert_int_equal(curve_pair_save(curve, &c, NULL), 0);
    assert_int_equal(sign_pair_save(sign, &s, NULL), 0);
    refused(sign, "key-bad");
    refusal_t why = {0};
    assert_int_equal(sign_pair_load(curve, &s, &why), BC_REFUSED);
    assert_string_equal(why.code, "key-bad");
    memcpy(c.public_, other.public_, sizeof c.public_);
    assert_int_equal(curve_pair_save(mixed, &c, NULL), 0);
    refused(mixed, "key-bad");
    assert_int_equal(unlink(mixed), 0);
    s2.secret[0] ^= 1;
    assert_int_equal(sign_pair_save(mixed, &s2, NULL), 0);
    assert_int_equal(sign_pair_load(mixed, &s, &why), BC_REFUSED);
    free(curve);
    free(sign);
    free(mixed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_keyfile_keeps_pairs_with_mode_0600),
        cmocka_unit_test(test_keyfile_made_pairs_differ_and_work),
        IN_DIR(test_keyfile_never_overwrites),
        IN_DIR(test_keyfile_refuses_what_others_may_read),
        IN_DIR(test_keyfile_refuses_damaged_files),
        IN_DIR(test_keyfile_refuses_the_other_kind_and_halves_that_do_not_fit),
    };
    return RUN(tests);
}
