/* SPDX-License-Identifier: MPL-2.0 */
/* What an officer types from a slip, or a file says: an enrolment code. */
#include "proto/code.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    code_t code, again;
    refusal_t why = {0};
    if (code_read(text, &code, &why)) {
        fuzz_refused(&why);
    } else {
        buf_t out = {0};
        code_write(&code, (int)(size % 9), &out);
        HOLDS(code_read(out.data, &again, &why) == 0);
        HOLDS(again.expires == code.expires && strcmp(again.endpoint, code.endpoint) == 0);
        HOLDS(memcmp(again.server, code.server, 32) == 0 && memcmp(again.token, code.token, 16) == 0);
        buf_free(&out);
    }
    free(text);
    return 0;
}
