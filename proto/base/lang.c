/* SPDX-License-Identifier: MPL-2.0 */
/* lang.c - reads the name of a language. */
#include "proto/base/lang.h"

#include <string.h>

#include "proto/base/rc.h"

int lang_parse(const char *s, lang_t *lang) {
    if (s && strcmp(s, "vi") == 0) {
        *lang = LANG_VI;
    } else if (s && strcmp(s, "en") == 0) {
        *lang = LANG_EN;
    } else {
        return BC_REFUSED;
    }
    return BC_OK;
}
