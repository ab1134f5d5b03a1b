/* SPDX-License-Identifier: MPL-2.0 */
/* test_receipt.c - lines, signatures and kept receipts against vectors/receipt.json. */
#include "proto/receipt.h"

#include <sodium.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "tests/proto/vector.h"
#include "tests/support.h"

static const char *line_at(const json_t *v, size_t i) {
    return json_string_value(json_array_get(json_object_get(v, "lines"), i));
}

static void test_receipt_writes_and_reads_the_lines_of_the_vectors(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json"), *f;
    size_t i;
    json_array_foreach(json_object_get(v, "fields"), i, f) {
        receipt_t r = {.position = json_int(f, "position", 0), .rev = (int)json_int(f, "rev", 0),
                       .received = json_int(f, "received", 0)}, back;
        strcpy(r.log, vector_text(f, "log"));
        strcpy(r.unit, vector_text(f, "unit"));
        assert_int_equal(uuid_parse(vector_text(f, "id"), &r.id), 0);
        vector_hex(f, "sha256", r.sha256.b, HASH_LEN);
        char line[RECEIPT_LINE];
        assert_int_equal(receipt_line(&r, line), strlen(line_at(v, i)));
        assert_string_equal(line, line_at(v, i));
        assert_int_equal(receipt_read(line, &back, NULL), 0);
        assert_string_equal(back.log, r.log);
        assert_string_equal(back.unit, r.unit);
        assert_int_equal(back.position, r.position);
        assert_int_equal(back.rev, r.rev);
        assert_int_equal(back.received, r.received);
        assert_memory_equal(&back.id, &r.id, sizeof r.id);
        assert_true(hash_equal(&back.sha256, &r.sha256));
    }
    json_decref(v);
}

static void test_receipt_refuses_lines_in_another_form(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json"), *each;
    size_t i;
    json_array_foreach(json_object_get(v, "bad"), i, each) {
        receipt_t r;
        refusal_t why;
        if (receipt_read(json_string_value(each), &r, &why) != BC_REFUSED)
            fail_msg("taken: %s", json_string_value(each));
        assert_string_equal(why.code, "receipt-bad");
    }
    json_decref(v);
}

static void test_receipt_longest_line_fits(void **state) {
    (void)state;
    receipt_t r = {.log = "0123456789abcdef0123456789abcdef", .position = INT64_MAX, .rev = INT32_MAX,
                   .received = INT64_MAX, .unit = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"};
    char line[RECEIPT_LINE];
    assert_true(receipt_line(&r, line) < RECEIPT_LINE);
}

static void test_receipt_signs_as_the_vectors_do(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    uint8_t seed[32], secret[64], public_[32], sign[32], signature[64], want[64];
    hash_t root;
    vector_hex(v, "seed", seed, sizeof seed);
    vector_hex(v, "sign", sign, sizeof sign);
    vector_hex(v, "root", root.b, HASH_LEN);
    vector_hex(v, "signature", want, sizeof want);
    crypto_sign_seed_keypair(public_, secret, seed);
    assert_memory_equal(public_, sign, sizeof sign);
    const char *log = vector_text(v, "log");
    int64_t ms = json_int(v, "signed", 0);
    receipt_sign(secret, log, &root, ms, signature);
    assert_memory_equal(signature, want, sizeof want);
    assert_true(receipt_signature_ok(sign, log, &root, ms, signature));
    assert_false(receipt_signature_ok(sign, log, &root, ms + 1, signature));
    assert_false(receipt_signature_ok(sign, "", &root, ms, signature));
    assert_false(receipt_signature_ok(sign, log, &root, -1, signature));
    signature[0] ^= 1;
    assert_false(receipt_signature_ok(sign, log, &root, ms, signature));
    json_decref(v);
}

static void test_receipt_keeps_what_verifies_alone(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    hash_t leaves[16], root;
    uint8_t sign[32], signature[64];
    vector_hex(v, "sign", sign, sizeof sign);
    vector_hex(v, "root", root.b, HASH_LEN);
    vector_hex(v, "signature", signature, sizeof signature);
    size_t n = json_array_size(json_object_get(v, "lines"));
    for (size_t i = 0; i < n; i++)
        leaves[i] = merkle_leaf(line_at(v, i), strlen(line_at(v, i)));
    for (size_t i = 0; i < n; i++) {
        merkle_step_t path[MERKLE_PATH];
        size_t steps = merkle_path(leaves, n, i, path);
        json_t *kept = receipt_keep(line_at(v, i), path, steps, &root, vector_text(v, "log"),
                                    json_int(v, "signed", 0), signature, sign);
        assert_true(json_equal(kept, json_array_get(json_object_get(v, "kept"), i)));
        const char *document = json_string_value(json_array_get(json_object_get(v, "documents"), i));
        receipt_t r;
        assert_int_equal(receipt_verify(kept, sign, document, strlen(document), &r, NULL), 0);
        assert_int_equal(receipt_verify(kept, NULL, NULL, 0, &r, NULL), 0);
        assert_int_equal(r.rev, (int)i + 1);
        json_decref(kept);
    }
    json_decref(v);
}

static void refused(const json_t *kept, const uint8_t *sign, const char *document, const char *code) {
    receipt_t r;
    refusal_t why = {0};
    assert_int_equal(receipt_verify(kept, sign, document, document ? strlen(document) : 0, &r, &why),
                     BC_REFUSED);
    assert_string_equal(why.code, code);
}

/* Kept receipt 3 of the vectors with KEY set to VALUE (stolen; NULL: removed). */
static void refused_with(const json_t *v, const char *key, json_t *value, const char *code) {
    json_t *kept = json_deep_copy(json_array_get(json_object_get(v, "kept"), 3));
    if (value) {
        json_object_set_new(kept, key, value);
    } else {
        json_object_del(kept, key);
    }
    refused(kept, NULL, NULL, code);
    json_decref(kept);
}

static void test_receipt_names_what_is_wrong(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    const json_t *kept = json_array_get(json_object_get(v, "kept"), 3);
    const uint8_t other[32] = {1};
    refused(kept, other, NULL, "receipt-key");
    refused(kept, NULL, "another", "receipt-document");
    refused_with(v, "line", json_string(line_at(v, 2)), "receipt-path");
    refused_with(v, "path", json_array(), "receipt-path");
    refused_with(v, "signed", json_integer(json_int(kept, "signed", 0) + 1), "receipt-signature");
    refused_with(v, "sign", json_string(vector_text(v, "root")), "receipt-signature");
    refused_with(v, "log", json_string("00000000000000000000000000000000"), "receipt-signature");
    json_decref(v);
}

static void test_receipt_of_a_restored_log_keeps_the_line_of_the_ancestor(void **state) {
    (void)state;
    const char *now = "fedcba9876543210fedcba9876543210";
    uint8_t sign[32], secret[64], signature[64];
    receipt_t out, r = {.log = "0123456789abcdef0123456789abcdef", .position = 7, .rev = 1, .unit = "BD.01",
                        .id = uuid_v7(1000)};
    char line[RECEIPT_LINE];
    crypto_sign_keypair(sign, secret);
    hash_t root = merkle_leaf(line, receipt_line(&r, line));
    receipt_sign(secret, now, &root, 1000, signature);
    json_t *kept = receipt_keep(line, NULL, 0, &root, now, 1000, signature, sign);
    assert_int_equal(receipt_verify(kept, sign, NULL, 0, &out, NULL), 0);
    assert_string_equal(out.log, r.log);
    json_decref(kept);
}

static void test_receipt_refuses_kept_ones_of_any_other_shape(void **state) {
    (void)state;
    json_t *v = vector_load("receipt.json");
    const char *keys[] = {"line", "path", "root", "log", "signed", "signature", "sign"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        refused_with(v, keys[i], NULL, "receipt-bad");
        refused_with(v, keys[i], json_null(), "receipt-bad");
        refused_with(v, keys[i], json_string("x"), "receipt-bad");
        refused_with(v, keys[i], json_pack("[s]", "x"), "receipt-bad");
        refused_with(v, keys[i], json_pack("[[s,s]]", "R", "x"), "receipt-bad");
        refused_with(v, keys[i], json_pack("[[s,s,s]]", "R", vector_text(v, "root"), "x"), "receipt-bad");
        refused_with(v, keys[i], json_pack("[[s,s]]", "M", vector_text(v, "root")), "receipt-bad");
    }
    json_t *deep = json_array();
    for (int i = 0; i <= MERKLE_PATH; i++)
        json_array_append_new(deep, json_pack("[s,s]", "R", vector_text(v, "root")));
    refused_with(v, "path", deep, "receipt-bad");
    json_t *none = json_null();
    refused(none, NULL, NULL, "receipt-bad");
    json_decref(none);
    json_decref(v);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_receipt_writes_and_reads_the_lines_of_the_vectors),
        cmocka_unit_test(test_receipt_refuses_lines_in_another_form),
        cmocka_unit_test(test_receipt_longest_line_fits),
        cmocka_unit_test(test_receipt_signs_as_the_vectors_do),
        cmocka_unit_test(test_receipt_keeps_what_verifies_alone),
        cmocka_unit_test(test_receipt_names_what_is_wrong),
        cmocka_unit_test(test_receipt_of_a_restored_log_keeps_the_line_of_the_ancestor),
        cmocka_unit_test(test_receipt_refuses_kept_ones_of_any_other_shape),
    };
    return RUN(tests);
}
