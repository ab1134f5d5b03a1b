/* SPDX-License-Identifier: MPL-2.0 */
/* door.h - the drop folder: files that another program or a person puts there become documents.
 *
 * NAME.csv is read as `import` does, NAME.json as `report` does: one document, or one on each line. A file
 * is taken once its size and time of change stood still between two looks at least 2 s apart. What was taken
 * moves to taken/, and a file that is bad, or of which a part is, to refused/ beside NAME.reason, which says
 * in both languages what is wrong; what is good of it is kept. A file taken with warnings has its .reason
 * in taken/. The order is: outbox on disk, then the move, so a crash in between adds nothing twice. Other
 * files, folders and links are left alone. */
#ifndef BC_DOOR_H
#define BC_DOOR_H

#include "agent/agent.h"

typedef struct door door_t;

/* Watches FOLDER, made with taken/ and refused/ where missing (0700). NULL with WHY "disk". AGENT is
 * borrowed. */
door_t *door_open(agent_t *agent, const char *folder, refusal_t *why);
void door_close(door_t **self_p);
/* Looks when it is time, MONO being the monotonic clock (ms). Returns after how many ms it wants to be
 * called again, or a stop (rc.h): the disk failed. *ADDED: how many documents were added. */
int64_t door_tick(door_t *self, int64_t mono, int64_t *added);

#endif
