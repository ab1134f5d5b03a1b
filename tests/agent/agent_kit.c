/* SPDX-License-Identifier: MPL-2.0 */
/* agent_kit.c - what the tests of the agent's desk work on. */
#include "tests/agent/agent_kit.h"

#include "agent/outbox_news.h"
#include "proto/base/file.h"
#include "proto/base/mem.h"
#include "tests/support.h"

#define GRANT(code, name, kind)                                       \
    "{\"unit\":\"" code "\",\"name\":\"" name "\",\"scope\":\"one\"," \
    "\"units\":[[\"" code "\",\"" name "\",\"" kind "\"]]}"
#define GRANTS                                                                                           \
    "[" GRANT(KIT_UNIT, "Công đoàn Ví dụ", "upper-level") "," GRANT(KIT_OTHER, "CĐCS Công ty Ví dụ Một", \
                                                                    "grassroots") "]"

static char *replaced(const char *text, const char *before, const char *after) {
    buf_t b = {0};
    const char *hit;
    for (; before && (hit = strstr(text, before)); text = hit + strlen(before)) {
        buf_add(&b, text, (size_t)(hit - text));
        buf_puts(&b, after);
    }
    buf_puts(&b, text);
    return b.data;
}

void kit_plan_file(agent_t *agent, const char *path, const char *before, const char *after) {
    buf_t file = {0};
    refusal_t why = {0};
    assert_int_equal(file_read(path, 1 << 20, &file, &why), 0);
    char *text = replaced(file.data, before, after), *whole = plan_complete(text, strlen(text), &why);
    if (!whole) fail_msg("%s: %s", why.code, why.en);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    if (outbox_plan_put(agent->outbox, whole, strlen(whole), 1, &why)) fail_msg("%s: %s", why.code, why.en);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    free(whole);
    free(text);
    buf_free(&file);
}

void kit_second_plan(agent_t *agent) {
    kit_plan_file(agent, "tests/demo/input/plan-999.json", NULL, NULL);
}

agent_t *kit_agent(const char *dir) {
    refusal_t why = {0};
    agent_t *agent = mem_alloc(sizeof *agent);
    agent->dir = mem_str(dir);
    agent->outbox = outbox_open(dir, &why);
    if (!agent->outbox) fail_msg("%s: %s", why.code, why.en);
    char *unit = outbox_fact(agent->outbox, "unit");
    if (!unit) {
        assert_int_equal(outbox_fact_put(agent->outbox, "unit", KIT_UNIT), 0);
        assert_int_equal(outbox_fact_put(agent->outbox, "grants", GRANTS), 0);
        kit_plan_file(agent, "proto/data/plan-160.json", NULL, NULL);
    }
    free(unit);
    return agent;
}

void kit_close(agent_t **agent_p) {
    agent_t *agent = *agent_p;
    outbox_close(&agent->outbox);
    free(agent->dir);
    free(agent);
    *agent_p = NULL;
}

int kit_kept(agent_t *agent) {
    return (int)db_int(outbox_db(agent->outbox), -1, "SELECT count(*) FROM document", "");
}

json_t *kit_document(agent_t *agent, const char *id) {
    kept_t kept;
    assert_int_equal(outbox_newest(agent->outbox, id, &kept), 0);
    json_t *doc = json_loadb(kept.bytes, kept.len, 0, NULL);
    kept_free(&kept);
    assert_non_null(doc);
    return doc;
}
