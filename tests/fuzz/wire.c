/* SPDX-License-Identifier: MPL-2.0 */
/* A message from the wire: its frames, its header, and of DOCUMENTS the lines and their numbers.
 *
 * The input is cut into frames at each byte 0xFF, which is in no UTF-8. */
#include "collector/batch.h"
#include "proto/base/rc.h"
#include "tests/fuzz/part_fuzz.h"

#define FRAMES 6

static zsock_t *near, *far;

static void close_all(void) {
    zsock_destroy(&near);
    zsock_destroy(&far);
}

static void open_once(void) {
    if (near) return;
    atexit(close_all);
    zsys_handler_set(NULL);
    near = zsock_new(ZMQ_PAIR);
    far = zsock_new(ZMQ_PAIR);
    HOLDS(zsock_bind(near, "inproc://fuzz") == 0 && zsock_connect(far, "inproc://fuzz") == 0);
}

static void send_frames(const uint8_t *data, size_t size) {
    zmsg_t *msg = zmsg_new();
    const uint8_t *end = data + size, *cut;
    while (zmsg_size(msg) < FRAMES - 1 && data < end && (cut = memchr(data, 0xFF, (size_t)(end - data)))) {
        zmsg_addmem(msg, data, (size_t)(cut - data));
        data = cut + 1;
    }
    zmsg_addmem(msg, data, (size_t)(end - data));
    HOLDS(zmsg_send(&msg, far) == 0);
}

static void documents(frame_t *f) {
    const access_key_t key = {.serial = 1, .unit = "BD.01"};
    refusal_t why = {0};
    int64_t number = 0;
    batch_t *batch = batch_new(f, &key, 0, &number, &why);
    if (!batch)
        fuzz_refused(&why);
    else
        HOLDS(batch_count(batch) >= 1 && batch_count(batch) <= BATCH_LINES && number >= 1);
    batch_free(&batch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    open_once();
    send_frames(data, size);
    frame_t f;
    refusal_t why = {0};
    int rc = frame_take(near, 0, &f, &why);
    HOLDS(rc != BC_AGAIN);
    if (rc) {
        fuzz_refused(&why);
    } else {
        HOLDS(json_is_object(f.header) && f.command != CMD_NONE && f.body[f.body_len] == 0);
        if (f.command == CMD_DOCUMENTS) documents(&f);
    }
    frame_free(&f);
    HOLDS(frame_take(near, 0, &f, &why) == BC_AGAIN);
    return 0;
}
