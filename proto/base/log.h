/* log.h - one logfmt line per event on stderr, for the operator and journald.
 *
 * Format: `<N>ev=queue.stored id=… bytes=…` where <N> is the syslog priority journald reads, left
 * out when stderr is a terminal. Log where an error is handled, not where it passes. Warning and
 * error lines say what to do in `do="…"`. Never payload text, never personal data. errno survives. */
#ifndef BC_LOG_H
#define BC_LOG_H

typedef enum { LOG_ERR_ = 3, LOG_WARN_ = 4, LOG_INFO_ = 6, LOG_DEBUG_ = 7 } log_level_t;

/* Lines above LEVEL are dropped. Default LOG_INFO_. Also routes czmq's own log lines here. */
void log_level(log_level_t level);

void log_error(const char *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_warn(const char *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_info(const char *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void log_debug(const char *ev, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
