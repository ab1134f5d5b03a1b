/* SPDX-License-Identifier: MPL-2.0 */
/* document_id.c - the ids that follow from content (PROTOCOL.md 8): the same thing reported twice has the
 * same id. */
#include <stdlib.h>
#include <string.h>

#include "proto/base/mem.h"
#include "proto/document.h"

uuid_bc_t document_period_id(const char *unit, const char *plan, const char *calendar, const char *period) {
    return uuid_v8((const char *const[]){"period", unit, plan, calendar, period}, 5);
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The sorted codes joined by ','; caller frees. */
static char *joined(const json_t *covers) {
    size_t n = json_array_size(covers);
    const char **codes = mem_alloc((n + 1) * sizeof *codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = json_string_value(json_array_get(covers, i));
    qsort(codes, n, sizeof *codes, by_text);
    buf_t out = {0};
    buf_puts(&out, "");
    for (size_t i = 0; i < n; i++)
        buf_printf(&out, "%s%s", i ? "," : "", codes[i]);
    free(codes);
    return out.data;
}

uuid_bc_t document_aggregate_id(const char *unit, const char *plan, const char *calendar, const char *period,
                                const char *ref, const json_t *covers) {
    char *codes = ref ? NULL : joined(covers);
    const char *const parts[] = {"aggregate", unit, plan, calendar, period, ref ? ref : codes};
    uuid_bc_t id = uuid_v8(parts, 6);
    free(codes);
    return id;
}

uuid_bc_t document_row_id(const char *unit, const char *plans_joined, const char *ref) {
    return uuid_v8((const char *const[]){"activity", unit, plans_joined, ref}, 4);
}
