/* field.h - the fields of a JSON object against a table: presence, type, size, and nothing unknown.
 *
 * Documents, plans and units are read with it, so that each fault has one sentence everywhere. */
#ifndef BC_FIELD_H
#define BC_FIELD_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

#include "proto/base/refusal.h"

#define FIELD_MOST 32 /* fields in a table */

typedef enum {
    FIELD_TEXT,   /* not blank, min..max characters, no control characters but LF and TAB */
    FIELD_ID,     /* [A-Za-z0-9][A-Za-z0-9._-]*, min..max characters */
    FIELD_UNIT,   /* unit code */
    FIELD_PARENT, /* unit code or null */
    FIELD_DAY,    /* YYYY-MM-DD */
    FIELD_NUMBER, /* whole, min..max */
    FIELD_BOOL,
    FIELD_HASH,   /* hex64 */
    FIELD_LABEL,  /* {"vi":text,"en":text?}, each up to max characters */
    FIELD_ARRAY,  /* min..max elements */
    FIELD_OBJECT
} field_type_t;

typedef struct {
    const char *name; /* NULL ends a table */
    field_type_t type;
    int needed;
    int64_t min, max;
} field_t;

/* Checks OBJ (borrowed) against FIELDS. VALUES (NULL: not wanted) gets the borrowed value of each field in
 * the order of the table, NULL where absent. PATH and INDEX (-1: none) say where OBJ stands: "plans", 0
 * gives "plans[0].version" in a refusal; PATH NULL is the top. Refuses "field-missing", "field-type",
 * "field-range", "field-unknown", "text-blank", "text-long", "text-control", "date-bad". */
int field_check(const json_t *obj, const field_t *fields, const char *path, int index, const json_t **values,
                refusal_t *why);

/* Checks that each element of ARRAY (borrowed) is a text of 1..MAX characters and, if DISTINCT, none
 * stands there twice ("item-twice"). NAME is the array's field. */
int field_texts(const json_t *array, int64_t max, int distinct, const char *name, refusal_t *why);

/* What is wrong with N bytes of UTF-8 as a text of at most MAX characters. */
typedef enum { TEXT_FINE, TEXT_BLANK, TEXT_LONG, TEXT_CONTROL } text_fault_t;
text_fault_t field_text_fault(const char *s, size_t n, int64_t max);

/* 1 if the N bytes at P, and every string of J that was read from them, are in NFC: an escape like \u0301
 * hides a mark from the bytes. */
int field_nfc(const char *p, size_t n, const json_t *j);

#endif
