/* SPDX-License-Identifier: MPL-2.0 */
/* closing.h - a period is closed: its summary as of a position is the one that was published. What
 * arrives afterwards does not change it silently: it is restated, old figure beside new, with what
 * caused it and which documents that went up are touched. */
#ifndef BC_CLOSING_H
#define BC_CLOSING_H

#include "aggregator/summary.h"

/* Body of a decision `close` on the figures of ASKED as they stand in VIEW: new JSON. NULL with WHY:
 * "period-closed" where they are closed, "period-unfinished" before the period has ended (TODAY), and
 * those of summary_json. */
json_t *closing_propose(const view_t *view, const asked_t *asked, day_t today, refusal_t *why);
/* The figures of ASKED as the first fields of `close`, `reopen` and `sent`: new JSON. */
json_t *closing_figures(const asked_t *asked);
/* The closing of the figures of ASKED that holds in VIEW. NULL with WHY "period-open". */
const ruled_t *closing_find(const view_t *view, const asked_t *asked, refusal_t *why);

/* The closed summary's bytes again, appended to OUT: folded anew as of its position and compared with
 * the hash in the log. Refuses "closing-changed" where a document was redacted since, so that they can
 * not be had again. */
int closing_summary(const view_t *view, const ruled_t *closing, buf_t *out, refusal_t *why);
/* What has changed since: new JSON `{"restatement":1,…}` (PROTOCOL.md 13). NULL with WHY. */
json_t *closing_restate(const view_t *view, const asked_t *asked, const ruled_t *closing, refusal_t *why);

#endif
