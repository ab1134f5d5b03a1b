/* SPDX-License-Identifier: MPL-2.0 */
/* smallest.c - the smallest program that has a czmq socket open: what the others' memory is compared with. */
#include <czmq.h>

int main(void) {
    zsys_handler_set(NULL);
    zsock_t *router = zsock_new_router("tcp://127.0.0.1:*");
    puts("ready");
    fflush(stdout);
    zmsg_t *never = zmsg_recv(router); /* until a signal ends the program */
    zmsg_destroy(&never);
    zsock_destroy(&router);
    return 0;
}
