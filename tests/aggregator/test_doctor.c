/* SPDX-License-Identifier: MPL-2.0 */
/* A look at a directory in which nothing has been made yet: said, with what to do, and nothing falls. What a
 * whole site shows stands in tests/faults/doctor.py. */
#include "aggregator/doctor.h"

#include "aggregator/verbs.h"
#include "tests/doctor_kit.h"

static void test_doctor_says_what_is_not_made_yet(void **state) {
    doctor_on_nothing(&verbs_program, doctor_verb, state, "\"not-joined\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_DIR(test_doctor_says_what_is_not_made_yet),
    };
    return RUN(tests);
}
