/* SPDX-License-Identifier: MPL-2.0 */
/* Both ends are the same program, so the format may change with it; still nothing is taken on
 * trust, since an older daemon may run on while a newer program asks. */
#include "proto/base/request.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/base/text.h"

#define BASE64 sodium_base64_VARIANT_ORIGINAL

static json_t *encoded(const buf_t *b) {
    size_t room = sodium_base64_ENCODED_LEN(b->len, BASE64);
    char *text = mem_alloc(room);
    sodium_bin2base64(text, room, (const unsigned char *)(b->data != NULL ? b->data : ""), b->len, BASE64);
    json_t *j = json_string_nocheck(text);
    free(text);
    return j;
}

static int decode(const char *text, buf_t *out) {
    size_t n = strlen(text), room = n / 4 * 3 + 3, len;
    buf_clear(out);
    unsigned char *to = (unsigned char *)buf_room(out, room);
    if (sodium_base642bin(to, room, text, n, NULL, &len, NULL, BASE64) != 0) return -1;
    out->len = len;
    buf_add(out, "", 0);
    return 0;
}

/* The command line again, in one form only; args_parse made sure that all of it is UTF-8. */
static json_t *argv_of(const verb_t *verb, const args_t *args) {
    json_t *argv = json_array();
    json_array_append_new(argv, json_string(args->lang == LANG_EN ? "--lang=en" : "--lang=vi"));
    if (args->json) json_array_append_new(argv, json_string("--json"));
    json_array_append_new(argv, json_sprintf("--dir=%s", args->dir));
    const char *second = strchr(verb->name, ' ');
    json_array_append_new(argv, json_stringn(verb->name, strcspn(verb->name, " ")));
    if (second != NULL) json_array_append_new(argv, json_string(second + 1));
    for (int i = 0; i < args->optc; i++) {
        const char *value = args->opt[i].value;
        json_array_append_new(argv,
                              json_sprintf("--%s%s%s", args->opt[i].name, *value != '\0' ? "=" : "", value));
    }
    json_array_append_new(argv, json_string("--"));
    for (int i = 0; i < args->argc; i++)
        json_array_append_new(argv, json_string(args->argv[i]));
    return argv;
}

char *request_write(const verb_t *verb, const args_t *args, const io_t *io) {
    json_t *j = json_object();
    json_object_set_new(j, "argv", argv_of(verb, args));
    json_object_set_new(j, "cwd", json_string(args->cwd)); /* left out where it is not UTF-8 */
    json_object_set_new(j, "person", json_string(args->person));
    if (io->input.data != NULL) json_object_set_new(j, "input", encoded(&io->input));
    char *text = json_canonical(j);
    json_decref(j);
    return text;
}

static int refuse_malformed(refusal_t *why) {
    return refuse(
        why, "request-malformed", NULL,
        "Không hiểu được dữ liệu trao đổi với chương trình đang chạy; có thể hai bên khác phiên bản.",
        "What was exchanged with the running program is not understood; the two may differ in version.");
}

/* The words of a request; freed by the caller, the strings stay J's. NULL if it is not a list of texts. */
static const char **words_of(const json_t *j, int *count) {
    const json_t *list = json_object_get(j, "argv"), *word;
    size_t i, n = json_array_size(list);
    if (!json_is_array(list) || n > 2 * ARGS_WORDS) return NULL;
    const char **words = mem_alloc(n * sizeof *words);
    json_array_foreach(list, i, word) {
        words[i] = json_string_value(word);
        if (words[i] == NULL) {
            free(words);
            return NULL;
        }
    }
    *count = (int)n;
    return words;
}

json_t *request_read(const char *text, const verb_t *verbs, args_t *args, const verb_t **verb, io_t *io,
                     refusal_t *why) {
    json_t *j = json_read(text, strlen(text), why);
    if (j == NULL) return NULL;
    int count, rc;
    const char **words = words_of(j, &count), *input = json_text(j, "input"),
               *person = json_text(j, "person");
    if (words == NULL || person == NULL || (input != NULL && decode(input, &io->input) != 0))
        rc = refuse_malformed(why);
    else
        rc = args_parse(verbs, count, words, args, verb, why);
    free(words);
    args->cwd = json_text(j, "cwd");
    args->person = person;
    if (rc == 0 && (*verb == NULL || args->dir == NULL || args->cwd == NULL)) rc = refuse_malformed(why);
    io->lang = args->lang;
    io->json = args->json;
    if (rc != 0) {
        json_decref(j);
        j = NULL;
    }
    return j;
}

/* What a verb printed is text; a byte that is not becomes '?' so that the rest still arrives. */
static json_t *printed(const buf_t *b) {
    if (b->len == 0) return json_string("");
    json_t *j = text_utf8_ok(b->data, b->len) ? json_stringn_nocheck(b->data, b->len) : NULL;
    if (j != NULL) return j;
    char *text = mem_strn(b->data, b->len);
    for (size_t i = 0; i < b->len; i++)
        if ((unsigned char)text[i] >= 0x80 || text[i] == '\0') text[i] = '?';
    j = json_stringn_nocheck(text, b->len);
    free(text);
    return j;
}

char *request_reply(int status, const buf_t *out, const buf_t *err, const io_t *io) {
    json_t *j = json_object(), *files = json_array();
    json_object_set_new(j, "exit", json_integer(status));
    json_object_set_new(j, "out", printed(out));
    json_object_set_new(j, "err", printed(err));
    for (const io_file_t *f = io->files; f != NULL; f = f->next)
        json_array_append_new(files, json_pack("{s:s,s:i,s:o}", "path", f->path, "mode", (int)f->mode, "data",
                                               encoded(&f->data)));
    json_object_set_new(j, "files", files);
    char *text = json_canonical(j);
    json_decref(j);
    return text;
}

static int take_files(const json_t *files, io_t *io) {
    size_t i;
    const json_t *f;
    buf_t data = {0};
    int rc = 0;
    json_array_foreach(files, i, f) {
        const char *path = json_text(f, "path"), *text = json_text(f, "data");
        if (path == NULL || text == NULL || decode(text, &data) != 0) {
            rc = -1;
            break;
        }
        io_file(io, path, data.data, data.len, (unsigned)json_int(f, "mode", 0600) & 0777);
    }
    buf_free(&data);
    return rc;
}

int request_take_reply(const char *text, io_t *io, refusal_t *why) {
    json_t *j = json_read(text, strlen(text), why);
    if (j == NULL) return BC_REFUSED;
    const char *out = json_text(j, "out"), *err = json_text(j, "err");
    int64_t status = json_int(j, "exit", -1);
    int rc;
    if (out == NULL || err == NULL || status < 0 || status > 255 ||
        take_files(json_object_get(j, "files"), io) != 0) {
        rc = refuse_malformed(why);
    } else {
        fputs(out, io->out);
        fputs(err, io->err);
        rc = (int)status;
    }
    json_decref(j);
    return rc;
}
