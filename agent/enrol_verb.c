/* SPDX-License-Identifier: MPL-2.0 */
/* enrol_verb.c - the command `join`: from what stands on the slip to a computer that can send. */
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "agent/enrol.h"
#include "agent/send.h"
#include "proto/base/file.h"
#include "proto/base/mem.h"
#include "proto/base/rc.h"

static int join(const args_t *args, const conf_t *conf, io_t *io, const code_t *code, refusal_t *why) {
    agent_t *agent = agent_program.open(args, conf, why);
    refusal_t trouble;
    if (!agent) return BC_REFUSED;
    int rc = enrol_join(agent, code, args_opt(args, "name"), conf_int(conf, "courier/patience"), why);
    if (!rc) {
        char *unit = outbox_fact(agent->outbox, "unit"), *name = outbox_fact(agent->outbox, "name");
        int fetched = send_now(agent, conf, 0, &trouble) == 0;
        if (!io->json)
            io_say(io, "Đã ghi danh cho đơn vị %s %s.\n", "Enrolled for unit %s %s.\n", unit, name);
        size_t plans = plans_count(outbox_plans(agent->outbox));
        if (!io->json && fetched && plans)
            io_say(io, "Đã nhận kế hoạch; xem: baocao-agent plan\n",
                   "Plans were received; see: baocao-agent plan\n");
        if (io->json) {
            json_t *j = json_pack("{ss ss sI}", "unit", unit, "name", name, "plans", (json_int_t)plans);
            io_json(io, j);
            json_decref(j);
        }
        free(unit);
        free(name);
    }
    void *store = agent;
    agent_program.close(&store);
    return rc;
}

/* After a failure that another try may mend the code is still good, and the officer should know it. */
static void say_again(io_t *io) {
    if (!io->json)
        io_say(io, "Mã ghi danh vẫn dùng được: khi có mạng, hãy chạy lại đúng lệnh này.\n",
               "The code is still good: run the same command again once there is a network.\n");
}

int enrol_join_verb(void *store, const args_t *args, const conf_t *conf, io_t *io) {
    refusal_t why = {0};
    code_t code;
    buf_t text = {0};
    (void)store;
    int rc = code_words(args, &text, &why), lock = -1;
    if (!rc) rc = code_read(text.data, &code, &why);
    buf_free(&text);
    if (!rc) rc = file_mkdir(args->dir, 0700, &why);
    if (!rc) lock = agent_lock(args->dir, &rc, &why);
    if (!rc) rc = join(args, conf, io, &code, &why);
    if (lock >= 0) close(lock);
    if (!rc) return EX_OK;
    int status = io_refused(io, rc, &why);
    if (rc_again(rc) && lock >= 0) say_again(io);
    return status;
}
