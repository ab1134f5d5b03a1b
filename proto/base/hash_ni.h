/* hash_ni.h - SHA-256 by the instructions that most processors since 2019 have for it; for hash.c only.
 *
 * libsodium computes it in portable C, five times slower: every document is hashed, and so are its entry's
 * header and its receipt line. */
#ifndef BC_HASH_NI_H
#define BC_HASH_NI_H

#include "proto/base/hash.h"

/* 1 if this processor has the instructions. */
int hash_ni_there(void);
/* hash_of2 where it has. */
hash_t hash_ni_of2(const void *p, size_t n, const void *q, size_t m);

#endif
