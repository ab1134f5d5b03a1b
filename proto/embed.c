/* SPDX-License-Identifier: MPL-2.0 */
/* embed.c - takes the files of proto/data/ into the program with the assembler, byte for byte. */
#include "proto/embed.h"

/* The path counts from the root of the source tree, where the compiler is started. */
#define EMBED(name, path)                                  \
    __asm__(".pushsection .rodata\n"                       \
            ".global embed_" name ", embed_" name "_end\n" \
            "embed_" name ": .incbin \"" path "\"\n"       \
            "embed_" name "_end: .byte 0\n"                \
            ".popsection\n")

EMBED("calendars", "proto/data/calendars.json");
EMBED("catalogue", "proto/data/catalogue.json");
EMBED("holidays", "proto/data/holidays.json");
EMBED("paper", "proto/data/paper.json");
