/* cause.h - why the system did not do something, in the reader's language, as the end of a sentence. */
#ifndef BC_CAUSE_H
#define BC_CAUSE_H

/* ERR is an errno, those of libzmq included. Never NULL, no full stop. What has no Vietnamese here is told
 * in English. Valid for ever. */
const char *cause_vi(int err);
const char *cause_en(int err);

#endif
