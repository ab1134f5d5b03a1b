/* SPDX-License-Identifier: MPL-2.0 */
/* test_setting.c - `--set` on a document. */
#include "agent/setting.h"

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/agent/agent_kit.h"
#include "tests/support.h"

#define HOSTED "YWN3VB" /* follows from the id, which is not there */

/* Applies TEXT to an activity: its canonical JSON, or the code of the refusal. New string. */
static char *set(agent_t *agent, const char *text) {
    refusal_t why = {0};
    const plan_t *plan = agent_plan(agent, NULL, &why);
    json_t *doc = json_loads("{\"form\":\"F1\",\"title\":\"A\",\"measures\":{\"sessions\":1}}", 0, NULL);
    args_t *args = mem_alloc(sizeof *args);
    args->optc = 2;
    args->opt[0].name = "reason";
    args->opt[0].value = "sessions=9";
    args->opt[1].name = "set";
    args->opt[1].value = text;
    char *out = setting_apply(doc, &plan, 1, args, &why) ? mem_str(why.code) : json_canonical(doc);
    json_decref(doc);
    free(args);
    return out;
}

static void test_setting_changes_measures_and_fields(void **state) {
    static const char *const cases[][2] = {
        {"attendances=1.234.567",
         "{\"form\":\"F1\",\"measures\":{\"attendances\":1234567,\"sessions\":1},\"title\":\"A\"}"},
        {"tổng lượt người dự = 5",
         "{\"form\":\"F1\",\"measures\":{\"attendances\":5,\"sessions\":1},\"title\":\"A\"}"},
        {"sessions=", "{\"form\":\"F1\",\"measures\":{},\"title\":\"A\"}"},
        {"title=B = C", "{\"form\":\"F1\",\"measures\":{\"sessions\":1},\"title\":\"B = C\"}"},
        {"title=", "{\"form\":\"F1\",\"measures\":{\"sessions\":1}}"},
        {"form=hội nghị", "{\"form\":\"F1\",\"measures\":{\"sessions\":1},\"title\":\"A\"}"},
        {"date=7/11/2024", "{\"form\":\"F1\",\"from\":\"2024-11-07\",\"measures\":{\"sessions\":1},\"title\":"
                           "\"A\",\"to\":\"2024-11-07\"}"},
        {"integrated=x",
         "{\"form\":\"F1\",\"integrated\":true,\"measures\":{\"sessions\":1},\"title\":\"A\"}"},
        {"event=k7m 2qx", "{\"event\":{\"code\":\"K7M2QX\",\"role\":\"guest\"},\"form\":\"F1\",\"measures\":{"
                          "\"sessions\":1},\"title\":\"A\"}"},
        {"event=chủ trì",
         "{\"event\":{\"code\":\"" HOSTED "\",\"role\":\"host\"},\"form\":\"F1\",\"measures\":{"
         "\"sessions\":1},\"title\":\"A\"}"},
        {"sessions=nhiều", "cell-number"},
        {"form=F99", "form-unknown"},
        {"date=31/02/2025", "cell-date"},
        {"sesions=1", "setting-bad"},
        {"sessions", "setting-bad"},
        {"id=x", "setting-bad"},
        {"=", "setting-bad"},
    };
    agent_t *agent = kit_agent(*state);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *out = set(agent, cases[i][0]);
        assert_string_equal(out, cases[i][1]);
        free(out);
    }
    kit_close(&agent);
}

int main(void) {
    const struct CMUnitTest tests[] = {IN_DIR(test_setting_changes_measures_and_fields)};
    return RUN(tests);
}
