/* SPDX-License-Identifier: MPL-2.0 */
/* verb_kit.c - runs verbs as program_main would, without a process for each. */
#include "tests/agent/verb_kit.h"

#include "agent/compose.h"
#include "agent/desk.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "tests/support.h"

char verb_out[65536], verb_err[65536];

static size_t split(char *line, const char **words) {
    size_t n = 0;
    for (char *at = line; at; n++) {
        char *bar = strchr(at, '|');
        if (bar) *bar = '\0';
        words[n] = at;
        at = bar ? bar + 1 : NULL;
    }
    return n;
}

static void keep(char *to, buf_t *from) {
    snprintf(to, 65536, "%s", from->data ? from->data : "");
    free(from->data);
}

int verb_run(agent_t *agent, const char *input, const char *line) {
    refusal_t why = {0};
    const verb_t *verb;
    const char *words[64];
    char *copy = mem_str(line);
    args_t *args = mem_alloc(sizeof *args);
    buf_t out = {0}, err = {0};
    conf_t *conf = conf_load(NULL, agent_program.keys, &why);
    assert_non_null(conf);
    if (args_parse(agent_program.verbs, (int)split(copy, words), words, args, &verb, &why))
        fail_msg("%s: %s", why.code, why.en);
    args->dir = agent->dir;
    args->cwd = agent->dir;
    io_t io = {.out = open_memstream(&out.data, &out.len),
               .err = open_memstream(&err.data, &err.len),
               .lang = LANG_EN,
               .json = args->json};
    if (input) buf_puts(&io.input, input);
    int status = verb->run(verb->where != VERB_ALONE ? agent : NULL, args, conf, &io);
    fclose(io.out);
    fclose(io.err);
    keep(verb_out, &out);
    keep(verb_err, &err);
    io_clear(&io);
    conf_free(&conf);
    free(args);
    free(copy);
    return status;
}

void verb_ok(agent_t *agent, const char *input, const char *line) {
    if (verb_run(agent, input, line)) fail_msg("%s\n%s%s", line, verb_out, verb_err);
}

void verb_refused(agent_t *agent, const char *input, const char *line, const char *code) {
    if (!verb_run(agent, input, line)) fail_msg("%s was taken\n%s", line, verb_out);
    if (strncmp(verb_err, code, strlen(code))) fail_msg("%s: %s instead of %s", line, verb_err, code);
}

json_t *verb_json(agent_t *agent, const char *input, const char *line) {
    char *whole = mem_printf("%s|--json", line);
    verb_run(agent, input, whole);
    free(whole);
    json_t *j = json_loads(verb_out, 0, NULL);
    if (!j) fail_msg("%s printed no JSON: %s%s", line, verb_out, verb_err);
    return j;
}

int64_t kit_activity(agent_t *agent, int attendances, char id[static UUID_TEXT]) {
    refusal_t why = {0};
    desk_t done;
    json_t *doc = json_pack("{ss ss ss ss s{si si}}", "from", "2024-11-20", "to", "2024-11-20", "form", "F1",
                            "title", "Hội nghị ví dụ", "measures", "sessions", 1, "attendances", attendances);
    if (compose_fill(agent, doc, &(compose_t){0}, &why) ||
        desk_enter_one(agent, doc, &(desk_how_t){0}, &done, &why))
        fail_msg("%s: %s", why.code, why.en);
    json_decref(doc);
    strcpy(id, done.id);
    return done.no;
}

void kit_store(agent_t *agent, const char *id, const char *log, int64_t position) {
    kept_t kept;
    assert_int_equal(outbox_newest(agent->outbox, id, &kept), 0);
    receipt_t r = {.position = position, .rev = kept.rev, .sha256 = kept.sha256, .received = 1000 + position};
    strcpy(r.log, log);
    assert_int_equal(outbox_begin(agent->outbox), 0);
    assert_int_equal(outbox_stored(agent->outbox, kept.row, &r, "{\"line\":\"x\"}", 5), 0);
    assert_int_equal(outbox_commit(agent->outbox), 0);
    kept_free(&kept);
}

kept_state_t kit_state(agent_t *agent, const char *id) {
    kept_t kept;
    assert_int_equal(outbox_newest(agent->outbox, id, &kept), 0);
    kept_state_t state = kept.state;
    kept_free(&kept);
    return state;
}
