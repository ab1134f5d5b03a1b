/* SPDX-License-Identifier: MPL-2.0 */
/* verb_decide.c - the verb `decide overlap`: keeps the decision, sends it over a line of its own and waits
 * for the answer; what is not answered is sent again by the next `run` or `sync`. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "aggregator/decision.h"
#include "aggregator/verbs.h"
#include "proto/base/rc.h"
#include "proto/frame.h"
#include "proto/line.h"

/* Waits for the answer to the decision UUID. */
static int wait_decided(const char *dir, const char *uuid, const peer_t *peer, line_t *line, int64_t until,
                        refusal_t *why) {
    for (;;) {
        frame_t f;
        char whose[UUID_TEXT];
        int rc = frame_take(line_socket(line), 0, &f, NULL);
        if (rc != BC_AGAIN) {
            int mine = rc == BC_OK && f.command == CMD_DECIDED;
            if (mine) rc = decision_answered(dir, f.header, whose, why);
            frame_free(&f);
            if (mine && strcmp(whose, uuid) == 0) return rc;
            continue;
        }
        line_state_t state = line_state(line);
        if (line_dead(state) || clock_mono_ms() >= until) {
            line_why(state, peer->endpoint, why);
            return BC_AGAIN;
        }
        zmq_pollitem_t items[] = {{zsock_resolve(line_socket(line)), 0, ZMQ_POLLIN, 0},
                                  {zsock_resolve(line_monitor(line)), 0, ZMQ_POLLIN, 0}};
        zmq_poll(items, 2, 200);
    }
}

static int send_and_wait(const aggregator_t *self, const conf_t *conf, const peer_t *peer, const char *uuid,
                         refusal_t *why) {
    line_t *line = line_open(peer->endpoint, &peer->pair, peer->server, why);
    if (!line) return BC_AGAIN;
    int rc = BC_AGAIN;
    if (decision_send(self->dir, uuid, line_socket(line)) == 1)
        rc = wait_decided(self->dir, uuid, peer, line, clock_mono_ms() + conf_int(conf, "follow/patience"),
                          why);
    line_close(&line);
    return rc;
}

static int read_words(const args_t *args, uuid_bc_t *aggregate, refusal_t *why) {
    if (uuid_parse(args->argv[0], aggregate))
        return refuse(why, "id-bad", args->argv[0], "\"%s\" không phải là mã của một báo cáo gộp.",
                      "\"%s\" is no id of an aggregate.", args->argv[0]);
    if (strcmp(args->argv[1], "aggregate") != 0 && strcmp(args->argv[1], "own") != 0)
        return refuse(why, "words-choice", args->argv[1], "Hãy chọn aggregate hoặc own, không phải \"%s\".",
                      "Choose aggregate or own, not \"%s\".", args->argv[1]);
    return BC_OK;
}

static int check_aggregate(const aggregator_t *self, const uuid_bc_t *id, refusal_t *why) {
    row_t row;
    if (store_document(self->store, id, STORE_NOW, &row) == BC_OK && row.kind == ROW_AGGREGATE) return BC_OK;
    return refuse(why, "aggregate-unknown", NULL, "Không có báo cáo gộp nào mang mã này đang có hiệu lực.",
                  "There is no live aggregate of this id.");
}

int verb_decide(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    aggregator_t *self = store;
    refusal_t why = {0};
    uuid_bc_t aggregate;
    peer_t peer;
    char uuid[UUID_TEXT];
    const char *person = args_opt(args, "person") ? args_opt(args, "person") : args->person;
    int rc = read_words(args, &aggregate, &why);
    if (rc == BC_OK) rc = check_aggregate(self, &aggregate, &why);
    if (rc == BC_OK) rc = peer_load(self->dir, &peer, &why);
    if (rc == BC_OK)
        rc = decision_keep(self->dir, &aggregate, args->argv[1], person, store_cursor(self->store), uuid,
                           &why);
    if (rc) return verbs_failed(io, rc, &why);
    rc = send_and_wait(self, conf, &peer, uuid, &why);
    if (rc == BC_AGAIN)
        io_say(io, "Quyết định %s đã được giữ lại và sẽ được gửi khi chạy run hoặc sync.\n",
               "The decision %s is kept and will be sent by run or sync.\n", uuid);
    if (rc) return verbs_failed(io, rc, &why);
    if (io->json) {
        json_t *j = json_pack("{s:s}", "uuid", uuid);
        io_json(io, j);
        json_decref(j);
    } else {
        io_say(io, "Máy chủ đã ghi quyết định %s; có hiệu lực khi được đọc lại từ sổ nhận.\n",
               "The collector has recorded the decision %s; it takes effect when it is read back.\n", uuid);
    }
    return EX_OK;
}
