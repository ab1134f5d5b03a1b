/* SPDX-License-Identifier: MPL-2.0 */
/* code.c - enrolment codes in base32. They come from a slip of paper by way of a keyboard, so a slip of the
 * hand is told with its group; the checksum finds it, and is no proof of where the code came from. */
#include "proto/code.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "proto/base/file.h"
#include "proto/base/hash.h"
#include "proto/base/rc.h"

#define VERSION 1
#define HEAD 86  /* version, two keys, token, expiry, length of the endpoint */
#define CHECK 4  /* of SHA-256 */
#define ENDPOINT 100
#define TEXT_MAX 4096 /* bytes of a file with a code */
#define RAW_MAX (HEAD + ENDPOINT + CHECK)
#define GROUP 5
_Static_assert(sizeof((code_t *)0)->endpoint == ENDPOINT + 1, "an endpoint and NUL");

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

static size_t pack(const code_t *code, uint8_t raw[static RAW_MAX]) {
    size_t n = strlen(code->endpoint);
    uint32_t expires = (uint32_t)code->expires;
    raw[0] = VERSION;
    memcpy(raw + 1, code->server, 32);
    memcpy(raw + 33, code->successor, 32);
    memcpy(raw + 65, code->token, 16);
    for (int i = 0; i < 4; i++)
        raw[81 + i] = (uint8_t)(expires >> (24 - 8 * i));
    raw[85] = (uint8_t)n;
    memcpy(raw + HEAD, code->endpoint, n);
    hash_t check = hash_of(raw, HEAD + n);
    memcpy(raw + HEAD + n, check.b, CHECK);
    return HEAD + n + CHECK;
}

void code_write(const code_t *code, int width, buf_t *out) {
    uint8_t raw[RAW_MAX + 1] = {0};
    size_t bits = pack(code, raw) * 8;
    int digits = 0;
    for (size_t bit = 0; bit < bits; bit += 5, digits++) {
        unsigned two = (unsigned)raw[bit / 8] << 8 | raw[bit / 8 + 1];
        if (digits && digits % GROUP == 0)
            buf_puts(out, width > 0 && digits / GROUP % width == 0 ? "\n" : " ");
        buf_add(out, &alphabet[two >> (11 - bit % 8) & 31], 1);
    }
}

/* White space, dashes and invisible marks of any script: a code pasted from a letter has them. */
static int ignored(int32_t c) {
    if (c >= 9 && c <= 13) return 1;
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_CF: return 1;
    default: return 0;
    }
}

static int wrong_character(size_t digits, int32_t c, refusal_t *why) {
    int group = (int)(digits / GROUP) + 1, place = (int)(digits % GROUP) + 1;
    const char *hint = c == '0' ? "O" : c == '1' ? "I / L" : c == '8' ? "B" : "A-Z, 2-7";
    return refuse(why, "code-bad", NULL, "Mã có ký tự sai ở nhóm %d, ký tự thứ %d (có thể là: %s).",
                  "The code has a wrong character in group %d, place %d (possible: %s).", group, place, hint);
}

/* Decodes TEXT into RAW, *N bytes. */
static int decode(const char *text, uint8_t raw[static RAW_MAX], size_t *n, refusal_t *why) {
    size_t left = strlen(text), digits = 0;
    unsigned bits = 0, held = 0;
    *n = 0;
    while (left) {
        int32_t c;
        utf8proc_ssize_t len = utf8proc_iterate((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)left, &c);
        if (len < 1) return wrong_character(digits, 0, why);
        text += len;
        left -= (size_t)len;
        if (ignored(c)) continue;
        if (c >= 'a' && c <= 'z') c -= 'a' - 'A';
        const char *digit = c > 0 && c < 0x80 ? strchr(alphabet, c) : NULL;
        if (!digit) return wrong_character(digits, c, why);
        digits++;
        bits = bits << 5 | (unsigned)(digit - alphabet);
        held += 5;
        if (held < 8) continue;
        held -= 8;
        if (*n == RAW_MAX)
            return refuse(why, "code-bad", NULL, "Mã dài quá: thừa từ nhóm %d.",
                          "The code is too long, from group %d on.", (int)(digits / GROUP) + 1);
        raw[(*n)++] = (uint8_t)(bits >> held);
        bits &= (1u << held) - 1;
    }
    if (bits || held >= 5)
        return refuse(why, "code-bad", NULL, "Mã bị thiếu ở cuối: mới có %d ký tự.",
                      "The end of the code is missing: there are %d characters.", (int)digits);
    return BC_OK;
}

/* host:port, of characters that mean nothing more to a socket. */
static int endpoint_ok(const char *s) {
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-_:[]";
    const char *colon = strrchr(s, ':');
    if (!colon || colon == s || s[strspn(s, allowed)]) return 0;
    size_t digits = strspn(colon + 1, "0123456789");
    int port = atoi(colon + 1);
    return digits >= 1 && digits <= 5 && colon[1 + digits] == '\0' && port >= 1 && port <= 65535;
}

static int unpack(const uint8_t *raw, code_t *code) {
    uint32_t expires = 0;
    for (int i = 0; i < 4; i++)
        expires = expires << 8 | raw[81 + i];
    memcpy(code->server, raw + 1, 32);
    memcpy(code->successor, raw + 33, 32);
    memcpy(code->token, raw + 65, 16);
    memcpy(code->endpoint, raw + HEAD, raw[85]);
    code->expires = (day_t)expires;
    return expires <= INT32_MAX && strlen(code->endpoint) == raw[85] && endpoint_ok(code->endpoint);
}

static int mistyped(refusal_t *why) {
    return refuse(why, "code-bad", NULL, "Mã bị gõ sai hoặc thiếu (sai tổng kiểm tra): hãy so từng nhóm.",
                  "The code is mistyped or incomplete (its checksum does not fit): compare each group.");
}

int code_read(const char *text, code_t *code, refusal_t *why) {
    uint8_t raw[RAW_MAX];
    size_t n;
    *code = (code_t){0};
    int rc = decode(text, raw, &n, why);
    if (rc) return rc;
    if (n < HEAD + CHECK)
        return refuse(why, "code-bad", NULL, "Mã bị thiếu: còn phải có thêm các nhóm phía sau.",
                      "The code is too short: groups are missing at its end.");
    hash_t check = hash_of(raw, n - CHECK);
    if (memcmp(check.b, raw + n - CHECK, CHECK) != 0) return mistyped(why);
    if (raw[0] != VERSION)
        return refuse(why, "code-bad", NULL, "Mã thuộc phiên bản %d; chương trình chỉ đọc phiên bản %d.",
                      "The code is of version %d; this program reads version %d only.", raw[0], VERSION);
    if (raw[85] > ENDPOINT || n != (size_t)HEAD + raw[85] + CHECK || !unpack(raw, code)) {
        *code = (code_t){0};
        return refuse(why, "code-bad", NULL, "Mã có địa chỉ hoặc hạn dùng không hợp lệ.",
                      "The code has an address or a last day that cannot be.");
    }
    return BC_OK;
}

/* A name of a file has a dot or a slash, which no code has; so a file that is not there is told as such. */
int code_words(const args_t *args, buf_t *out, refusal_t *why) {
    const char *first = args->argv[0];
    char *path = args_path(args, first);
    int rc = BC_OK, is_stdin = strcmp(first, "-") == 0;
    if (args->argc == 1 && (is_stdin || strpbrk(first, "./") || file_exists(path))) {
        rc = file_read(is_stdin ? first : path, TEXT_MAX, out, why);
    } else {
        for (int i = 0; i < args->argc; i++)
            buf_printf(out, "%s ", args->argv[i]);
    }
    free(path);
    return rc;
}
