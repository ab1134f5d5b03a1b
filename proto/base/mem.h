/* mem.h - memory: allocation that aborts, and a growable byte buffer.
 *
 * Out of memory ends the program at one place, here: everything accepted is already on disk, so
 * an abort costs a restart and no report. */
#ifndef BC_MEM_H
#define BC_MEM_H

#include <stdarg.h>
#include <stddef.h>

/* Zeroed memory of N bytes, owned by the caller, freed with free(). Never NULL. */
void *mem_alloc(size_t n);
/* As realloc(3); never NULL. */
void *mem_grow(void *p, size_t n);
/* Copy of a string (NULL gives NULL) or of N bytes with a NUL behind them. Caller frees. */
char *mem_str(const char *s);
char *mem_strn(const void *p, size_t n);
/* Formatted string; caller frees. */
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* A growable byte buffer. Zero-initialised is empty; data is always NUL-terminated once
 * anything was added. Release with buf_free, which leaves it empty and usable. */
typedef struct {
    char *data;
    size_t len;
    size_t cap;
} buf_t;

void buf_add(buf_t *b, const void *p, size_t n);
void buf_puts(buf_t *b, const char *s);
void buf_printf(buf_t *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Makes room for N more bytes without changing len; returns the place to write them to. */
char *buf_room(buf_t *b, size_t n);
void buf_clear(buf_t *b); /* len = 0, memory kept */
void buf_free(buf_t *b);

#endif
