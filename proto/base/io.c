/* SPDX-License-Identifier: MPL-2.0 */
/* Output of verbs. Files are only collected here, since the verb may run in another process, with
 * another working directory and other rights, than the one who asked. */
#include "proto/base/io.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "proto/base/db.h"
#include "proto/base/file.h"
#include "proto/base/help.h"
#include "proto/base/json.h"
#include "proto/base/rc.h"

void io_say(io_t *io, const char *vi, const char *en, ...) {
    va_list args;
    va_start(args, en);
    vfprintf(io->out, tr(io->lang, vi, en), args);
    va_end(args);
}

/* A refusal's code says more than "refused". */
static int status_of(int rc, const refusal_t *why) {
    int status = help_exit(why);
    return rc_refused(rc) && status != EX_DATAERR ? status : rc_exit(rc);
}

static void refuse_broken(refusal_t *why) {
    refuse(
        why, "disk", NULL,
        "Không đọc hoặc không ghi được kho dữ liệu trên ổ đĩa, nên lệnh này chưa có kết quả. Hãy kiểm tra ổ "
        "đĩa rồi chạy lại; những gì đã lưu trước đó vẫn còn.",
        "The store on the disk could not be read or written, so this command has no result. Check the disk, "
        "then give it again; what was kept before is still there.");
}

int io_store_broke(io_t *io) {
    refusal_t why;
    int rc = db_any_broken();
    if (rc == BC_CORRUPT)
        refuse(&why, "db-damaged", NULL,
               "Kho dữ liệu trên ổ đĩa bị hỏng, nên lệnh này chưa có kết quả. " DAMAGED_VI,
               "The store on the disk is damaged, so this command has no result. " DAMAGED_EN);
    else
        refuse_broken(&why);
    return io_refused(io, rc, &why);
}

int io_refused(io_t *io, int rc, const refusal_t *why) {
    /* With a broken store "not there" may be "could not be read": the disk comes first. */
    int status = status_of(rc, why), broken = db_any_broken();
    int told = status == EX_SOFTWARE || (status == EX_IOERR && broken != BC_CORRUPT);
    if (broken && !told) return io_store_broke(io);
    if (!io->json) {
        fprintf(io->err, "%s: %s\n", why->code, refusal_text(why, io->lang));
        return status;
    }
    json_t *j = json_pack("{s:{s:s,s:s,s:s,s:s}}", "error", "code", why->code, "field", why->field, "vi",
                          why->vi, "en", why->en);
    if (j == NULL) abort(); /* refuse() leaves nothing but UTF-8 */
    io_json(io, j);
    json_decref(j);
    return status;
}

void io_json(io_t *io, const void *json) {
    char *text = json_canonical(json);
    fprintf(io->out, "%s\n", text);
    free(text);
}

void io_file(io_t *io, const char *path, const void *p, size_t n, unsigned mode) {
    io_file_t **end = &io->files;
    while (*end != NULL)
        end = &(*end)->next;
    io_file_t *f = mem_alloc(sizeof *f);
    f->path = mem_str(path);
    f->mode = mode;
    buf_add(&f->data, p, n);
    *end = f;
}

/* The folder of PATH, made where it is missing: closed to others if the file is. */
static int make_folder(const io_file_t *f, refusal_t *why) {
    const char *slash = strrchr(f->path, '/');
    if (slash == NULL || slash == f->path) return 0;
    char *folder = mem_strn(f->path, (size_t)(slash - f->path));
    int rc = file_exists(folder) ? 0 : file_mkdir(folder, f->mode & 077 ? 0755 : 0700, why);
    free(folder);
    return rc;
}

int io_write_files(const io_t *io, refusal_t *why) {
    for (const io_file_t *f = io->files; f != NULL; f = f->next) {
        int rc = make_folder(f, why);
        if (rc == 0) rc = file_write(f->path, f->data.data, f->data.len, f->mode, why);
        if (rc != 0) return rc;
    }
    return 0;
}

void io_clear(io_t *io) {
    while (io->files != NULL) {
        io_file_t *f = io->files;
        io->files = f->next;
        free(f->path);
        buf_free(&f->data);
        free(f);
    }
    buf_free(&io->input);
}
