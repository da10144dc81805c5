/* The load of the benchmarks, each program in one thread. They talk to the benchmark by lines on standard input and output.
 *
 *   load sockets PORT PATH COUNT [STAMP]
 *                                      opens COUNT WebSockets, 200 at a time; says {"opened_s", "told_s"} once all have
 *                                      had a first frame; then answers each line "reset" or "report" with figures since
 *                                      the last reset
 *   load requests PORT PATH CONNECTIONS SECONDS PAUSE_MS
 *                                      asks over kept connections, each again PAUSE_MS after its answer; says figures
 *   load floor COUNT FRAME_BYTES HZ    the least that a server can do: accepts COUNT sockets, then sends each a frame HZ
 *                                      times a second with send() and nothing else; says {"port"}, ends with its input
 *
 * Latencies are taken from `"t":<CLOCK_MONOTONIC ns>` in a frame, or from the field STAMP, losses from gaps in `"rev":[generation,seq]`.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 200, EVENTS = 512, KEPT = 65536, BUCKETS = 2000000, STDIN_TAG = -1 };
enum phase { CONNECTING, SHAKING, OPEN, GONE };

struct client {
    int fd;
    enum phase phase;
    char *kept; /* an incomplete frame or answer */
    size_t kept_bytes;
    int64_t generation, seq; /* of the newest frame, -1 before the first */
    uint64_t frames;
    uint64_t asked_ns;
};

static struct client *clients;
static int count, poller, port;
static const char *path;
static char stamp[64] = "\"t\":";
static uint32_t histogram[BUCKETS]; /* by microseconds */
static uint64_t frames, missed, timed, bytes_in, longest_us, pings, closes, failures;

static uint64_t now_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (uint64_t)at.tv_sec * 1000000000u + (uint64_t)at.tv_nsec;
}

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void note(uint64_t took_ns) {
    uint64_t us = took_ns / 1000;
    histogram[us < BUCKETS ? us : BUCKETS - 1]++;
    timed++;
    if (us > longest_us) longest_us = us;
}

static uint64_t quantile_us(double share) {
    uint64_t seen = 0, wanted = (uint64_t)(share * (double)timed);
    for (int us = 0; us < BUCKETS; us++)
        if ((seen += histogram[us]) > wanted) return (uint64_t)us;
    return longest_us;
}

static void reset(void) {
    memset(histogram, 0, sizeof histogram);
    frames = missed = timed = bytes_in = longest_us = pings = closes = failures = 0;
    for (int i = 0; i < count; i++) clients[i].frames = 0;
}

static void report(double seconds) {
    uint64_t least = UINT64_MAX, most = 0;
    for (int i = 0; i < count; i++) {
        if (clients[i].frames < least) least = clients[i].frames;
        if (clients[i].frames > most) most = clients[i].frames;
    }
    printf("{\"frames\":%lu,\"least\":%lu,\"most\":%lu,\"missed\":%lu,\"timed\":%lu,\"p50_us\":%lu,\"p99_us\":%lu,"
           "\"longest_us\":%lu,\"bytes\":%lu,\"pings\":%lu,\"closes\":%lu,\"failures\":%lu,\"seconds\":%.3f}\n",
           frames, least, most, missed, timed, quantile_us(0.5), quantile_us(0.99), longest_us, bytes_in, pings, closes,
           failures, seconds);
    fflush(stdout);
}

static void watch(int fd, uint32_t events, int tag, int operation) {
    struct epoll_event event = {.events = events, .data = {.u64 = (uint64_t)(int64_t)tag}};
    if (epoll_ctl(poller, operation, fd, &event)) die("epoll_ctl");
}

static void start(int number) {
    struct client *one = &clients[number];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int on = 1;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    one->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (one->fd < 0) die("socket");
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(one->fd, (struct sockaddr *)&to, sizeof to) && errno != EINPROGRESS) die("connect");
    one->phase = CONNECTING;
    one->generation = one->seq = -1;
    watch(one->fd, EPOLLOUT, number, EPOLL_CTL_ADD);
}

static void drop(struct client *one) {
    close(one->fd);
    one->phase = GONE;
    closes++;
}

static void say(struct client *one, const char *text, size_t size) {
    if (send(one->fd, text, size, MSG_NOSIGNAL) == (ssize_t)size) return;
    if (one->phase == CONNECTING) die("send");
    drop(one);
}

/* Reads what is there behind what was kept; NULL when nothing is, or the connection is gone. */
static char *take(struct client *one, size_t *size) {
    static char buffer[KEPT + (1 << 18)];
    ssize_t got;
    memcpy(buffer, one->kept, one->kept_bytes);
    got = recv(one->fd, buffer + one->kept_bytes, sizeof buffer - KEPT, 0);
    if (got < 0 && errno == EAGAIN) return NULL;
    if (got <= 0) {
        drop(one);
        return NULL;
    }
    bytes_in += (uint64_t)got;
    *size = one->kept_bytes + (size_t)got;
    one->kept_bytes = 0;
    return buffer;
}

static void keep(struct client *one, const char *rest, size_t size) {
    if (!size) return;
    if (size > KEPT) {
        fprintf(stderr, "a frame is larger than %d bytes\n", KEPT);
        exit(1);
    }
    one->kept = realloc(one->kept, size);
    memcpy(one->kept, rest, size);
    one->kept_bytes = size;
}

/* WebSockets */

static int opened, told, started;

static void message(struct client *one, const char *text, size_t size, uint64_t at) {
    const char *found = memmem(text, size, stamp, strlen(stamp));
    if (found) note(at - strtoull(found + strlen(stamp), NULL, 10));
    found = memmem(text, size, "\"rev\":[", 7);
    if (found) {
        char *rest;
        int64_t generation = strtoll(found + 7, &rest, 10), seq = strtoll(rest + 1, NULL, 10);
        if (one->generation == generation && one->seq >= 0) missed += (uint64_t)(seq - one->seq - 1);
        one->generation = generation;
        one->seq = seq;
    }
    frames++;
    if (!one->frames++ && told < count) told++;
}

static void pong(struct client *one, const char *payload, size_t size) {
    char answer[131] = {(char)0x8a, (char)(0x80 | size), 0, 0, 0, 0}; /* masked with zeros */
    memcpy(answer + 6, payload, size);
    pings++;
    say(one, answer, size + 6);
}

/* One whole frame at `text`: its size with the head, 0 while it is incomplete. */
static size_t frame(struct client *one, const char *text, size_t size, uint64_t at) {
    const uint8_t *head = (const uint8_t *)text;
    uint64_t length;
    size_t skip = 2;
    if (size < 2) return 0;
    length = head[1] & 127;
    if (length > 125) {
        int width = length == 126 ? 2 : 8;
        skip += (size_t)width;
        if (size < skip) return 0;
        length = 0;
        for (int i = 0; i < width; i++) length = length << 8 | head[2 + i];
    }
    if (size < skip + length) return 0;
    switch (head[0] & 15) {
        case 1:
        case 2: message(one, text + skip, length, at); break;
        case 8: closes++; break;
        case 9: pong(one, text + skip, length); break;
    }
    return skip + length;
}

static void receive(struct client *one) {
    size_t size, used;
    char *text = take(one, &size);
    uint64_t at = now_ns();
    if (!text) return;
    if (one->phase == SHAKING) {
        char *end = memmem(text, size, "\r\n\r\n", 4);
        if (!end) {
            keep(one, text, size);
            return;
        }
        if (size < 12 || memcmp(text, "HTTP/1.1 101", 12)) {
            fprintf(stderr, "the handshake was answered with %.*s\n", (int)size, text);
            exit(1);
        }
        one->phase = OPEN;
        opened++;
        if (started < count) start(started++);
        used = (size_t)(end + 4 - text);
        text += used;
        size -= used;
    }
    while (one->phase == OPEN && (used = frame(one, text, size, at))) {
        text += used;
        size -= used;
    }
    if (one->phase == OPEN) keep(one, text, size);
}

static void shake(struct client *one) {
    char request[1024];
    int size = snprintf(request, sizeof request,
                        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Key: YWxnb3RyYWRlZm9yZ2UhIQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
                        path, port);
    say(one, request, (size_t)size);
    one->phase = SHAKING;
}

static void connected(struct client *one, int number) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(one->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        errno = error;
        die("connect");
    }
    watch(one->fd, EPOLLIN, number, EPOLL_CTL_MOD);
}

/* Answers the lines on standard input; 0 at its end. */
static int commanded(uint64_t *since) {
    char line[64];
    ssize_t size = read(0, line, sizeof line);
    if (size <= 0) return 0;
    if (line[0] == 'r' && size > 3 && line[2] == 's') {
        reset();
        *since = now_ns();
        puts("{}");
        fflush(stdout);
    } else
        report((double)(now_ns() - *since) / 1e9);
    return 1;
}

static int sockets(void) {
    struct epoll_event events[EVENTS];
    uint64_t began = now_ns(), since = began;
    double opened_s = 0;
    int announced = 0;
    watch(0, EPOLLIN, STDIN_TAG, EPOLL_CTL_ADD);
    while (started < count && started < AT_ONCE) start(started++);
    for (;;) {
        int ready = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < ready; i++) {
            int number = (int)(int64_t)events[i].data.u64;
            struct client *one;
            if (number == STDIN_TAG) {
                if (!commanded(&since)) return 0;
                continue;
            }
            one = &clients[number];
            if (one->phase == CONNECTING) {
                connected(one, number);
                shake(one);
            } else if (one->phase != GONE)
                receive(one);
        }
        if (!opened_s && opened == count) opened_s = (double)(now_ns() - began) / 1e9;
        if (!announced && opened == count && told == count) {
            announced = 1;
            printf("{\"opened_s\":%.3f,\"told_s\":%.3f}\n", opened_s, (double)(now_ns() - began) / 1e9);
            fflush(stdout);
        }
    }
}

/* Requests */

static void ask(struct client *one) {
    char request[512];
    int size = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n", path, port);
    one->asked_ns = now_ns();
    say(one, request, (size_t)size);
}

/* Whether the answer at `text` is complete. */
static int answered(const char *text, size_t size) {
    const char *end = memmem(text, size, "\r\n\r\n", 4), *length;
    if (!end) return 0;
    length = memmem(text, (size_t)(end - text), "content-length: ", 16);
    if (!length) length = memmem(text, (size_t)(end - text), "Content-Length: ", 16);
    return length && size >= (size_t)(end + 4 - text) + strtoull(length + 16, NULL, 10);
}

static void requests(double seconds, double pause_ms) {
    struct epoll_event events[EVENTS];
    uint64_t began = now_ns(), end = began + (uint64_t)(seconds * 1e9);
    uint64_t *next = calloc((size_t)count, sizeof *next); /* when each asks again, 0 while it waits */
    while (started < count) start(started++);
    while (now_ns() < end) {
        int ready = epoll_wait(poller, events, EVENTS, pause_ms > 0 ? 1 : 100);
        for (int i = 0; i < ready; i++) {
            int number = (int)(int64_t)events[i].data.u64;
            struct client *one = &clients[number];
            size_t size;
            char *text;
            if (one->phase == CONNECTING) {
                connected(one, number);
                one->phase = OPEN;
                ask(one);
                continue;
            }
            text = take(one, &size);
            if (!text) continue;
            if (!answered(text, size)) {
                keep(one, text, size);
                continue;
            }
            frames++;
            one->frames++;
            if (memcmp(text, "HTTP/1.1 200", 12)) failures++;
            note(now_ns() - one->asked_ns);
            if (pause_ms > 0)
                next[number] = now_ns() + (uint64_t)(pause_ms * 1e6);
            else
                ask(one);
        }
        for (int i = 0; pause_ms > 0 && i < count; i++)
            if (next[i] && now_ns() >= next[i]) {
                next[i] = 0;
                ask(&clients[i]);
            }
    }
    report((double)(now_ns() - began) / 1e9);
    free(next);
}

/* The floor */

static void welcome(int listener, int number) {
    static const char yes[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
    char request[2048];
    struct client *one = &clients[number];
    int on = 1;
    one->fd = accept(listener, NULL, NULL);
    if (one->fd < 0) die("accept");
    setsockopt(one->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (recv(one->fd, request, sizeof request, 0) <= 0) die("recv");
    one->phase = OPEN;
    say(one, yes, sizeof yes - 1);
}

static size_t compose(char *into, size_t size, uint64_t seq) {
    size_t body = size - 4;
    int used;
    into[0] = (char)0x81;
    into[1] = 126;
    into[2] = (char)(body >> 8);
    into[3] = (char)body;
    memset(into + 4, ' ', body);
    used = snprintf(into + 4, body, "{\"rev\":[1,%lu],\"t\":%lu}", seq, now_ns());
    into[4 + used] = ' ';
    return size;
}

static void serve_floor(size_t size, double hz) {
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    char *text = malloc(size + 64);
    uint64_t due;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&at, sizeof at) || listen(listener, 1024)) die("listen");
    getsockname(listener, (struct sockaddr *)&at, &length);
    printf("{\"port\":%d}\n", ntohs(at.sin_port));
    fflush(stdout);
    for (int i = 0; i < count; i++) welcome(listener, i);
    fcntl(0, F_SETFL, O_NONBLOCK);
    due = now_ns();
    for (uint64_t seq = 1;; seq++) {
        char end;
        struct timespec until;
        compose(text, size, seq);
        for (int i = 0; i < count; i++)
            if (clients[i].phase == OPEN) say(&clients[i], text, size);
        if (!read(0, &end, 1)) return;
        due += (uint64_t)(1e9 / hz);
        if (due < now_ns()) due = now_ns();
        until.tv_sec = (time_t)(due / 1000000000u);
        until.tv_nsec = (long)(due % 1000000000u);
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
    }
}

int main(int arguments, char **argument) {
    const char *program = arguments > 1 ? argument[1] : "";
    int is_floor = !strcmp(program, "floor");
    if (arguments < 5) {
        fprintf(stderr, "load sockets|requests|floor …: see load.c\n");
        return 2;
    }
    count = atoi(is_floor ? argument[2] : argument[4]);
    clients = calloc((size_t)count, sizeof *clients);
    if (is_floor) {
        serve_floor((size_t)atoi(argument[3]), atof(argument[4]));
        return 0;
    }
    port = atoi(argument[2]);
    path = argument[3];
    poller = epoll_create1(0);
    if (!strcmp(program, "sockets")) {
        if (arguments > 5) snprintf(stamp, sizeof stamp, "\"%s\":", argument[5]);
        return sockets();
    }
    requests(atof(argument[5]), atof(argument[6]));
    return 0;
}
