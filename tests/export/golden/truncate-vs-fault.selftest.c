/*
 * truncate-vs-fault: nonzero mapcount
 *
 * One thread makes the calls of each process, in the order of the run below. Where two calls
 * overlap in it, the second begins once the first has begun, with a delay that changes from
 * round to round: what happens inside of the kernel cannot be held from here. Build it with
 * cc -pthread, run it as a user who may open /dev/kvm, on a kernel with KASAN and DEBUG_VM.
 *
 * BUG: nonzero mapcount in __filemap_remove_folio
 * BUG: Bad page cache in process vmm  pfn:00000
 * page: refcount:3 mapcount:1 index:0x1 pfn:0x0
 * page dumped because: still mapped when deleted
 *
 * init: filemap_populate(0, 1)
 *
 * vcpu0: fault(0, 1)                  vmm: punch_hole(4, 4)
 * ----------------------------------- ------------------------------------
 * down_read(&invalidate_lock)
 * f = filemap_lock_folio(1)
 *   _refcount 1 -> 2, PG_locked set
 * up_read(&invalidate_lock)
 *                                     down_write(&invalidate_lock)
 *                                     unmap_mapping_range(4, 4)
 * set_pte(0, 1, f)
 *   pte[0][1] = &mem_map[0],
 *   tlb[0][1] = &mem_map[0],
 *   _mapcount -1 -> 0
 * folio_unlock(f)
 *   PG_locked cleared
 *                                     f = filemap_get_entry(1)
 *                                       _refcount 2 -> 3
 *                                     folio_lock(f)
 *                                       PG_locked set
 *                                     filemap_remove_folio(f)
 *                                       *** _mapcount 0, _refcount 3
 *
 * 16 steps, 3 context switches.
 * replay: gmemcheck replay gm1-4b8be27bf34c-0i1-a7b2a2b5 \
 *   models/guest_memfd/truncate-vs-fault.gmem
 */

#define _GNU_SOURCE
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
#endif

#define ENTRIES 2

#ifndef VM_TYPE
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
}

/* touch the mapping */
static long fault(void)
{
	if (sigsetjmp(bus, 1))
		return -EFAULT;
	(void)*(volatile char *)mapping;
	return 0;
}

/* fallocate(FALLOC_FL_PUNCH_HOLE) */
static long punch_hole(void)
{
	return result(fallocate(gmem, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, page_size));
}

static void *run_vcpu0(void *unused)
{
	(void)unused;
	pthread_setname_np(pthread_self(), "vcpu0");
	for (int round = 1; round <= rounds; round++) {
		pthread_barrier_wait(&at_start);
		/*
		 * fault(p, 1), virt/kvm/guest_memfd.c:kvm_gmem_fault: steps 1-7, 10-11
		 * window: after step 7, up_read(&invalidate_lock) (models/guest_memfd/truncate-vs-fault.gmem:31),
		 *   vmm has to take steps 8-9; not forced
		 */
		make(0, round, fault);
		pthread_barrier_wait(&at_end);
	}
	return NULL;
}

static void *run_vmm(void *unused)
{
	(void)unused;
	pthread_setname_np(pthread_self(), "vmm");
	for (int round = 1; round <= rounds; round++) {
		pthread_barrier_wait(&at_start);
		/*
		 * punch_hole(PAGE_SIZE, PAGE_SIZE), virt/kvm/guest_memfd.c:kvm_gmem_punch_hole: steps 8-9, 12-16
		 * window: after step 9, atomic { f = pte[p][index]; if (f != null) { pte[p][index]…
		 *   (models/lib/filemap.gmem:148), vcpu0 has to take steps 10-11; not forced
		 */
		wait_until(&begun[0], round);
		delay(round);
		make(1, round, punch_hole);
		pthread_barrier_wait(&at_end);
	}
	return NULL;
}

static void on_bad_access(int number)
{
	(void)number;
	siglongjmp(bus, 1);
}

static void on_alarm(int number)
{
	static const char words[] = "a thread does not come back, or this takes too long: see the kernel log\n";

	(void)number;
	if (write(STDOUT_FILENO, words, sizeof(words) - 1) < 0)
		_exit(2);
	_exit(1);
}

static void skip(const char *what)
{
	printf("skipped: %s: %s\n", what, strerror(errno));
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
}

int main(int count, char **words)
{
	struct sigaction bad_access = { .sa_handler = on_bad_access };
	pthread_t threads[2];
	int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);

	if (count > 1)
		rounds = atoi(words[1]);
	if (kvm < 0)
		skip("/dev/kvm");
	vm = ioctl(kvm, KVM_CREATE_VM, VM_TYPE);
	if (vm < 0)
		skip("KVM_CREATE_VM");
	page_size = sysconf(_SC_PAGESIZE);
	sigaction(SIGBUS, &bad_access, NULL);
	sigaction(SIGSEGV, &bad_access, NULL);
	signal(SIGALRM, on_alarm);
	alarm(SECONDS_MAX);
	pthread_barrier_init(&at_start, NULL, 3);
	pthread_barrier_init(&at_end, NULL, 3);
	pthread_create(&threads[0], NULL, run_vcpu0, NULL);
	pthread_create(&threads[1], NULL, run_vmm, NULL);
	for (int round = 1; round <= rounds; round++) {
		prepare();
		pthread_barrier_wait(&at_start);
		pthread_barrier_wait(&at_end);
		clean_up();
	}
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	printf("%d rounds\n", rounds);
	printf("vcpu0 fault(p, 1): %ld done, %ld failed%s%s\n", done[0], failed[0],
	       failed[0] ? ", last with " : "", failed[0] ? strerror(last_error[0]) : "");
	printf("vmm punch_hole(PAGE_SIZE, PAGE_SIZE): %ld done, %ld failed%s%s\n", done[1], failed[1],
	       failed[1] ? ", last with " : "", failed[1] ? strerror(last_error[1]) : "");
	printf("what the kernel has noticed is in its log: look for \"nonzero mapcount\"\n");
	return 0;
}
