/* SPDX-License-Identifier: MPL-2.0 */
/* The header of an entry of the log: what is read is written again as the same bytes, or is refused. */
#include "proto/entry.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size), *hold = NULL;
    entry_t e;
    refusal_t why = {0};
    if (entry_read(text, size, &e, &hold, &why)) {
        fuzz_refused(&why);
    } else {
        buf_t out = {0};
        entry_write(&e, &out);
        HOLDS(out.len == size && memcmp(out.data, text, size) == 0);
        buf_free(&out);
    }
    free(hold);
    free(text);
    return 0;
}
