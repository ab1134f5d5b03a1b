/* SPDX-License-Identifier: MPL-2.0 */
/* main.c - the collector: everything it can do stands in the table of admin.c. */
#include "collector/admin.h"

int main(int argc, char **argv) {
    return program_main(&admin_program, argc, argv);
}
