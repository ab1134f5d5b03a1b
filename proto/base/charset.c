/* SPDX-License-Identifier: MPL-2.0 */
/* Guessing an encoding from the bytes alone, in the order of certainty. A wrong guess shows as
 * wrong letters, so the name of the guess goes back to the one who asked. */
#include "proto/base/charset.h"

#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/base/text.h"

enum { SAMPLE = 4096 };

static int begins(const char *p, size_t n, const char *with, size_t m) {
    return n >= m && memcmp(p, with, m) == 0;
}

/* UTF-16 without its mark: ASCII signs and digits make zero bytes on one side only, and many: a zero byte
 * that strayed into other text is no sign of it. NULL where both sides have them, or neither. */
static const char *utf16_side(const char *p, size_t n) {
    size_t zeros[2] = {0, 0}, sample = n < SAMPLE ? n : SAMPLE;
    for (size_t i = 0; i < sample; i++)
        zeros[i % 2] += p[i] == '\0';
    if ((zeros[0] + zeros[1]) * 8 < sample) return NULL;
    if (zeros[0] == 0 && zeros[1] > 0) return "UTF-16LE";
    return zeros[1] == 0 && zeros[0] > 0 ? "UTF-16BE" : NULL;
}

/* The encoding of the bytes and how many its mark takes. */
static const char *guess(const char *p, size_t n, size_t *mark) {
    *mark = 2;
    if (begins(p, n, "\xFF\xFE", 2)) return "UTF-16LE";
    if (begins(p, n, "\xFE\xFF", 2)) return "UTF-16BE";
    *mark = begins(p, n, "\xEF\xBB\xBF", 3) ? 3 : 0;
    if (*mark == 0 && utf16_side(p, n) != NULL) return utf16_side(p, n);
    return text_utf8_ok(p + *mark, n - *mark) || *mark > 0 ? "UTF-8" : "CP1258";
}

/* Converts to UTF-8 by iconv, which holds back the last letter of CP1258 until flushed. */
static int convert(const char *p, size_t n, const char *from, buf_t *out) {
    iconv_t cd = iconv_open("UTF-8", from);
    if (cd == (iconv_t)-1) return -1;
    size_t room = 3 * n + 8, left = room;
    char *in = (char *)p, *at = buf_room(out, room);
    int failed =
        iconv(cd, &in, &n, &at, &left) == (size_t)-1 || iconv(cd, NULL, NULL, &at, &left) == (size_t)-1;
    iconv_close(cd);
    if (failed) return -1;
    out->len += room - left;
    return 0;
}

static int is_workbook(const char *p, size_t n) {
    return begins(p, n, "PK\x03\x04", 4) || begins(p, n, "\xD0\xCF\x11\xE0", 4);
}

static void refuse_workbook(refusal_t *why) {
    refuse(why, "csv-encoding", NULL,
           "Đây là tệp bảng tính Excel, chưa phải tệp CSV. Hãy mở tệp bằng Excel, chọn “Lưu thành” "
           "(Save As), kiểu “CSV UTF-8”, rồi nhập lại.",
           "This is an Excel workbook, not a CSV file. Open it in Excel, choose Save As, type "
           "\"CSV UTF-8\", and import that file.");
}

static void refuse_nul(refusal_t *why) {
    refuse(why, "csv-encoding", NULL,
           "Tệp có byte NUL (số 0), không phải là văn bản. Hãy mở tệp bằng Excel và lưu lại theo kiểu “CSV "
           "UTF-8”.",
           "The file holds a NUL byte, so it is no text. Open it in Excel and save it as \"CSV UTF-8\".");
}

static void refuse_unread(refusal_t *why) {
    refuse(why, "csv-encoding", NULL,
           "Không đọc được bảng mã chữ của tệp (đã thử UTF-8, UTF-16 và Windows-1258). Hãy mở tệp bằng "
           "Excel và lưu lại theo kiểu “CSV UTF-8”.",
           "The file's character encoding cannot be read (tried UTF-8, UTF-16 and Windows-1258). Open it "
           "in Excel and save it as \"CSV UTF-8\".");
}

char *charset_decode(const char *p, size_t n, const char **name, refusal_t *why) {
    buf_t utf8 = {0};
    char *nfc = NULL;
    size_t mark;
    const char *from = guess(p, n, &mark);
    if (is_workbook(p, n)) {
        refuse_workbook(why);
        return NULL;
    }
    p += mark;
    n -= mark;
    if (n && strncmp(from, "UTF-16", 6) != 0 && memchr(p, '\0', n)) {
        refuse_nul(why);
        return NULL;
    }
    if (strcmp(from, "UTF-8") == 0)
        nfc = text_nfc(p, n);
    else if (convert(p, n, from, &utf8) == 0)
        nfc = text_nfc(utf8.data != NULL ? utf8.data : "", utf8.len);
    buf_free(&utf8);
    if (nfc == NULL)
        refuse_unread(why);
    else
        *name = from;
    return nfc;
}
