/* SPDX-License-Identifier: MPL-2.0 */
/* unit.c - one unit's record: who it is, what it was called and under whom it stood on which day. */
#include "proto/unit.h"

#include <stdlib.h>
#include <string.h>

#include "proto/base/json.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"
#include "proto/field.h"

/* What holds from a day on: a name, or a parent (NULL: top). Borrowed from json. */
typedef struct {
    day_t from;
    const char *text;
    const json_t *json; /* the same */
} dated_t;

struct unit {
    json_t *json;
    const json_t *code_json, *kind_json, *contact; /* parts of it */
    const char *code, *kind;
    dated_t *names, *parents;
    size_t name_count, parent_count;
    day_t opened, closed;
    int expected, coordinating;
    dated_t one[2]; /* most have one name and one parent: they lie here, beside what is looked at with them */
};

int unit_code_ok(const char *code) {
    size_t n = 0;
    for (; code[n]; n++) {
        int letter = (code[n] >= 'A' && code[n] <= 'Z') || (code[n] >= '0' && code[n] <= '9');
        if (n == UNIT_CODE - 1 || !(letter || (n > 0 && (code[n] == '.' || code[n] == '-')))) return 0;
    }
    return n > 0;
}

static int bad(const char *field, const char *vi, const char *en, refusal_t *why) {
    return refuse(why, "unit-field", field, "Hồ sơ đơn vị: %1$s%2$.0s", "The unit's record: %1$.0s%2$s", vi,
                  en);
}

/* field_check with the code of units. */
static int take(const json_t *obj, const field_t *fields, const char *path, int index, const json_t **values,
                refusal_t *why) {
    refusal_t inner;
    if (field_check(obj, fields, path, index, values, &inner) == BC_OK) return BC_OK;
    return bad(inner.field, inner.vi, inner.en, why);
}

/* What ARRAY's elements say, their days rising: in a new array, or in ONE where there is but one. */
static int read_dated(const json_t *array, const char *path, const field_t *fields, dated_t *one,
                      dated_t **out, size_t *count, refusal_t *why) {
    size_t n = json_array_size(array);
    const json_t *v[2];
    *out = n == 1 ? one : mem_alloc(n * sizeof **out);
    for (size_t i = 0; i < n; i++) {
        int rc = take(json_array_get(array, i), fields, path, (int)i, v, why);
        if (rc) return rc;
        (*out)[i] = (dated_t){day_parse(json_string_value(v[0])), json_string_value(v[1]), v[1]};
        if (i && (*out)[i].from <= (*out)[i - 1].from)
            return bad(path, "các ngày \"from\" phải tăng dần.", "the days \"from\" must rise.", why);
    }
    *count = n;
    return BC_OK;
}

static int check_each(const json_t *array, const field_t *fields, const char *path, refusal_t *why) {
    for (size_t i = 0; i < json_array_size(array); i++) {
        int rc = take(json_array_get(array, i), fields, path, (int)i, NULL, why);
        if (rc) return rc;
    }
    return BC_OK;
}

static int check_successors(const json_t *array, refusal_t *why) {
    static const field_t fields[] = {{"kind", FIELD_TEXT, 1, 1, 16},
                                     {"unit", FIELD_UNIT, 0, 0, 0},
                                     {"date", FIELD_DAY, 1, 0, 0},
                                     {"decision", FIELD_TEXT, 1, 1, 100},
                                     {0}};
    static const char *const kinds[] = {"rename", "move", "merge", "split", "close"};
    int rc = check_each(array, fields, "successors", why);
    for (size_t i = 0; rc == BC_OK && i < json_array_size(array); i++) {
        const char *kind = json_text(json_array_get(array, i), "kind");
        size_t k = 0;
        while (k < 5 && strcmp(kind, kinds[k]) != 0)
            k++;
        if (k == 5)
            rc = bad("successors", "\"kind\" phải là rename, move, merge, split hoặc close.",
                     "\"kind\" must be rename, move, merge, split or close.", why);
    }
    return rc;
}

static int check_custody(const json_t *array, refusal_t *why) {
    static const field_t fields[] = {{"unit", FIELD_UNIT, 1, 0, 0},
                                     {"from", FIELD_DAY, 1, 0, 0},
                                     {"to", FIELD_DAY, 0, 0, 0},
                                     {"decision", FIELD_TEXT, 1, 1, 100},
                                     {0}};
    return check_each(array, fields, "custody", why);
}

static int check_contact(const json_t *contact, refusal_t *why) {
    static const field_t fields[] = {{"name", FIELD_TEXT, 0, 1, 100},
                                     {"phone", FIELD_TEXT, 0, 1, 100},
                                     {"email", FIELD_TEXT, 0, 1, 100},
                                     {0}};
    return contact ? take(contact, fields, "contact", -1, NULL, why) : BC_OK;
}

static int check_groups(const json_t *groups, refusal_t *why) {
    const char *key;
    json_t *v;
    json_object_foreach((json_t *)groups, key, v) {
        if (!json_is_string(v) ||
            field_text_fault(json_string_value(v), json_string_length(v), 100) != TEXT_FINE ||
            field_text_fault(key, strlen(key), 64) != TEXT_FINE)
            return bad("groups", "tên nhóm và giá trị phải là văn bản, không để trống.",
                       "names of groups and their values must be text and not blank.", why);
    }
    return BC_OK;
}

enum {
    UNIT,
    KIND,
    NAMES,
    PARENTS,
    OPENED,
    CLOSED,
    EXPECTED,
    SUCCESSORS,
    CUSTODY,
    CONTACT,
    GROUPS,
    DECISION,
    COUNT
};

/* What holds between fields, and the fields that are only looked through. */
static int check_rest(const unit_t *self, const json_t *const v[static COUNT], refusal_t *why) {
    if (self->closed != DAY_NONE && self->closed < self->opened)
        return bad("closed", "ngày cuối cùng trước ngày thành lập.", "its last day is before its first.",
                   why);
    if (self->coordinating && self->expected)
        return bad("expected", "đơn vị phối hợp không bao giờ phải báo cáo.",
                   "a coordinating unit is never expected to report.", why);
    int rc = check_successors(v[SUCCESSORS], why);
    if (rc == BC_OK) rc = check_custody(v[CUSTODY], why);
    if (rc == BC_OK) rc = check_contact(v[CONTACT], why);
    return rc ? rc : check_groups(v[GROUPS], why);
}

static int read_record(unit_t *self, refusal_t *why) {
    static const field_t fields[] = {[UNIT] = {"unit", FIELD_UNIT, 1, 0, 0},
                                     [KIND] = {"kind", FIELD_ID, 1, 1, 32},
                                     [NAMES] = {"names", FIELD_ARRAY, 1, 1, 100},
                                     [PARENTS] = {"parents", FIELD_ARRAY, 1, 1, 100},
                                     [OPENED] = {"opened", FIELD_DAY, 1, 0, 0},
                                     [CLOSED] = {"closed", FIELD_DAY, 0, 0, 0},
                                     [EXPECTED] = {"expected", FIELD_BOOL, 1, 0, 0},
                                     [SUCCESSORS] = {"successors", FIELD_ARRAY, 0, 0, 100},
                                     [CUSTODY] = {"custody", FIELD_ARRAY, 0, 0, 100},
                                     [CONTACT] = {"contact", FIELD_OBJECT, 0, 0, 0},
                                     [GROUPS] = {"groups", FIELD_OBJECT, 0, 0, 0},
                                     [DECISION] = {"decision", FIELD_TEXT, 0, 1, 100},
                                     [COUNT] = {0}};
    static const field_t name[] = {{"from", FIELD_DAY, 1, 0, 0}, {"name", FIELD_TEXT, 1, 1, 200}, {0}};
    static const field_t parent[] = {{"from", FIELD_DAY, 1, 0, 0}, {"parent", FIELD_PARENT, 1, 0, 0}, {0}};
    const json_t *v[COUNT];
    int rc = take(self->json, fields, NULL, -1, v, why);
    if (rc) return rc;
    self->code_json = v[UNIT];
    self->kind_json = v[KIND];
    self->contact = v[CONTACT];
    self->code = json_string_value(v[UNIT]);
    self->kind = json_string_value(v[KIND]);
    self->coordinating = strcmp(self->kind, "coordinating") == 0;
    self->expected = json_is_true(v[EXPECTED]);
    self->opened = day_parse(json_string_value(v[OPENED]));
    self->closed = v[CLOSED] ? day_parse(json_string_value(v[CLOSED])) : DAY_NONE;
    rc = read_dated(v[NAMES], "names", name, &self->one[0], &self->names, &self->name_count, why);
    if (rc == BC_OK)
        rc = read_dated(v[PARENTS], "parents", parent, &self->one[1], &self->parents, &self->parent_count,
                        why);
    return rc ? rc : check_rest(self, v, why);
}

unit_t *unit_read(const char *p, size_t n, refusal_t *why) {
    json_t *json = json_read(p, n, why);
    if (!json) return NULL;
    unit_t *self = mem_alloc(sizeof *self);
    self->json = json;
    int rc = field_nfc(p, n, json)
                 ? read_record(self, why)
                 : bad(NULL, "văn bản không ở dạng Unicode dựng sẵn (NFC).", "its text is not in NFC.", why);
    if (rc) unit_free(&self);
    return self;
}

void unit_free(unit_t **self_p) {
    unit_t *self = *self_p;
    if (!self) return;
    if (self->names != &self->one[0]) free(self->names);
    if (self->parents != &self->one[1]) free(self->parents);
    json_decref(self->json);
    free(self);
    *self_p = NULL;
}

const char *unit_code(const unit_t *self) {
    return self->code;
}

const char *unit_kind(const unit_t *self) {
    return self->kind;
}

/* The last of N that begins on DAY or before; NULL where none does. */
static const dated_t *in_force(const dated_t *list, size_t n, day_t day) {
    while (n > 0 && list[n - 1].from > day)
        n--;
    return n ? &list[n - 1] : NULL;
}

/* The name in force on DAY, or before the first one that. */
static const dated_t *name_on(const unit_t *self, day_t day) {
    const dated_t *name = in_force(self->names, self->name_count, day);
    return name ? name : self->names;
}

const char *unit_name(const unit_t *self, day_t day) {
    return name_on(self, day)->text;
}

json_t *unit_code_json(const unit_t *self) {
    return (json_t *)self->code_json;
}

json_t *unit_kind_json(const unit_t *self) {
    return (json_t *)self->kind_json;
}

json_t *unit_name_json(const unit_t *self, day_t day) {
    return (json_t *)name_on(self, day)->json;
}

json_t *unit_contact_json(const unit_t *self) {
    return (json_t *)self->contact;
}

const char *unit_parent(const unit_t *self, day_t day) {
    const dated_t *parent = in_force(self->parents, self->parent_count, day);
    return parent ? parent->text : NULL;
}

const char *unit_parent_span(const unit_t *self, day_t day, day_t *from, day_t *to) {
    const dated_t *parent = in_force(self->parents, self->parent_count, day);
    const dated_t *next = parent ? parent + 1 : self->parents;
    *from = parent ? parent->from : INT32_MIN;
    *to = next < self->parents + self->parent_count ? next->from - 1 : INT32_MAX;
    return parent ? parent->text : NULL;
}

int unit_open_on(const unit_t *self, day_t day) {
    return day >= self->opened && (self->closed == DAY_NONE || day <= self->closed);
}

day_t unit_opened(const unit_t *self) {
    return self->opened;
}

day_t unit_closed(const unit_t *self) {
    return self->closed;
}

const char *unit_heir(const unit_t *self, day_t day) {
    size_t i;
    json_t *link;
    json_array_foreach(json_object_get(self->json, "successors"), i, link) {
        const char *unit = json_text(link, "unit");
        if (unit && day_parse(json_text(link, "date")) <= day) return unit;
    }
    return NULL;
}

int unit_in_group(const unit_t *self, const char *name, const char *value) {
    const char *own = json_text(json_object_get(self->json, "groups"), name);
    return own && strcmp(own, value) == 0;
}

int unit_expected(const unit_t *self) {
    return self->expected;
}

int unit_coordinating(const unit_t *self) {
    return self->coordinating;
}

const json_t *unit_json(const unit_t *self) {
    return self->json;
}
