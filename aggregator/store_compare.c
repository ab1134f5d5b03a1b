/* SPDX-License-Identifier: MPL-2.0 */
/* store_compare.c - are two folded stores the same, row by row? */
#include <stdlib.h>
#include <string.h>

#include "aggregator/store_sqlite.h"
#include "proto/base/rc.h"

typedef struct {
    const char *name, *sql;
} table_t;

/* `forked` is no part of what the log says. Words and ways come first: they explain the rest. */
static const table_t tables[] = {
    {"word", "SELECT no,text FROM word ORDER BY no"},
    {"way", "SELECT no,id,how,scale FROM way ORDER BY no"},
    {"entry", "SELECT " STORE_COLUMNS " FROM entry ORDER BY position"},
    {"state", "SELECT one,rules,log,position,chain,received FROM state"},
};

static int same_value(sqlite3_stmt *a, sqlite3_stmt *b, int i) {
    if (sqlite3_column_type(a, i) != sqlite3_column_type(b, i)) return 0;
    if (sqlite3_column_type(a, i) == SQLITE_INTEGER)
        return sqlite3_column_int64(a, i) == sqlite3_column_int64(b, i);
    const void *p = sqlite3_column_blob(a, i), *q = sqlite3_column_blob(b, i);
    int n = sqlite3_column_bytes(a, i);
    return n == sqlite3_column_bytes(b, i) && (n == 0 || memcmp(p, q, (size_t)n) == 0);
}

static int differs(const table_t *t, int64_t row, const char *column, refusal_t *why) {
    refuse(why, "store-differs", t->name,
           "Kho số liệu khác với kết quả tính lại từ sổ nhận: bảng %s, dòng %lld, cột %s. Hãy chạy lệnh "
           "rebuild.",
           "The store differs from what the log gives when folded again: table %s, row %lld, column %s. Run "
           "the verb "
           "rebuild.",
           t->name, (long long)row, column);
    return BC_CONFLICT;
}

static int compare_rows(const table_t *t, sqlite3_stmt *a, sqlite3_stmt *b, refusal_t *why) {
    for (int i = 0; i < sqlite3_column_count(a); i++)
        if (!same_value(a, b, i))
            return differs(t, sqlite3_column_int64(a, 0), sqlite3_column_name(a, i), why);
    return BC_OK;
}

static int compare_table(store_t *a, store_t *b, const table_t *t, refusal_t *why) {
    sqlite3_stmt *sa = db_bind(a->db, t->sql, ""), *sb = db_bind(b->db, t->sql, "");
    int ra, rb, rc = BC_OK;
    do {
        ra = db_step(a->db, sa);
        rb = db_step(b->db, sb);
        if (ra < 0 || rb < 0) {
            rc = ra < 0 ? ra : rb;
        } else if (ra != rb) {
            rc = differs(t, sqlite3_column_int64(ra ? sa : sb, 0),
                         ra ? "(not in the log)" : "(not in the store)", why);
        } else if (ra) {
            rc = compare_rows(t, sa, sb, why);
        }
    } while (rc == BC_OK && ra);
    if (sa) db_done(sa);
    if (sb) db_done(sb);
    return rc;
}

int store_compare(store_t *a, store_t *b, refusal_t *why) {
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        int rc = compare_table(a, b, &tables[i], why);
        if (rc) return rc;
    }
    return BC_OK;
}
