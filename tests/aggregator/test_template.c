/* SPDX-License-Identifier: MPL-2.0 */
/* The template the program carries is whole; each part that lacks or is wrong is named. */
#include "aggregator/export/template.h"

#include "proto/base/json.h"
#include "tests/support.h"

/* The field named where KEY of the default is VALUE (JSON; NULL: taken away). */
static const char *changed(const char *key, const char *value) {
    static refusal_t why;
    json_t *j = template_default();
    if (value) {
        json_object_set_new(j, key, json_loads(value, JSON_DECODE_ANY, NULL));
    } else {
        json_object_del(j, key);
    }
    char *text = json_canonical(j);
    why = (refusal_t){0};
    json_t *read = template_read(text, strlen(text), &why);
    assert_string_equal(read ? "template-field" : why.code, "template-field");
    json_decref(read);
    json_decref(j);
    free(text);
    return why.field;
}

static void test_template_default_is_whole(void **state) {
    (void)state;
    json_t *j = template_default();
    assert_true(template_number(j, "page", "width_mm") > 209.5 &&
                template_number(j, "page", "width_mm") < 210.5);
    json_decref(j);
}

static void test_template_names_what_is_wrong(void **state) {
    (void)state;
    assert_string_equal(changed("motto", NULL), "motto");
    assert_string_equal(changed("page", "{}"), "page.width_mm");
    assert_string_equal(changed("signature", "[]"), "signature");
    assert_string_equal(changed("signature", "[1]"), "signature");
    assert_string_equal(changed("sections", "[{\"title\":\"x\",\"parts\":[\"a\",\"a\"]}]"), "parts");
    assert_string_equal(changed("addressees", "[{\"name\":\"x\"}]"), "addressees[0].purpose");
    assert_string_equal(changed("signer", "\"\""), "");
    assert_string_equal(changed("more", "1"), "more");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_template_default_is_whole),
        cmocka_unit_test(test_template_names_what_is_wrong),
    };
    return RUN(tests);
}
