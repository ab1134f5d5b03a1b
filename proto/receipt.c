/* SPDX-License-Identifier: MPL-2.0 */
/* receipt.c - receipt lines, their signed root, and the kept form that verifies alone. */
#include "proto/receipt.h"

#include <sodium.h>
#include <string.h>

#include "proto/base/decimal.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/unit.h"

#define LINE_BEGIN "baocao-receipt/1 "
#define ROOT_TEXT 160 /* "baocao-root/1 <log> <root> <signed>" */

_Static_assert(crypto_sign_BYTES == 64 && crypto_sign_SECRETKEYBYTES == 64, "sizes of Ed25519");

size_t receipt_line(const receipt_t *r, char out[static RECEIPT_LINE]) {
    char *to = stpcpy(stpcpy(out, LINE_BEGIN), r->log);
    *to++ = ' ';
    to = decimal_write(r->position, to);
    *to++ = ' ';
    uuid_text(&r->id, to);
    to += UUID_TEXT - 1;
    *to++ = ' ';
    to = decimal_write(r->rev, to);
    *to++ = ' ';
    hex_write(r->sha256.b, HASH_LEN, to);
    to += HASH_HEX - 1;
    *to++ = ' ';
    to = decimal_write(r->received, to);
    *to++ = ' ';
    to = stpcpy(to, r->unit);
    return (size_t)(to - out);
}

static int bad(refusal_t *why) {
    return refuse(why, "receipt-bad", NULL, "Xác nhận đã nhận bị hỏng hoặc không đúng định dạng.",
                  "The receipt is damaged or not in the form of a receipt.");
}

/* Takes the word up to the next space or, where LAST, up to the end into OUT of SIZE. */
static int take(const char **at, char *out, size_t size, int last) {
    size_t n = strcspn(*at, " ");
    if (n == 0 || n >= size || ((*at)[n] == '\0') != last) return 0;
    memcpy(out, *at, n);
    out[n] = '\0';
    *at += n + !last;
    return 1;
}

static int take_number(const char **at, int64_t *out) {
    if (!decimal_read(at, out) || **at != ' ') return 0;
    ++*at;
    return 1;
}

int receipt_read(const char *line, receipt_t *r, refusal_t *why) {
    char id[UUID_TEXT], sha256[HASH_HEX];
    uint8_t log[16];
    int64_t rev;
    const char *at = line;
    *r = (receipt_t){0};
    if (strncmp(at, LINE_BEGIN, sizeof LINE_BEGIN - 1) != 0) return bad(why);
    at += sizeof LINE_BEGIN - 1;
    int ok = take(&at, r->log, sizeof r->log, 0) && hex_read(r->log, log, sizeof log) == BC_OK &&
             take_number(&at, &r->position) && r->position > 0 && take(&at, id, sizeof id, 0) &&
             uuid_parse(id, &r->id) == BC_OK && take_number(&at, &rev) && rev > 0 && rev <= ENTRY_REV_MAX &&
             take(&at, sha256, sizeof sha256, 0) && hex_read(sha256, r->sha256.b, HASH_LEN) == BC_OK &&
             take_number(&at, &r->received) && take(&at, r->unit, sizeof r->unit, 1) && unit_code_ok(r->unit);
    if (!ok) return bad(why);
    r->rev = (int)rev;
    return BC_OK;
}

static size_t root_text(const char *log, const hash_t *root, int64_t signed_ms, char out[static ROOT_TEXT]) {
    char *to = stpcpy(stpcpy(out, "baocao-root/1 "), log);
    *to++ = ' ';
    hex_write(root->b, HASH_LEN, to);
    to += HASH_HEX - 1;
    *to++ = ' ';
    return (size_t)(decimal_write(signed_ms, to) - out);
}

void receipt_sign(const uint8_t secret[static 64], const char *log, const hash_t *root, int64_t signed_ms,
                  uint8_t out[static 64]) {
    char text[ROOT_TEXT];
    size_t n = root_text(log, root, signed_ms, text);
    crypto_sign_detached(out, NULL, (const uint8_t *)text, n, secret); /* always 0 */
}

int receipt_signature_ok(const uint8_t sign[static 32], const char *log, const hash_t *root,
                         int64_t signed_ms, const uint8_t signature[static 64]) {
    char text[ROOT_TEXT];
    if (strlen(log) != LOG_ID - 1 || signed_ms < 0) return 0;
    size_t n = root_text(log, root, signed_ms, text);
    return crypto_sign_verify_detached(signature, (const uint8_t *)text, n, sign) == 0;
}

static json_t *hex_json(const void *p, size_t n) {
    char hex[129];
    return json_string(hex_write(p, n, hex));
}

json_t *receipt_keep(const char *line, const merkle_step_t *path, size_t steps, const hash_t *root,
                     const char *log, int64_t signed_ms, const uint8_t signature[static 64],
                     const uint8_t sign[static 32]) {
    json_t *steps_json = json_array();
    for (size_t i = 0; i < steps; i++)
        json_array_append_new(steps_json, json_pack("[so]", path[i].right ? "R" : "L",
                                                    hex_json(path[i].hash.b, HASH_LEN)));
    return json_pack("{ss so so ss sI so so}", "line", line, "path", steps_json, "root",
                     hex_json(root->b, HASH_LEN), "log", log, "signed", (json_int_t)signed_ms, "signature",
                     hex_json(signature, 64), "sign", hex_json(sign, 32));
}

/* A kept receipt read into its parts. */
typedef struct {
    receipt_t line;
    hash_t leaf, root;
    merkle_step_t path[MERKLE_PATH];
    size_t steps;
    const char *log;
    int64_t signed_ms;
    uint8_t signature[64], sign[32];
} kept_t;

static int hex_field(const json_t *j, const char *key, void *out, size_t n) {
    const char *s = json_text(j, key);
    return s && hex_read(s, out, n) == BC_OK;
}

static int read_path(const json_t *path, kept_t *k) {
    if (!json_is_array(path) || json_array_size(path) > MERKLE_PATH) return 0;
    k->steps = json_array_size(path);
    for (size_t i = 0; i < k->steps; i++) {
        const json_t *step = json_array_get(path, i);
        const char *side = json_string_value(json_array_get(step, 0));
        const char *hash = json_string_value(json_array_get(step, 1));
        if (!side || !hash || json_array_size(step) != 2) return 0;
        k->path[i].right = strcmp(side, "R") == 0;
        if (!k->path[i].right && strcmp(side, "L") != 0) return 0;
        if (hex_read(hash, k->path[i].hash.b, HASH_LEN)) return 0;
    }
    return 1;
}

/* `log` is the id the log bore when the root was signed; the line names the one under which the document was
 * stored, which after a restore is an ancestor. */
static int read_kept(const json_t *kept, kept_t *k) {
    uint8_t log[16];
    const char *line = json_text(kept, "line");
    k->log = json_text(kept, "log");
    k->signed_ms = json_int(kept, "signed", -1);
    if (!line || !k->log || k->signed_ms < 0 || receipt_read(line, &k->line, NULL)) return 0;
    k->leaf = merkle_leaf(line, strlen(line));
    return hex_read(k->log, log, sizeof log) == BC_OK && read_path(json_object_get(kept, "path"), k) &&
           hex_field(kept, "root", k->root.b, HASH_LEN) &&
           hex_field(kept, "signature", k->signature, sizeof k->signature) &&
           hex_field(kept, "sign", k->sign, sizeof k->sign);
}

int receipt_verify(const json_t *kept, const uint8_t *sign, const char *document, size_t n, receipt_t *out,
                   refusal_t *why) {
    kept_t k;
    if (!read_kept(kept, &k)) return bad(why);
    if (sign && memcmp(sign, k.sign, sizeof k.sign) != 0)
        return refuse(why, "receipt-key", NULL, "Xác nhận được ký bằng một khóa không phải của máy chủ.",
                      "The receipt is signed with a key that is not the collector's.");
    hash_t root = merkle_climb(&k.leaf, k.path, k.steps);
    if (!hash_equal(&root, &k.root))
        return refuse(why, "receipt-path", NULL, "Dòng xác nhận không thuộc về danh sách đã được ký.",
                      "The receipt's line does not belong to the list that was signed.");
    if (!receipt_signature_ok(k.sign, k.log, &k.root, k.signed_ms, k.signature))
        return refuse(why, "receipt-signature", NULL, "Chữ ký của xác nhận không đúng.",
                      "The signature of the receipt does not hold.");
    if (document) {
        hash_t sha256 = hash_of(document, n);
        if (!hash_equal(&sha256, &k.line.sha256))
            return refuse(why, "receipt-document", NULL, "Xác nhận này là của một báo cáo có nội dung khác.",
                          "The receipt is for a document with other content.");
    }
    *out = k.line;
    return BC_OK;
}
