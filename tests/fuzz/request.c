/* SPDX-License-Identifier: MPL-2.0 */
/* What a command line asks of a running program, and what that answers. */
#include "proto/base/request.h"
#include "collector/admin.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static args_t args;
    char *text = fuzz_text(data, size);
    const verb_t *verb = NULL;
    refusal_t why = {0};
    io_t io = {.out = stdout, .err = stderr};
    memset(&args, 0, sizeof args);
    json_t *j = request_read(text, admin_program.verbs, &args, &verb, &io, &why);
    if (!j)
        fuzz_refused(&why);
    else
        HOLDS(verb != NULL && args.argc >= verb->min);
    json_decref(j);
    io_clear(&io);
    free(text);
    return 0;
}
