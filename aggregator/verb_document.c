/* SPDX-License-Identifier: MPL-2.0 */
/* verb_document.c - the verbs paper and document. What is said is made where the store is; the form is
 * given to it in the caller's own process, so that no daemon waits for fonts and nothing but the
 * caller's rights counts. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/closing.h"
#include "aggregator/export/docx.h"
#include "aggregator/export/html.h"
#include "aggregator/export/paper.h"
#include "aggregator/export/paper_csv.h"
#include "aggregator/export/pdf.h"
#include "aggregator/export/template.h"
#include "aggregator/export/xlsx.h"
#include "aggregator/inquiry.h"
#include "aggregator/stage.h"
#include "aggregator/target.h"
#include "proto/base/file.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"
#include "proto/embed.h"

#define TEMPLATE_MOST 65536 /* bytes */

/* ---- what is said ---- */

/* The restatements to tell of: of periods of these figures that ended before, were closed and have
 * changed. */
static json_t *restated(const inquiry_t *q, refusal_t *why) {
    const rulings_t *rulings = view_rulings(q->view);
    json_t *list = json_array();
    for (size_t i = 0; i < rulings_count(rulings) && list; i++) {
        const ruled_t *d = rulings_at(rulings, i);
        const ruling_t *r = &d->says;
        asked_t asked;
        ruling_t own = {.unit = unit_code(q->asked.unit),
                        .plan = q->asked.plan ? plan_number(q->asked.plan) : NULL,
                        .calendar = calendar_id(q->asked.calendar),
                        .period = r->period};
        if (r->kind != RULING_CLOSE || !d->holds || d->ended || !ruling_same_figures(r, &own)) continue;
        question_t question = {
            .unit = r->unit, .plan = r->plan, .calendar = r->calendar, .period = r->period};
        if (summary_ask(q->view, &question, &asked, NULL) || asked.period.to >= q->asked.period.to) continue;
        json_t *one = closing_restate(q->view, &asked, d, why);
        if (!one) {
            json_decref(list);
            list = NULL;
        } else if (json_object_size(json_object_get(one, "measures"))) {
            json_array_append(list, one);
        }
        json_decref(one);
    }
    return list;
}

static int read_typed(const args_t *args, typed_t *out, refusal_t *why) {
    *out = (typed_t){.number = args_opt(args, "number"),
                     .date = DAY_NONE,
                     .signer = args_opt(args, "signer"),
                     .posts = args_opt(args, "posts")};
    return args_opt(args, "date") ? inquiry_day(args, "date", &out->date, why) : BC_OK;
}

static json_t *make_paper(const inquiry_t *q, const json_t *template, const typed_t *typed, refusal_t *why) {
    json_t *changes = restated(q, why), *paper = NULL;
    json_t *targets = changes ? target_json(q->view, &q->asked, why) : NULL;
    json_t *stages = targets ? stage_json(q->view, &q->asked, why) : NULL;
    json_t *summary = stages ? summary_json(q->view, &q->asked, why) : NULL;
    if (summary) {
        shown_t shown = {q->view, &q->asked, summary, LANG_VI};
        beside_t beside = {changes, targets, stages};
        paper = paper_new(&shown, template, typed, &beside);
        static const char *const source[] = {"log", "position", "chain"};
        for (int i = 0; i < 3; i++)
            json_object_set(paper, source[i], json_object_get(summary, source[i]));
    }
    json_decref(summary);
    json_decref(stages);
    json_decref(targets);
    json_decref(changes);
    return paper;
}

int verb_paper(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)conf;
    refusal_t why = {0};
    inquiry_t q = {0};
    typed_t typed;
    json_t *paper = NULL, *template = io->input.len ? template_read(io->input.data, io->input.len, &why)
                                                    : template_default();
    int rc = template ? read_typed(args, &typed, &why) : BC_REFUSED;
    if (rc == BC_OK) rc = inquiry_open(store, args, io, &q, &why);
    if (rc == BC_OK) paper = make_paper(&q, template, &typed, &why);
    if (paper) io_json(io, paper);
    json_decref(paper);
    json_decref(template);
    inquiry_close(&q);
    return paper ? EX_OK : verbs_refused(io, &why);
}

/* ---- its form ---- */

static int write_html(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    (void)progress;
    (void)why;
    html_write(paper, out);
    return BC_OK;
}

static int write_csv(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    (void)progress;
    (void)why;
    paper_csv(paper, out);
    return BC_OK;
}

static int write_json(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    (void)progress;
    (void)why;
    summary_write(paper, out);
    return BC_OK;
}

static int write_docx(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    (void)progress;
    return docx_write(paper, out, why);
}

static int write_xlsx(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why) {
    (void)progress;
    return xlsx_write(paper, out, why);
}

typedef int(write_fn)(const json_t *paper, buf_t *out, progress_t *progress, refusal_t *why);

static write_fn *writer(const char *format, refusal_t *why) {
    static const struct {
        const char *format;
        write_fn *write;
    } writers[] = {{"docx", write_docx}, {"pdf", pdf_write}, {"html", write_html},
                   {"xlsx", write_xlsx}, {"csv", write_csv}, {"json", write_json}};
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (strcmp(writers[i].format, format) == 0) return writers[i].write;
    refuse(why, "option-format", "format", "--format phải là docx, pdf, html, xlsx, csv hoặc json.",
           "--format must be docx, pdf, html, xlsx, csv or json.");
    return NULL;
}

/* A paper of a store elsewhere: 0, or what it refused. */
static int was_made(const json_t *paper, refusal_t *why) {
    const json_t *error = json_object_get(paper, "error");
    if (json_is_object(paper) && !error && json_object_size(paper)) return BC_OK;
    const char *code = json_text(error, "code"), *vi = json_text(error, "vi"), *en = json_text(error, "en");
    refuse(why, "collector-refused", json_text(error, "field"), "%1$s%2$.0s", "%1$.0s%2$s",
           vi ? vi : "Không lấy được nội dung.", en ? en : "The content could not be had.");
    if (code) snprintf(why->code, sizeof why->code, "%s", code); /* its own code */
    return BC_REFUSED;
}

static void give(io_t *io, const args_t *args, const char *format, const buf_t *bytes) {
    const char *out = args_opt(args, "out");
    char *period = calendar_id_typed(args_opt(args, "period"));
    char *path = out ? mem_str(out) : mem_printf("bao-cao-%s.%s", period, format);
    if (strcmp(path, "-") == 0) {
        fwrite(bytes->data, 1, bytes->len, io->out);
    } else {
        io_file(io, path, bytes->data, bytes->len, 0644);
        io_say(io, "Đã lập %s.\n", "Made %s.\n", path);
    }
    free(path);
    free(period);
}

/* ARGS without what only the form needs, for the verb that says what is said. */
static args_t *content_args(const args_t *args) {
    args_t *own = mem_alloc(sizeof *own);
    *own = *args;
    own->optc = 0;
    for (int i = 0; i < args->optc; i++) {
        const char *name = args->opt[i].name;
        if (strcmp(name, "format") == 0 || strcmp(name, "out") == 0 || strcmp(name, "template") == 0)
            continue;
        own->opt[own->optc++] = args->opt[i];
    }
    return own;
}

int verb_document(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    (void)store;
    refusal_t why = {0};
    buf_t template = {0}, bytes = {0};
    const char *format = args_opt(args, "format") ? args_opt(args, "format") : "docx",
               *path = args_opt(args, "template");
    if (args_opt(args, "print-template")) {
        fputs(embed_paper, io->out);
        return EX_OK;
    }
    write_fn *write = writer(format, &why);
    int rc = write ? BC_OK : BC_REFUSED;
    if (rc == BC_OK && !args_opt(args, "period")) rc = verbs_missing("period", &why);
    if (rc == BC_OK && path) rc = file_read(path, TEMPLATE_MOST, &template, &why);
    args_t *own = content_args(args);
    json_t *paper = rc == BC_OK ? program_look(&verbs_program, "paper", own, conf, &template) : NULL;
    if (rc == BC_OK) rc = was_made(paper, &why);
    progress_t progress = progress_begin(io->err, io->lang, "trang", "pages");
    if (rc == BC_OK) rc = write(paper, &bytes, &progress, &why);
    progress_end(&progress);
    if (rc == BC_OK) give(io, args, format, &bytes);
    json_decref(paper);
    free(own);
    buf_free(&template);
    buf_free(&bytes);
    return rc ? verbs_failed(io, rc, &why) : EX_OK;
}
