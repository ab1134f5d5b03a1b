/* SPDX-License-Identifier: MPL-2.0 */
/* event.c - codes of joint events. Thirty bits are enough: only events that share a day can be mixed up. */
#include "agent/event.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "proto/base/hash.h"
#include "proto/base/json.h"
#include "proto/base/mem.h"

#define PREFIX "baocao-event/1 "

/* Crockford's base32. */
static void write_code(uint32_t bits, char out[static EVENT_CODE]) {
    for (int i = 0; i < EVENT_CODE - 1; i++, bits >>= 5)
        out[i] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits & 31];
    out[EVENT_CODE - 1] = '\0';
}

/* The code that follows from the id of DOC. */
static void code_of(const json_t *doc, char out[static EVENT_CODE]) {
    const char *id = json_text(doc, "id");
    char *text = mem_printf(PREFIX "%s", id ? id : "");
    hash_t hash = hash_of(text, strlen(text));
    write_code((uint32_t)hash.b[0] << 24 | (uint32_t)hash.b[1] << 16 | (uint32_t)hash.b[2] << 8 | hash.b[3],
               out);
    free(text);
}

char *event_typed(const char *code) {
    char *copy = mem_str(code), *to = copy;
    for (const char *p = code; *p; p++)
        if (*p != ' ' && *p != '-') *to++ = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
    *to = '\0';
    return copy;
}

static int is_host(const json_t *event) {
    const char *role = json_text(event, "role");
    return role && strcmp(role, "host") == 0;
}

void event_fill(json_t *doc) {
    json_t *event = json_object_get(doc, "event");
    const char *code = json_text(event, "code");
    char made[EVENT_CODE];
    if (code) {
        char *typed = event_typed(code);
        json_object_set_new(event, "code", json_string(typed));
        free(typed);
    } else if (is_host(event) && !json_object_get(event, "code")) {
        code_of(doc, made);
        json_object_set_new(event, "code", json_string(made));
    }
}

void event_unfill(json_t *doc) {
    json_t *event = json_object_get(doc, "event");
    const char *code = json_text(event, "code");
    char made[EVENT_CODE];
    code_of(doc, made);
    if (code && strcmp(code, made) == 0) json_object_del(event, "code");
}

int event_note(const json_t *doc, refusal_t *what) {
    const json_t *event = json_object_get(doc, "event");
    const char *code = json_text(event, "code");
    if (!code || !is_host(event)) return 0;
    refuse(
        what, "event-code", "event.code",
        "Mã sự kiện là %1$s; các đơn vị tham dự ghi mã này khi báo cáo, để sự kiện chỉ được tính một lần.",
        "The code of the event is %1$s; guests enter it with their reports, so that the event counts once.",
        code);
    return 1;
}

int event_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    char code[EVENT_CODE];
    (void)store;
    (void)args;
    (void)conf;
    write_code(randombytes_random(), code);
    if (io->json) {
        json_t *j = json_pack("{ss}", "code", code);
        io_json(io, j);
        json_decref(j);
        return EX_OK;
    }
    io_say(io,
           "Mã sự kiện: %s\n"
           "Hãy ghi mã này vào giấy mời. Khi báo cáo, đơn vị chủ trì và các đơn vị tham dự đều ghi mã ở cột "
           "\"Mã sự "
           "kiện\"; cột \"Vai trò\": chủ trì hoặc tham dự. Sự kiện chỉ được tính một lần.\n",
           "Code of the event: %s\n"
           "Write it on the invitation. In their reports the host and the guests enter it in the column "
           "\"event\"; "
           "column \"role\": host or guest. The event counts once.\n",
           code);
    return EX_OK;
}
