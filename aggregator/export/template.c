/* SPDX-License-Identifier: MPL-2.0 */
/* template.c - each part of a template against a table of what it must have. */
#include "aggregator/export/template.h"

#include <assert.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/embed.h"
#include "proto/field.h"

#define SIZE(name) \
    { name, FIELD_NUMBER, 1, 6, 36 } /* points */

static const field_t page_fields[] = {{"width_mm", FIELD_NUMBER, 1, 100, 1000},
                                      {"height_mm", FIELD_NUMBER, 1, 100, 1000},
                                      {"top_mm", FIELD_NUMBER, 1, 5, 90},
                                      {"bottom_mm", FIELD_NUMBER, 1, 5, 90},
                                      {"left_mm", FIELD_NUMBER, 1, 5, 45},
                                      {"right_mm", FIELD_NUMBER, 1, 5, 45},
                                      {0}};
static const field_t size_fields[] = {
    SIZE("body"),        SIZE("parent"), SIZE("issuer"),     SIZE("country"),          SIZE("motto"),
    SIZE("number"),      SIZE("place"),  SIZE("type"),       SIZE("abstract"),         SIZE("signature"),
    SIZE("page_number"), SIZE("table"),  SIZE("addressees"), SIZE("addressees_title"), {0}};
static const field_t section_fields[] = {
    {"title", FIELD_TEXT, 1, 1, 200}, {"parts", FIELD_ARRAY, 1, 1, 20}, {0}};
static const field_t addressee_fields[] = {
    {"name", FIELD_TEXT, 1, 1, 200}, {"purpose", FIELD_TEXT, 1, 1, 20}, {0}};
enum { PAGE, SIZES = 2, SECTIONS = 10, ADDRESSEES, SIGNATURE = 13 };
static const field_t fields[] = {{"page", FIELD_OBJECT, 1, 0, 0},
                                 {"font", FIELD_TEXT, 1, 1, 64},
                                 {"sizes", FIELD_OBJECT, 1, 0, 0},
                                 {"country", FIELD_TEXT, 1, 1, 100},
                                 {"motto", FIELD_TEXT, 1, 1, 100},
                                 {"parent", FIELD_TEXT, 1, 1, 200},
                                 {"issuer", FIELD_TEXT, 1, 1, 200},
                                 {"number", FIELD_TEXT, 1, 1, 100},
                                 {"type", FIELD_TEXT, 1, 1, 100},
                                 {"abstract", FIELD_TEXT, 1, 1, 500},
                                 {"sections", FIELD_ARRAY, 1, 1, 20},
                                 {"addressees", FIELD_ARRAY, 1, 0, 40},
                                 {"keep", FIELD_TEXT, 1, 1, 200},
                                 {"signature", FIELD_ARRAY, 1, 1, 5},
                                 {"place", FIELD_TEXT, 1, 1, 100},
                                 {"signer", FIELD_TEXT, 0, 1, 100},
                                 {0}};

static int bad(const refusal_t *inner, refusal_t *why) {
    return refuse(why, "template-field", inner->field, "Mẫu văn bản: %1$s%2$.0s", "The template: %1$.0s%2$s",
                  inner->vi, inner->en);
}

static int check_each(const json_t *array, const field_t *each, const char *path, refusal_t *inner) {
    const json_t *v[FIELD_MOST];
    int rc = BC_OK;
    for (size_t i = 0; rc == BC_OK && i < json_array_size(array); i++) {
        rc = field_check(json_array_get(array, i), each, path, (int)i, v, inner);
        if (rc == BC_OK && each == section_fields) rc = field_texts(v[1], 64, 1, "parts", inner);
    }
    return rc;
}

static int check(json_t *j, refusal_t *why) {
    const json_t *v[FIELD_MOST] = {NULL};
    refusal_t inner = {0};
    /* "signer" may be left empty in a file that is edited by hand. */
    const char *signer = json_text(j, "signer");
    if (signer && !*signer) json_object_del(j, "signer");
    int rc = field_check(j, fields, NULL, -1, v, &inner);
    if (rc == BC_OK) rc = field_check(v[PAGE], page_fields, "page", -1, NULL, &inner);
    if (rc == BC_OK) rc = field_check(v[SIZES], size_fields, "sizes", -1, NULL, &inner);
    if (rc == BC_OK) rc = check_each(v[SECTIONS], section_fields, "sections", &inner);
    if (rc == BC_OK) rc = check_each(v[ADDRESSEES], addressee_fields, "addressees", &inner);
    if (rc == BC_OK) rc = field_texts(v[SIGNATURE], 100, 0, "signature", &inner);
    return rc ? bad(&inner, why) : BC_OK;
}

json_t *template_read(const char *text, size_t n, refusal_t *why) {
    json_t *j = json_read(text, n, why);
    if (j && check(j, why)) {
        json_decref(j);
        j = NULL;
    }
    return j;
}

json_t *template_default(void) {
    json_t *j = template_read(embed_paper, (size_t)(embed_paper_end - embed_paper), NULL);
    assert(j); /* it is a part of the program, and a test reads it */
    return j;
}

double template_number(const json_t *template, const char *group, const char *name) {
    return (double)json_int(json_object_get(template, group), name, 0);
}
