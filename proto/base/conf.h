/* conf.h - configuration by zconfig (ZPL), checked against a table.
 *
 * zconfig alone takes unknown and doubled keys silently and cuts an unquoted value at '#'. Here each
 * is refused with file and line, and the nearest known key. Precedence: default, file, environment
 * (BAOCAO_<KEY>: upper case, '/' and '-' become '_'). */
#ifndef BC_CONF_H
#define BC_CONF_H

#include <stdint.h>

#include "proto/base/refusal.h"

typedef enum {
    CONF_TEXT,
    CONF_INT,
    CONF_SIZE, /* 512, 64K, 10M, 2G: bytes, by 1024 */
    CONF_TIME, /* 500ms, 30s, 5m, 2h, 7d, or 0: milliseconds */
    CONF_BOOL  /* yes or no, true or false, on or off, 1 or 0 */
} conf_type_t;

typedef struct {
    const char *key; /* path in the file, "listen/documents" */
    conf_type_t type;
    const char *def;     /* as it would stand in the file; NULL is "", for text only */
    int64_t min, max;    /* for numbers, in the unit of conf_int; both 0: any >= 0 */
    const char *vi, *en; /* one line of help */
} conf_key_t;

typedef struct conf conf_t;

/* Reads FILE (NULL: defaults and environment only) against KEYS, which ends with key NULL and must
 * outlive the result. NULL and WHY ("conf-unknown", "conf-double", "conf-value", "conf-syntax",
 * "conf-unquoted", and what file_read refuses) on refusal. */
conf_t *conf_load(const char *file, const conf_key_t *keys, refusal_t *why);
void conf_free(conf_t **self_p);
/* The value; asking for a key that is not in the table, or for the number of a text, is our mistake
 * and aborts. */
const char *conf_text(const conf_t *self, const char *key);
int64_t conf_int(const conf_t *self, const char *key); /* sizes in bytes, times in ms, bool 0/1 */
/* Name of the environment variable for KEY, "BAOCAO_LISTEN_DOCUMENTS". Caller frees. */
char *conf_env(const char *key);

#endif
