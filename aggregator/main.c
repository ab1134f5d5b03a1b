/* SPDX-License-Identifier: MPL-2.0 */
/* main.c - baocao-aggregator: everything it can do stands in the table of verbs.c. */
#include "aggregator/verbs.h"

int main(int argc, char **argv) {
    return program_main(&verbs_program, argc, argv);
}
