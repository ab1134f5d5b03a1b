/* SPDX-License-Identifier: MPL-2.0 */
/* conduct.h - how each key keeps to the rules (PROTOCOL.md 3, "Conduct"). What a peer of good faith does by
 * mistake, now and then, costs nothing; whoever goes on with it is put out for a while, longer each time, so
 * that the others need not share the machine with it. */
#ifndef BC_CONDUCT_H
#define BC_CONDUCT_H

#include <stddef.h>
#include <stdint.h>

typedef struct conduct conduct_t;

conduct_t *conduct_new(void);
void conduct_free(conduct_t **self_p);

/* KEY broke a rule with a message of BYTES. NOW, here and below: monotonic ms. For how many ms it is put out
 * by this; 0 where that is forgiven, or where it was out already. */
int64_t conduct_break(conduct_t *self, int64_t key, size_t bytes, int64_t now);
/* How many ms KEY is still out; 0: it may speak. */
int64_t conduct_out(const conduct_t *self, int64_t key, int64_t now);
/* Calls EACH for every key that is out, with the ms that are left. */
void conduct_each(const conduct_t *self, int64_t now, void (*each)(void *arg, int64_t key, int64_t left),
                  void *arg);

#endif
