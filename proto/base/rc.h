/* rc.h - result codes of every fallible function in baocao.
 *
 * A function that can fail returns 0 or a negative bc_rc_t. The three families are the caller's
 * three choices, and nothing else: try again, refuse this one, stop the program. */
#ifndef BC_RC_H
#define BC_RC_H

typedef enum {
    BC_OK = 0,

    /* Try again: nothing was changed, the same call may succeed later. */
    BC_AGAIN = -1,    /* busy, no credit, peer not there */
    BC_TIMEOUT = -2,  /* a deadline passed */

    /* Refuse this one: this input will never be accepted; everything else goes on. */
    BC_REFUSED = -20, /* see the refusal_t that came with it */
    BC_NOTFOUND = -21,
    BC_CONFLICT = -22, /* same key, other content */

    /* Stop the program: nothing more may be promised. */
    BC_DISK = -40,    /* write, fsync or open failed; never retried (a failed fsync lies the next time) */
    BC_CORRUPT = -41, /* what we stored is not what we read */
    BC_BROKEN = -42   /* a library or the system failed in a way we have no answer to */
} bc_rc_t;

/* True where the same call may succeed later. */
static inline int rc_again(int rc) { return rc <= BC_AGAIN && rc > BC_REFUSED; }
/* True where this input must be refused. */
static inline int rc_refused(int rc) { return rc <= BC_REFUSED && rc > BC_DISK; }
/* True where the program must stop. */
static inline int rc_stop(int rc) { return rc <= BC_DISK; }

/* Short English name for the log, never NULL ("again", "disk", …). */
const char *rc_name(int rc);

/* The exit status (sysexits.h) for a command line that ends with RC: 0; 75 try again; 65 refused;
 * 66 not found; 74 disk; 70 otherwise. */
int rc_exit(int rc);

#endif
