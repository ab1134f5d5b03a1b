/* SPDX-License-Identifier: MPL-2.0 */
/* paper_csv.c - numbers stay numbers; one with a scale is written with a comma, as Excel in Vietnam
 * reads it. */
#include "aggregator/export/paper_csv.h"

#include <stdlib.h>

#include "aggregator/export/paper.h"
#include "proto/base/csv.h"
#include "proto/base/json.h"

static void put_cell(buf_t *out, const json_t *cell) {
    if (json_is_integer(cell)) {
        csv_int(out, (long long)json_integer_value(cell));
    } else if (json_is_null(cell)) {
        csv_blank(out);
    } else {
        char *text = paper_cell(cell);
        csv_text(out, text);
        free(text);
    }
}

void paper_csv(const json_t *paper, buf_t *out) {
    size_t i, k, n;
    json_t *annex, *row, *one;
    csv_begin(out);
    json_array_foreach(json_object_get(paper, "annexes"), i, annex) {
        csv_text(out, json_text(annex, "title"));
        csv_end_row(out);
        json_array_foreach(json_object_get(annex, "columns"), k, one) csv_text(out, json_text(one, "head"));
        csv_end_row(out);
        json_array_foreach(json_object_get(annex, "rows"), k, row) {
            json_array_foreach(row, n, one) put_cell(out, one);
            csv_end_row(out);
        }
        csv_end_row(out);
    }
}
