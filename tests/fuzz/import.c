/* SPDX-License-Identifier: MPL-2.0 */
/* An officer's table, in whatever encoding it comes: each row is added, known, a question, or refused. */
#include "agent/import.h"
#include "agent/outbox_news.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "tests/fuzz/part_fuzz.h"

#define GRANTS \
    "[{\"unit\":\"BD.01\",\"name\":\"x\",\"scope\":\"one\",\"units\":[[\"BD.01\",\"x\",\"grassroots\"]]}]"

/* An agent that has joined and has plan 160, in a folder that goes with the machine's temporary files. */
static agent_t *office(void) {
    static agent_t agent;
    static char dir[] = "/tmp/baocao-fuzz-XXXXXX";
    if (agent.outbox) return &agent;
    buf_t file = {0};
    refusal_t why = {0};
    HOLDS(mkdtemp(dir) != NULL);
    agent.dir = dir;
    agent.outbox = outbox_open(dir, &why);
    HOLDS(agent.outbox && outbox_fact_put(agent.outbox, "unit", "BD.01") == 0);
    HOLDS(outbox_fact_put(agent.outbox, "grants", GRANTS) == 0);
    HOLDS(file_read("proto/data/plan-160.json", 1 << 20, &file, &why) == 0);
    char *whole = plan_complete(file.data, file.len, &why);
    HOLDS(whole && outbox_begin(agent.outbox) == 0);
    HOLDS(outbox_plan_put(agent.outbox, whole, strlen(whole), 1, &why) == 0);
    HOLDS(outbox_commit(agent.outbox) == 0);
    free(whole);
    buf_free(&file);
    return &agent;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_bytes(data, size);
    const import_options_t opts = {.dry = 1};
    refusal_t why = {0};
    json_t *out = NULL, *row;
    size_t i;
    if (import_csv(office(), &opts, text, size, &out, &why)) {
        fuzz_refused(&why);
    } else {
        int64_t told = 0;
        const char *counts[] = {"added", "known", "questions", "refused"};
        for (int k = 0; k < 4; k++)
            told += json_int(out, counts[k], 0);
        HOLDS(told == (int64_t)json_array_size(json_object_get(out, "rows")));
        json_array_foreach(json_object_get(out, "rows"), i, row) {
            const char *what = json_text(row, "what");
            int good = strcmp(what, "added") == 0 || strcmp(what, "known") == 0;
            HOLDS(json_int(row, "line", 0) > 1);
            HOLDS(good || (json_text(row, "code") && json_text(row, "vi") && json_text(row, "en")));
        }
    }
    json_decref(out);
    free(text);
    return 0;
}
