/* SPDX-License-Identifier: MPL-2.0 */
/* search.c - both sides folded (text_fold), then one inside the other. */
#include "aggregator/search.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/text.h"

static int holds(const char *text, const char *folded_words) {
    char *folded = text_fold(text);
    int found = strstr(folded, folded_words) != NULL;
    free(folded);
    return found;
}

static void look(const view_t *view, const asked_t *asked, const char *measure, const json_t *texts,
                 const char *words, json_t *out) {
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)texts, i, one) {
        const unit_t *unit = tree_get(view_tree(view), json_text(one, "unit"));
        const char *name = unit ? unit_name(unit, asked->period.to) : "";
        if (!holds(json_text(one, "text"), words) && !holds(name, words)) continue;
        json_array_append_new(out, json_pack("{s:s,s:s,s:s,s:O,s:O}", "unit", json_text(one, "unit"), "name",
                                             name, "measure", measure, "id", json_object_get(one, "id"),
                                             "text", json_object_get(one, "text")));
    }
}

json_t *search_json(const view_t *view, const asked_t *asked, const char *words, refusal_t *why) {
    asked_t own = *asked;
    own.boarded = 0; /* nobody asks for the board */
    json_t *summary = summary_json(view, &own, why), *out = summary ? json_array() : NULL, *figure;
    char *folded = text_fold(words);
    const char *name;
    json_object_foreach(json_object_get(summary, "measures"), name, figure)
        look(view, asked, name, json_object_get(figure, "texts"), folded, out);
    free(folded);
    json_decref(summary);
    return out;
}
