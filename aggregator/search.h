/* SPDX-License-Identifier: MPL-2.0 */
/* search.h - finds words in what units wrote, and in their names, as people type them: without marks, in
 * any case. */
#ifndef BC_SEARCH_H
#define BC_SEARCH_H

#include "aggregator/summary.h"

/* New array `[{"unit","name","measure","id","text"}]` of the texts that count in the summary of ASKED
 * and hold WORDS one behind the other ("nguyen hue" finds Nguyễn Huệ), or whose unit's name does; in the
 * summary's order. NULL with WHY "db-damaged". */
json_t *search_json(const view_t *view, const asked_t *asked, const char *words, refusal_t *why);

#endif
