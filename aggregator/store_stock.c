/* SPDX-License-Identifier: MPL-2.0 */
/* store_stock.c - who has stocks, of which kinds and since when; and the newest of them before a day. */
#include <string.h>

#include "aggregator/store_sqlite.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

_Static_assert(ROW_AGGREGATE == 5, "it stands in the index entry_gross");

/* ---- who has stocks ---- */

static void make_room(store_t *self, uint32_t unit) {
    if (unit < self->stock_units) return;
    uint32_t size = unit * 2 + 64;
    self->stock_of = mem_grow(self->stock_of, size * sizeof *self->stock_of);
    memset(self->stock_of + self->stock_units, 0, (size - self->stock_units) * sizeof *self->stock_of);
    self->stock_units = size;
}

uint32_t stock_note(store_t *self, uint32_t unit, uint32_t plan, uint32_t way, day_t since) {
    make_room(self, unit);
    for (uint32_t i = self->stock_of[unit]; i; i = self->stocks[i].next) {
        stock_t *s = &self->stocks[i];
        if (s->plan != plan || s->way != way) continue;
        if (s->since <= since) return 0;
        s->since = since;
        return i;
    }
    uint32_t no = ++self->stock_count;
    if (no == 1 || (no & (no - 1)) == 0) /* grows by doubling */
        self->stocks = mem_grow(self->stocks, 2 * (size_t)no * sizeof *self->stocks);
    self->stocks[no] = (stock_t){unit, plan, way, since, self->stock_of[unit]};
    self->stock_of[unit] = no;
    return no;
}

int store_stock(store_t *self, uint32_t unit, uint32_t plan, uint32_t way, day_t day) {
    if (!stock_note(self, unit, plan, way, day)) return BC_OK;
    return db_run(self->db, "INSERT OR REPLACE INTO stock (unit,plan,way,since) VALUES (?,?,?,?)", "iiii",
                  (int64_t)unit, (int64_t)plan, (int64_t)way, (int64_t)day);
}

const stock_t *store_stock_first(const store_t *self, uint32_t unit) {
    uint32_t no = unit < self->stock_units ? self->stock_of[unit] : 0;
    return no ? &self->stocks[no] : NULL;
}

const stock_t *store_stock_next(const store_t *self, const stock_t *stock) {
    return stock->next ? &self->stocks[stock->next] : NULL;
}

/* ---- the newest before a day ---- */

#define BEFORE "(stock,position)<(?,?) AND position<=? AND until>? ORDER BY stock DESC,position DESC LIMIT 1"

int store_stock_before(store_t *self, uint32_t unit, int64_t as_of, day_t *day, int64_t *position) {
    sqlite3_stmt *s =
        unit ? db_bind(self->db,
                       "SELECT stock,position FROM entry INDEXED BY entry_stock WHERE unit=? AND kind<>5"
                       " AND stock IS NOT NULL AND " BEFORE,
                       "iiiii", (int64_t)unit, (int64_t)*day, *position, as_of, as_of)
             : db_bind(self->db,
                       "SELECT stock,position FROM entry INDEXED BY entry_gross WHERE kind=5"
                       " AND stock IS NOT NULL AND " BEFORE,
                       "iiii", (int64_t)*day, *position, as_of, as_of);
    int rc = db_step(self->db, s);
    if (rc != 1) return rc;
    *day = sqlite3_column_int(s, 0);
    *position = sqlite3_column_int64(s, 1);
    db_done(s);
    return 1;
}
