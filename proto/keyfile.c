/* SPDX-License-Identifier: MPL-2.0 */
/* keyfile.c - makes, keeps and checks key pairs. A pair whose halves do not belong together is refused
 * here, since later it only shows as a handshake that never ends. */
#include "proto/keyfile.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

#define CURVE_KIND "baocao-curve-key/1"
#define SIGN_KIND "baocao-sign-key/1"
#define FILE_MAX 4096

static void ready(void) {
    if (sodium_init() < 0) abort(); /* no random numbers: nothing may be made */
}

void curve_pair_make(curve_pair_t *pair) {
    ready();
    crypto_box_keypair(pair->public_, pair->secret);
}

void sign_pair_make(sign_pair_t *pair) {
    ready();
    crypto_sign_keypair(pair->public_, pair->secret);
}

static void wipe(buf_t *b) {
    if (b->data) sodium_memzero(b->data, b->cap);
    buf_free(b);
}

static int save(const char *path, const char *kind, const uint8_t public_[32], const uint8_t *secret,
                size_t secret_len, refusal_t *why) {
    if (file_exists(path))
        return refuse(why, "key-exists", path, "Tệp khóa \"%s\" đã có, không ghi đè.",
                      "The key file \"%s\" is there already and is not overwritten.", path);
    char public_hex[HASH_HEX], secret_hex[129];
    buf_t text = {0};
    buf_room(&text, 512); /* so that no copy of the secret is left behind by growing */
    hex_write(public_, 32, public_hex);
    hex_write(secret, secret_len, secret_hex);
    buf_printf(&text, "%s\npublic %s\nsecret %s\n", kind, public_hex, secret_hex);
    int rc = file_write(path, text.data, text.len, 0600, why);
    sodium_memzero(secret_hex, sizeof secret_hex);
    wipe(&text);
    return rc;
}

int curve_pair_save(const char *path, const curve_pair_t *pair, refusal_t *why) {
    return save(path, CURVE_KIND, pair->public_, pair->secret, sizeof pair->secret, why);
}

int sign_pair_save(const char *path, const sign_pair_t *pair, refusal_t *why) {
    return save(path, SIGN_KIND, pair->public_, pair->secret, sizeof pair->secret, why);
}

static int bad(const char *path, refusal_t *why) {
    return refuse(why, "key-bad", path, "Tệp khóa \"%s\" bị hỏng hoặc không phải loại khóa này.",
                  "The key file \"%s\" is damaged or of another kind.", path);
}

/* Takes the line "NAME <hex>", or "NAME" where N is 0. */
static int take_line(char **at, const char *name, uint8_t *out, size_t n) {
    char *end = strchr(*at, '\n');
    size_t len = strlen(name);
    if (!end || strncmp(*at, name, len) != 0) return 0;
    *end = '\0';
    char *value = *at + len;
    *at = end + 1;
    if (n == 0) return *value == '\0';
    return *value == ' ' && hex_read(value + 1, out, n) == BC_OK;
}

static int load(const char *path, const char *kind, uint8_t public_[32], uint8_t *secret, size_t secret_len,
                refusal_t *why) {
    buf_t text = {0};
    int rc = file_read_secret(path, FILE_MAX, &text, why);
    char *at = text.data;
    if (!rc && (!take_line(&at, kind, NULL, 0) || !take_line(&at, "public", public_, 32) ||
                !take_line(&at, "secret", secret, secret_len) || at != text.data + text.len))
        rc = bad(path, why);
    wipe(&text);
    return rc;
}

int curve_pair_load(const char *path, curve_pair_t *pair, refusal_t *why) {
    int rc = load(path, CURVE_KIND, pair->public_, pair->secret, sizeof pair->secret, why);
    uint8_t derived[32];
    if (!rc && (crypto_scalarmult_base(derived, pair->secret) || memcmp(derived, pair->public_, 32) != 0))
        rc = bad(path, why);
    if (rc) sodium_memzero(pair, sizeof *pair);
    return rc;
}

int sign_pair_load(const char *path, sign_pair_t *pair, refusal_t *why) {
    int rc = load(path, SIGN_KIND, pair->public_, pair->secret, sizeof pair->secret, why);
    sign_pair_t derived;
    if (!rc) {
        crypto_sign_seed_keypair(derived.public_, derived.secret, pair->secret);
        if (memcmp(&derived, pair, sizeof derived) != 0) rc = bad(path, why);
        sodium_memzero(&derived, sizeof derived);
    }
    if (rc) sodium_memzero(pair, sizeof *pair);
    return rc;
}
