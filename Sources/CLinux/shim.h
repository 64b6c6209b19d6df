#pragma once
/* The Glibc module lacks these headers. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>

/* struct ucred needs _GNU_SOURCE, which importing modules do not set: the fields of SO_PEERCRED by value. */
struct phonewire_peer { int pid; unsigned uid; unsigned gid; };
static inline int phonewire_peer_credentials(int fd, struct phonewire_peer *out) {
    struct { int pid; unsigned uid; unsigned gid; } c;
    socklen_t n = sizeof c;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &c, &n) != 0) return -1;
    out->pid = c.pid; out->uid = c.uid; out->gid = c.gid;
    return 0;
}
/* open and fcntl are variadic. */
static inline int phonewire_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }
static inline int phonewire_fcntl_get(int fd, int command) { return fcntl(fd, command); }
static inline int phonewire_fcntl_set(int fd, int command, int value) { return fcntl(fd, command, value); }
/* prctl is variadic. */
static inline void phonewire_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }
