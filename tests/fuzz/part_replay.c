/* SPDX-License-Identifier: MPL-2.0 */
/* part_replay.c - main() of a fuzzer that was built with gcc: goes through the files in the folders named. */
#include <dirent.h>
#include <sys/stat.h>

#include "proto/base/file.h"
#include "tests/fuzz/part_fuzz.h"

static size_t replay(const char *path) {
    struct stat st;
    buf_t text = {0};
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) return 0;
    HOLDS(file_read(path, 1 << 24, &text, NULL) == 0);
    LLVMFuzzerTestOneInput((const uint8_t *)text.data, text.len);
    buf_free(&text);
    return 1;
}

static size_t replay_all(const char *folder) {
    size_t n = 0;
    DIR *dir = opendir(folder);
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char *path = file_path(folder, entry->d_name);
        n += replay(path);
        free(path);
    }
    if (dir) closedir(dir);
    return n;
}

int main(int argc, char **argv) {
    size_t n = 0;
    for (int i = 1; i < argc; i++)
        n += replay_all(argv[i]);
    printf("%zu inputs\n", n);
    return n == 0;
}
