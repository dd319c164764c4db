/* Notes every write to a SQLite file and its log, with its data, in the order in which they happened.
 *
 * Preloaded into a server; QUIZAPP_WATCHED names the file and QUIZAPP_WRITES the notes. A note is one append: kind,
 * file, offset, length, data. The same lock is held over a write and its note, by all processes and threads.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { WRITE = 1, TRUNCATE = 2, SYNC = 3, UNLINK = 4 };
struct note { uint32_t kind, file; uint64_t offset, length; };

static const char *const suffixes[] = {"", "-wal", "-journal"};
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned char files[65536]; /* of a descriptor: 1 + index of its suffix, 0 when nobody watches it */
static int notes = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int watched(const char *path) {
    const char *base = getenv("QUIZAPP_WATCHED");
    size_t length = base ? strlen(base) : 0;
    if (!length || !path || strncmp(path, base, length)) return 0;
    for (unsigned index = 0; index < 3; index++)
        if (!strcmp(path + length, suffixes[index])) return (int)index + 1;
    return 0;
}

static int file_of(int descriptor) {
    return descriptor >= 0 && descriptor < (int)sizeof files ? files[descriptor] : 0;
}

static void begin(void) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    pthread_mutex_lock(&mutex);
    if (notes < 0) notes = REAL(open64)(getenv("QUIZAPP_WRITES"), O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    fcntl(notes, F_SETLKW, &lock);
}

static void end(int is_done, uint32_t kind, int file, uint64_t offset, const void *data, uint64_t length) {
    struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    if (is_done) {
        struct note note = {kind, (uint32_t)file - 1, offset, length};
        struct iovec parts[2] = {{&note, sizeof note}, {(void *)data, data ? length : 0}};
        if (writev(notes, parts, 2) < 0) abort();
    }
    fcntl(notes, F_SETLK, &lock);
    pthread_mutex_unlock(&mutex);
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    int descriptor = REAL(open64)(path, flags, mode);
    if (descriptor >= 0 && descriptor < (int)sizeof files) files[descriptor] = (unsigned char)watched(path);
    return descriptor;
}

int close(int descriptor) {
    if (file_of(descriptor)) files[descriptor] = 0;
    return REAL(close)(descriptor);
}

ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) {
    int file = file_of(descriptor);
    if (!file) return REAL(pwrite64)(descriptor, data, length, offset);
    begin();
    ssize_t done = REAL(pwrite64)(descriptor, data, length, offset);
    end(done > 0, WRITE, file, (uint64_t)offset, data, done > 0 ? (uint64_t)done : 0);
    return done;
}

ssize_t write(int descriptor, const void *data, size_t length) {
    int file = file_of(descriptor);
    if (!file) return REAL(write)(descriptor, data, length);
    begin();
    off_t offset = lseek(descriptor, 0, SEEK_CUR);
    ssize_t done = REAL(write)(descriptor, data, length);
    end(done > 0, WRITE, file, (uint64_t)offset, data, done > 0 ? (uint64_t)done : 0);
    return done;
}

int ftruncate64(int descriptor, off64_t length) {
    int file = file_of(descriptor);
    if (!file) return REAL(ftruncate64)(descriptor, length);
    begin();
    int failed = REAL(ftruncate64)(descriptor, length);
    end(!failed, TRUNCATE, file, (uint64_t)length, NULL, 0);
    return failed;
}

static int synced(int (*sync)(int), int descriptor) {
    int file = file_of(descriptor);
    if (!file) return sync(descriptor);
    begin();
    int failed = sync(descriptor);
    end(!failed, SYNC, file, 0, NULL, 0);
    return failed;
}

int fsync(int descriptor) { return synced(REAL(fsync), descriptor); }

int fdatasync(int descriptor) { return synced(REAL(fdatasync), descriptor); }

int unlink(const char *path) {
    int file = watched(path);
    if (!file) return REAL(unlink)(path);
    begin();
    int failed = REAL(unlink)(path);
    end(!failed, UNLINK, file, 0, NULL, 0);
    return failed;
}
