/* SPDX-License-Identifier: MPL-2.0 */
/* outbox_news.c - plans and notices in the outbox. */
#include "agent/outbox_news.h"

#include "proto/base/rc.h"

int outbox_plan_put(outbox_t *self, const char *p, size_t n, int64_t position, refusal_t *why) {
    plan_t *plan = plan_read(p, n, why);
    if (!plan) return BC_REFUSED;
    int rc = db_run(outbox_db(self),
                    "INSERT INTO plan (number, version, position, json) VALUES (?, ?, ?, CAST(? AS TEXT))"
                    " ON CONFLICT DO UPDATE SET position = excluded.position, json = excluded.json",
                    "siib", plan_number(plan), (int64_t)plan_version(plan), position, p, n);
    if (rc)
        plan_free(&plan);
    else
        plans_put(outbox_plans(self), &plan);
    return rc;
}

int outbox_notice_put(outbox_t *self, const char *log, int64_t position, const char *kind, const char *body,
                      int64_t now) {
    return db_run(
        outbox_db(self),
        "INSERT OR IGNORE INTO notice (log, position, kind, received, body, read) VALUES (?, ?, ?, ?, ?, 0)",
        "sisis", log, position, kind, now, body);
}

int outbox_each_notice(outbox_t *self, notice_fn *each, void *arg) {
    db_t *db = outbox_db(self);
    sqlite3_stmt *s = db_bind(
        db, "SELECT kind, body, received, read FROM notice ORDER BY received DESC, position DESC", "");
    int rc;
    while ((rc = db_step(db, s)) == 1) {
        int stop = each(arg, (const char *)sqlite3_column_text(s, 0), (const char *)sqlite3_column_text(s, 1),
                        sqlite3_column_int64(s, 2), sqlite3_column_int(s, 3));
        if (!stop) continue;
        db_done(s);
        return stop;
    }
    return rc;
}

int outbox_notices_read(outbox_t *self) {
    return db_run(outbox_db(self), "UPDATE notice SET read = 1 WHERE read = 0", "");
}

int64_t outbox_notices_unread(outbox_t *self) {
    return db_int(outbox_db(self), 0, "SELECT count(*) FROM notice WHERE read = 0", "");
}
