/* SPDX-License-Identifier: MPL-2.0 */
/* progress.c - the time left follows from what was done since the beginning. */
#include "proto/base/progress.h"

#include <unistd.h>

#include "proto/base/clock.h"
#include "proto/base/text.h"

enum { QUIET_MS = 1000, LIVE_MS = 1000, LINE_MS = 10000 };

progress_t progress_begin(FILE *out, lang_t lang, const char *vi, const char *en) {
    return (progress_t){.out = out,
                        .lang = lang,
                        .vi = vi,
                        .en = en,
                        .live = fileno(out) >= 0 && isatty(fileno(out)),
                        .began = clock_mono_ms(),
                        .first = -1};
}

static void say_left(const progress_t *self, int64_t done, int64_t total, int64_t now) {
    int64_t since = done - self->first;
    if (since <= 0 || total <= done) return;
    int64_t s = (total - done) * (now - self->began) / since / 1000 + 1;
    int vi = self->lang == LANG_VI, minutes = s >= 90;
    fprintf(
        self->out, "%s %lld %s%s", vi ? ", còn khoảng" : ", about", (long long)(minutes ? (s + 30) / 60 : s),
        minutes ? tr(self->lang, "phút", "minutes") : tr(self->lang, "giây", "seconds"), vi ? "" : " left");
}

void progress_step(progress_t *self, int64_t done, int64_t total) {
    char some[28], all[28];
    if (!self) return;
    int64_t now = clock_mono_ms();
    if (self->first < 0) self->first = done;
    if (now - self->began < QUIET_MS) return;
    if (self->told && now - self->told < (self->live ? LIVE_MS : LINE_MS)) return;
    self->told = now;
    text_grouped(done, some);
    text_grouped(total, all);
    if (self->live) fputs("\r\033[K", self->out);
    fprintf(self->out, "%s %s", some,
            total ? tr(self->lang, "trên", "of") : tr(self->lang, self->vi, self->en));
    if (total)
        fprintf(self->out, " %s %s (%lld%%)", all, tr(self->lang, self->vi, self->en),
                (long long)(100 * done / total));
    say_left(self, done, total, now);
    if (!self->live) fputc('\n', self->out);
    fflush(self->out);
}

void progress_end(progress_t *self) {
    if (!self || !self->live || !self->told) return;
    fputs("\r\033[K", self->out);
    fflush(self->out);
}
