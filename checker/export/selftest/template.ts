/** What is the same in every test: the file, the gates, the rounds. */

export const head = `#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#include <linux/kvm.h>

#ifndef KVM_CREATE_GUEST_MEMFD
struct kvm_create_guest_memfd {
	__u64 size;
	__u64 flags;
	__u64 reserved[6];
};
#define KVM_CREATE_GUEST_MEMFD _IOWR(KVMIO, 0xd4, struct kvm_create_guest_memfd)
#endif
#ifndef GUEST_MEMFD_FLAG_MMAP
#define GUEST_MEMFD_FLAG_MMAP (1ULL << 0)
#endif
#ifndef GUEST_MEMFD_FLAG_INIT_SHARED
#define GUEST_MEMFD_FLAG_INIT_SHARED (1ULL << 1)
#endif`

export const machinery = `#ifndef VM_TYPE
#define VM_TYPE 0
#endif
#define DELAY_NS 50	/* what is added to the delay in each round */
#define DELAYS 400	/* after as many rounds it begins again at 0 */
#define SECONDS_MAX 600
#define SKIP 4		/* what kselftest takes for skipped */

static int vm, gmem, pipes[2];
static char *mapping;
static int is_unmapped;
static size_t page_size;
static int rounds = 100000;
static __thread sigjmp_buf bus;

static pthread_barrier_t at_start, at_end;
static atomic_int begun[ENTRIES], ended[ENTRIES];	/* in which round, from 1 */
static long done[ENTRIES], failed[ENTRIES], last_error[ENTRIES];

static inline long result(long value)
{
	return value < 0 ? -errno : 0;
}

static void wait_until(atomic_int *mark, int round)
{
	while (atomic_load(mark) != round)
		sched_yield();
}

static inline void delay(int round)
{
	long wanted = (long)(round % DELAYS) * DELAY_NS;
	struct timespec from, now;

	clock_gettime(CLOCK_MONOTONIC, &from);
	do {
		clock_gettime(CLOCK_MONOTONIC, &now);
	} while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec < wanted);
}

static void make(int entry, int round, long (*action)(void))
{
	long error;

	atomic_store(&begun[entry], round);
	error = action();
	if (error) {
		failed[entry]++;
		last_error[entry] = -error;
	} else {
		done[entry]++;
	}
	atomic_store(&ended[entry], round);
}`

export const rest = `static void on_bad_access(int number)
{
	(void)number;
	siglongjmp(bus, 1);
}

static void on_alarm(int number)
{
	static const char words[] = "a thread does not come back, or this takes too long: see the kernel log\\n";

	(void)number;
	if (write(STDOUT_FILENO, words, sizeof(words) - 1) < 0)
		_exit(2);
	_exit(1);
}

static void skip(const char *what)
{
	printf("skipped: %s: %s\\n", what, strerror(errno));
	exit(SKIP);
}

/*
 * A file of one page, in the page cache and not mapped yet. What init of the model does besides, see
 * above, belongs here.
 */
static void prepare(void)
{
	struct kvm_create_guest_memfd file = {
		.size = page_size,
		.flags = GUEST_MEMFD_FLAG_MMAP | GUEST_MEMFD_FLAG_INIT_SHARED,
	};

	gmem = ioctl(vm, KVM_CREATE_GUEST_MEMFD, &file);
	if (gmem < 0)
		skip("KVM_CREATE_GUEST_MEMFD with a mapping");
	if (fallocate(gmem, FALLOC_FL_KEEP_SIZE, 0, page_size))
		skip("fallocate");
	mapping = mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_SHARED, gmem, 0);
	if (mapping == MAP_FAILED)
		skip("mmap");
	is_unmapped = 0;
	if (pipe(pipes))
		skip("pipe");
}

static void clean_up(void)
{
	if (!is_unmapped)
		munmap(mapping, page_size);
	if (gmem >= 0)
		close(gmem);
	close(pipes[0]);
	close(pipes[1]);
}`
