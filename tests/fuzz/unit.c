/* SPDX-License-Identifier: MPL-2.0 */
/* A unit's record, as an entry of the log holds it. */
#include "proto/unit.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size);
    refusal_t why = {0};
    unit_t *unit = unit_read(text, size, &why);
    if (!unit) fuzz_refused(&why);
    unit_free(&unit);
    free(text);
    return 0;
}
