/* SPDX-License-Identifier: MPL-2.0 */
/* The operator's table of units, and a unit's record. */
#include "collector/unit_csv.h"
#include "tests/fuzz/part_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size);
    refusal_t why = {0};
    tree_t *tree = tree_new();
    json_t *out = unit_csv_read(text, size, tree, day_make(2024, 11, 7), &why);
    if (!out) fuzz_refused(&why);
    json_t *problem, *changes = json_object_get(out, "changes");
    size_t i;
    json_array_foreach(json_object_get(out, "problems"), i, problem) {
        HOLDS(json_string_length(json_object_get(problem, "code")) > 0);
        HOLDS(json_string_length(json_object_get(problem, "vi")) > 0);
        HOLDS(json_integer_value(json_object_get(problem, "row")) > 0);
    }
    /* The same again, over what it made, says nothing new. */
    if (out && i == 0 && json_array_size(changes) > 0) {
        json_t *again = unit_csv_read(text, size, tree, day_make(2024, 11, 7), &why);
        HOLDS(again && json_array_size(json_object_get(again, "changes")) == 0);
        json_decref(again);
    }
    json_decref(out);
    tree_free(&tree);
    free(text);
    return 0;
}
