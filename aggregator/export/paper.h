/* SPDX-License-Identifier: MPL-2.0 */
/* paper.h - the Báo cáo of a summary as a list of parts, before it has a form: what is said in DOCX, PDF,
 * HTML and XLSX is the same because it is said here.
 *
 * A paper is JSON: {"head":{"parent","issuer","country","motto","number","place"},"type","abstract",
 * "blocks":[{"kind":"h1"/"h2"/"p"/"li","text"}],"addressees":[text],"signature":[text],"signer",
 * "annexes":[ANNEX],"template"}. ANNEX: {"title","name","sheet":bool,"columns":[{"head","number":bool,
 * "weight":n}],"rows":[[cell]],"chart"?:{"label":column,"value":column}}; a cell is a text, a whole
 * number, a {"n":number,"scale":n} or null. `name` is that of a sheet; "sheet": only in a workbook, too
 * wide for paper. */
#ifndef BC_PAPER_H
#define BC_PAPER_H

#include "aggregator/export/label.h"

/* What staff type: each may be NULL (the template's stands) but the last. */
typedef struct {
    const char *number;         /* "12/BC-LĐLĐ" */
    day_t date;                 /* DAY_NONE: left open */
    const char *signer, *posts; /* POSTS: lines above the name, separated by '|' */
} typed_t;

/* What else is told of; arrays, borrowed. */
typedef struct {
    const json_t *restated; /* restatements of earlier periods (closing.h) */
    const json_t *targets;  /* target.h */
    const json_t *stages;   /* stage.h */
} beside_t;

/* New paper of a summary. */
json_t *paper_new(const shown_t *shown, const json_t *template, const typed_t *typed, const beside_t *beside);
/* A cell as people read it: new string. */
char *paper_cell(const json_t *cell);

#endif
