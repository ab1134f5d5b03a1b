/* SPDX-License-Identifier: MPL-2.0 */
/* smallest.c - the smallest program that has a czmq socket open: what the others' memory is compared with. */
#include <czmq.h>

int main(void) {
    zsock_t *router = zsock_new_router("tcp://127.0.0.1:*");
    zsock_t *dealer = zsock_new_dealer(zsock_endpoint(router));
    zstr_send(dealer, "x");
    zmsg_t *msg = zmsg_recv(router);
    puts("ready");
    fflush(stdout);
    zmsg_t *never = zmsg_recv(router); /* until somebody ends it */
    zmsg_destroy(&never);
    zmsg_destroy(&msg);
    zsock_destroy(&dealer);
    zsock_destroy(&router);
    return 0;
}
