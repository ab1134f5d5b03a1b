/* json.h - strict JSON in and canonical JSON out, over jansson.
 *
 * Ownership words as in jansson: "new" must be decref'd by the caller, "borrowed" must not. */
#ifndef BC_JSON_H
#define BC_JSON_H

#include <jansson.h>
#include <stdint.h>

#include "proto/base/refusal.h"

#define JSON_DEPTH 12                  /* deepest nesting taken from outside */
#define JSON_NUMBER_MAX 999999999999999LL /* whole numbers stay exact in any reader's double */

/* New object from N bytes. Refuses, each with its own code: malformed JSON ("json-malformed", with line and
 * column), not an object ("json-not-object"), nesting over JSON_DEPTH ("json-deep"), the same key twice
 * ("json-duplicate"), NUL ("json-nul"), invalid UTF-8 ("json-utf8"), a number that does not fit
 * ("json-number"). NULL and WHY filled on refusal. The depth is
 * checked before parsing. P may be NULL where N is 0, as SQLite gives an empty blob. */
json_t *json_read(const char *p, size_t n, refusal_t *why);

/* Canonical text: keys sorted by bytes, no spaces, UTF-8 unescaped. Caller frees. */
char *json_canonical(const json_t *j);
/* The same with indentation for people; caller frees. */
char *json_pretty(const json_t *j);

/* Commas and opening brackets of N bytes that need not be JSON, outside of texts: never fewer than the values
 * a parser would have to make of them, less one. */
size_t json_weight(const char *p, size_t n);

#define JSON_ESCAPE 6 /* bytes of the longest escape, \u001f */
/* Writes the valid UTF-8 of S, escaped as it stands between quotes, and a NUL at TO, which has room for
 * JSON_ESCAPE times its length and the NUL. Returns the place of the NUL. */
char *json_escape(char *to, const char *s);

/* Borrowed string or NULL where absent or of another type. */
const char *json_text(const json_t *obj, const char *key);
/* Whole number, or DEF where absent or of another type. */
int64_t json_int(const json_t *obj, const char *key, int64_t def);
/* 1 or 0, or DEF where absent or of another type. */
int json_bool(const json_t *obj, const char *key, int def);

/* Refuses ("field-unknown", naming the nearest) any key of OBJ that is not in the NULL-ended list
 * KNOWN. PATH stands before the field's name in the refusal, may be "". */
int json_only(const json_t *obj, const char *const *known, const char *path, refusal_t *why);

#endif
