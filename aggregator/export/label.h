/* SPDX-License-Identifier: MPL-2.0 */
/* label.h - what people read instead of ids: labels of measures, forms, topics and states, and figures as
 * they are written in Vietnam. */
#ifndef BC_LABEL_H
#define BC_LABEL_H

#include "aggregator/summary.h"

/* A measure that stands in a summary. */
typedef struct {
    const char *name; /* its key in the summary: the id, or "id/add/scale" */
    const char *label, *unit, *add;
} column_t;

/* What is shown, and to whom. */
typedef struct {
    const view_t *view;
    const asked_t *asked;
    const json_t *summary; /* borrowed */
    lang_t lang;
} shown_t;

/* The measures with a figure in the summary, in the order of the plan (of all plans for the whole). New
 * array of *COUNT, freed by the caller; strings borrowed from view and summary. */
column_t *label_columns(const shown_t *shown, size_t *count);
/* The newest definition of the measure that NAME, "id" or "id/add/scale", is about; NULL where there is
 * none. */
const measure_t *label_measure(const shown_t *shown, const char *name);
/* Label of a form or topic; "-" is the form of aggregates. Falls back to the id. Borrowed. */
const char *label_form(const shown_t *shown, const char *id);
const char *label_topic(const shown_t *shown, const char *id);
/* "đã gửi đủ", "complete", … for a unit's status. */
const char *label_status(const char *status, lang_t lang);
/* "hoạt động", "báo cáo kỳ", "báo cáo gộp" for a kind of document. */
const char *label_document(const char *kind, lang_t lang);
/* What a kind of unit is called; kinds are data, so others are called by their id. */
const char *label_kind(const char *kind, lang_t lang);
/* A figure as people write it: "1.234", "12,5" with a scale, "-" where FIGURE is NULL or has no value, "quá
 * lớn" after an overflow. Caller frees. */
char *label_figure(const json_t *figure, lang_t lang);
/* 1 if the column is a number, 0 for texts. */
int label_is_number(const column_t *column);
/* VALUE, a whole number of 10^-SCALE, or a dash where it is none. Caller frees. */
char *label_value(const json_t *value, int scale);
/* A share in percent with one decimal, cut and not rounded: not all is never "100,0". Caller frees. */
char *label_share(int64_t part, int64_t whole);
/* A whole number of 10^-SCALE as people write it, with its sign: "-1.234", "12,5". Caller frees. */
char *label_number(int64_t number, int scale);
/* "Nguyễn Văn A, 0900 000 000": new string, "" where there is none. */
char *label_contact(const json_t *contact);
/* Order of unit rows for people: by name in Vietnamese order. New array of borrowed rows, *COUNT long. */
const json_t **label_by_name(const json_t *rows, size_t *count);

/* TABLE, an object, with its ids in the order in which people count, F2 before F10, "-" last: new. */
json_t *label_by_id(const json_t *table);
/* "Trừ trùng sự kiện chung": what the rows of the children say beyond the whole, as one more row of theirs
 * with its numbers below 0, so that the column adds up. New; NULL where there is none. */
json_t *label_joint(const shown_t *shown);
/* Title of the newest version of a plan, or the number itself. Borrowed. */
const char *label_plan(const shown_t *shown, const char *number);

#endif
