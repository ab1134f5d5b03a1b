/* SPDX-License-Identifier: MPL-2.0 */
/* A receipt line, and a kept receipt: nothing that was changed verifies under the key that is trusted. */
#include "proto/receipt.h"
#include "proto/base/json.h"
#include "tests/fuzz/part_fuzz.h"

static void line(const char *text) {
    char again[RECEIPT_LINE];
    receipt_t r;
    refusal_t why = {0};
    if (receipt_read(text, &r, &why)) {
        fuzz_refused(&why);
        return;
    }
    HOLDS(receipt_line(&r, again) == strlen(text) && strcmp(again, text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const uint8_t other[32] = {1};
    char *text = fuzz_text(data, size);
    refusal_t why = {0};
    receipt_t r;
    line(text);
    json_t *kept = json_read(text, size, &why);
    if (kept) {
        if (receipt_verify(kept, NULL, NULL, 0, &r, &why)) fuzz_refused(&why);
        HOLDS(receipt_verify(kept, other, NULL, 0, &r, &why) != 0);
        fuzz_refused(&why);
        HOLDS(receipt_verify(kept, NULL, "not it", 6, &r, &why) != 0);
    }
    json_decref(kept);
    free(text);
    return 0;
}
