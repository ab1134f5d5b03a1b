/* SPDX-License-Identifier: MPL-2.0 */
/* import.h - a spreadsheet of activities into the outbox: one row, one activity.
 *
 * Heads in any order, Vietnamese or English, compared without case and marks: Mã đơn vị/unit,
 * Kế hoạch/plans, Từ ngày/from (Ngày/date), Đến ngày/to, Hình thức/form, Nội dung/topics, Văn bản/documents,
 * Lồng ghép/integrated, Tên hoạt động/title, Địa điểm/place, Mã sự kiện/event, Vai trò/role, Mã dòng/ref,
 * Nguồn/source, Ngày đến/arrived, Minh chứng/evidence, and a column for each measure by its id or label. The
 * weight of a weighted measure stands behind a `/` in the cell or in a column "LABEL (số người)".
 *
 * The id of a row follows from unit, plans and Mã dòng, or from what the row says (PROTOCOL.md 8), so the
 * same file twice adds nothing. All rows of a file are added in one transaction. */
#ifndef BC_IMPORT_H
#define BC_IMPORT_H

#include <jansson.h>

#include "agent/agent.h"

typedef struct {
    const char *unit; /* for rows that name none; NULL: this computer's own */
    const char *plan; /* where no column names plans; NULL: the only one there is */
    int again;        /* take rows that look like another report */
    int dry;          /* say what would be done, keep nothing */
} import_options_t;

/* Reads N bytes of CSV. On 0 *OUT is new JSON and what it calls added is on disk:
 *   rows      in the order of the file: [{"line","what","id"?,"no"?,"rev"?,"code"?,"field"?,"column"?,
 *             "head"?,"vi"?,"en"?,"warnings":[{"code","field","column"?,"head"?,"vi","en"}]}]
 *   added, known, questions, refused   how many rows
 *   dry       true, only with OPTS->dry
 * `line` is the row as a spreadsheet shows it, `column` the spreadsheet's letter, `head` the head as it
 * stands in the file. `what`: "added"; "known": it is there with this content; "question": the officer must
 * decide, nothing was added ("entered-before", "looks-double", "row-double"); "refused".
 *
 * BC_REFUSED with WHY where the file as a whole can not be read: those of csv_read, columns_read, agent_unit
 * and agent_plan. A stop with WHY "disk": nothing was kept. */
int import_csv(agent_t *agent, const import_options_t *opts, const char *p, size_t n, json_t **out,
               refusal_t *why);
/* 1 where each row of OUT was added or known. */
int import_whole(const json_t *out);
/* Prints OUT to IO->out for people: what was not taken and why, the warnings, and the sums. OUT may be that
 * of report_take too. */
void import_say(const json_t *out, io_t *io);

/* The verb `import FILE.csv [--unit U] [--plan N] [--again] [--dry-run]`, its input in IO->input. 0, or 1
 * where a row was not taken. */
int import_verb(void *store, const args_t *args, const conf_t *conf, io_t *io);

#endif
