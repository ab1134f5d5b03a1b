/* SPDX-License-Identifier: MPL-2.0 */
/* rulings.h - what staff decided, up to one position of the log, and what of it holds (PROTOCOL.md 12,
 * 13). */
#ifndef BC_RULINGS_H
#define BC_RULINGS_H

#include "proto/plan.h"
#include "proto/ruling.h"
#include "proto/tree.h"

typedef struct rulings rulings_t;

/* One decision as the log has it. */
typedef struct {
    ruling_t says;
    int64_t position, received; /* of its entry; ms */
    const char *person, *uuid;
    int holds;       /* 0: it changed nothing, as a second closing of the same figures */
    int64_t ended;   /* close: position of the reopening, 0 where it holds still */
    int64_t closing; /* sent: position of the closing whose figures went up */
    json_t *json;    /* what all texts are borrowed from */
} ruled_t;

/* What staff decided where an aggregate overlaps. */
typedef enum { CHOICE_NONE, CHOICE_AGGREGATE, CHOICE_OWN } choice_t;
typedef enum { REVIEW_NONE, REVIEW_RETURNED, REVIEW_ACCEPTED } review_t;

rulings_t *rulings_new(void);
void rulings_free(rulings_t **self_p);
/* Takes the body of the next entry `decision`; what this program does not know is passed over. */
void rulings_put(rulings_t *self, const char *body, size_t n, int64_t position, int64_t received);

size_t rulings_count(const rulings_t *self);
const ruled_t *rulings_at(const rulings_t *self, size_t i); /* by position */

/* The newest decision on an aggregate and its position. */
choice_t rulings_choice(const rulings_t *self, const uuid_bc_t *aggregate, int64_t *position);
/* The latest day to which the deadline of UNIT for PLAN and PERIOD was extended; DAY_NONE where it was
 * not. */
day_t rulings_until(const rulings_t *self, const tree_t *tree, const plan_t *plan, const period_t *period,
                    const unit_t *unit);
/* What staff said last about this revision; *RULED (may be NULL) gets where. */
review_t rulings_review(const rulings_t *self, const uuid_bc_t *id, int rev, const ruled_t **ruled);
/* The newest decision that says to whose event an activity belongs; NULL where none does. */
const ruled_t *rulings_link(const rulings_t *self, const uuid_bc_t *guest);
/* The closing that holds for the figures of a unit, PLAN (NULL: the whole), calendar and period; NULL. */
const ruled_t *rulings_closing(const rulings_t *self, const char *unit, const char *plan,
                               const char *calendar, const char *period);

#endif
