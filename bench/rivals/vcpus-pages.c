/*
 * models/scale/vcpus-pages.gmem by hand in C, step for step: what a program written for this one model
 * needs. A state here is a state there, so the numbers of states and of transitions must be equal.
 *
 *   gcc -O2 -DVCPUS=2 -DPAGES=1 -DPINNERS=1 -o search vcpus-pages.c && ./search 20
 *
 * A state is one word. The visited set is a table of such words, open addressing, of 2^20 places in this
 * example: it does not grow, so it has to be large enough. The search is breadth first and keeps no trace.
 *
 * A pointer to mem_map[k] is k + 1, null is 0. Who sleeps on a folio's lock bit is at ASLEEP and not at
 * LOCK. Locals are reset where their scope ends there.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef PAGES
#define PAGES 1
#endif
#ifndef PINNERS
#define PINNERS 1
#endif

typedef uint64_t state;

/* ---- where things are in the word: a list of names, each with how many values it takes */

#define BITS(n) ((n) <= 1 ? 0 : (n) <= 2 ? 1 : (n) <= 4 ? 2 : (n) <= 8 ? 3 : (n) <= 16 ? 4 : 5)

enum at {
	LOOKUP,						/* filemap_get_entry */
	TRY_GET,
	LOOK_AGAIN,
	PUT_LOST, FREE_LOST,
	LOCK, ASLEEP,
	RECHECK,					/* __filemap_get_folio */
	UNLOCK_REMOVED, PUT_REMOVED, FREE_REMOVED,
	RESERVE,					/* hugepage_subpool_get_page */
	ALLOCATE,
	SET_COUNT,
	SET_LOCKED,					/* filemap_add_folio */
	GET_FOR_CACHE,
	STORE,
	PUT_EXISTING, FREE_EXISTING,
	CLEAR_LOCKED,
	PUT_OWN, FREE_OWN,
	SET_PTE,					/* finish_fault */
	UNLOCK,
	ZAP,						/* zap_pte */
	PUT_MAPPED, FREE_MAPPED,
	REMOVE,						/* filemap_remove_folio */
	PUT_CACHED, FREE_CACHED,
	DONE,
	LOCATIONS
};

enum pinner_at { WALK, PUT, FREE, WALKED, PINNER_LOCATIONS };

enum {
	FOLIO_BITS = BITS(PAGES + 1),
	COUNT_BITS = BITS(3 + VCPUS + PINNERS),
	MAPCOUNT_BITS = BITS(VCPUS + 1),
	AT_BITS = BITS(LOCATIONS),
	PINNER_AT_BITS = BITS(PINNER_LOCATIONS),
	PAGE_BITS = BITS(PAGES),
	VCPU_BITS = BITS(VCPUS),

	AT = 0,
	F = AT + VCPUS * AT_BITS,
	PTE = F + VCPUS * FOLIO_BITS,
	VMM_AT = PTE + VCPUS * FOLIO_BITS,
	VMM_I = VMM_AT + AT_BITS,
	VMM_F = VMM_I + PAGE_BITS,
	VMM_P = VMM_F + FOLIO_BITS,
	VMM_Z = VMM_P + VCPU_BITS,
	PINNER_AT = VMM_Z + FOLIO_BITS,
	PFN = PINNER_AT + PINNERS * PINNER_AT_BITS,
	REFS = PFN + PINNERS * PAGE_BITS,
	MAPCOUNT = REFS + PAGES * COUNT_BITS,
	LOCKED = MAPCOUNT + PAGES * MAPCOUNT_BITS,
	MAPPING = LOCKED + PAGES,
	ALIVE = MAPPING + PAGES,
	I_PAGES = ALIVE + PAGES,
	USED = I_PAGES + PAGES * FOLIO_BITS,
	STATE_BITS = USED + FOLIO_BITS
};

/* No state has all bits set: that is not a location. */
_Static_assert(STATE_BITS <= 64, "a state of these sizes does not fit in a word");

#define INLINE static inline __attribute__((always_inline))

INLINE unsigned get(state s, int offset, int bits)
{
	return s >> offset & ((1u << bits) - 1);
}

INLINE state set(state s, int offset, int bits, unsigned value)
{
	return (s & ~((((state)1 << bits) - 1) << offset)) | (state)value << offset;
}

/* Where the bits of one folio are, given a pointer to it. */
#define OF(f, bits) ((PAGES == 1 ? 0 : (int)(f) - 1) * (bits))

#define VCPU_AT(p) AT + (p) * AT_BITS, AT_BITS
#define VCPU_F(p) F + (p) * FOLIO_BITS, FOLIO_BITS
#define PTE_OF(p) PTE + (p) * FOLIO_BITS, FOLIO_BITS
#define THE_VMM_AT VMM_AT, AT_BITS
#define THE_VMM_I VMM_I, PAGE_BITS
#define THE_VMM_F VMM_F, FOLIO_BITS
#define THE_VMM_P VMM_P, VCPU_BITS
#define THE_VMM_Z VMM_Z, FOLIO_BITS
#define AT_OF_PINNER(k) PINNER_AT + (k) * PINNER_AT_BITS, PINNER_AT_BITS
#define PFN_OF(k) PFN + (k) * PAGE_BITS, PAGE_BITS
#define REFS_OF(f) REFS + OF(f, COUNT_BITS), COUNT_BITS
#define MAPCOUNT_OF(f) MAPCOUNT + OF(f, MAPCOUNT_BITS), MAPCOUNT_BITS
#define LOCKED_OF(f) LOCKED + OF(f, 1), 1
#define MAPPING_OF(f) MAPPING + OF(f, 1), 1
#define ALIVE_OF(f) ALIVE + OF(f, 1), 1
#define CACHED_AT(index) I_PAGES + (index) * FOLIO_BITS, FOLIO_BITS
#define USED_HPAGES USED, FOLIO_BITS

/* ---- the visited set and the frontier */

static state *table;				/* of states plus one; 0 is an empty place */
static int table_shift;
static uint64_t table_mask, states, transitions;

struct level {
	state *items;
	size_t count, room;
};
static struct level current, next;

static void *allocated(void *memory)
{
	if (memory == NULL) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

static void grow(struct level *level)
{
	level->room = level->room == 0 ? 1024 : 2 * level->room;
	level->items = allocated(realloc(level->items, level->room * sizeof(state)));
}

static void reach(state s)
{
	uint64_t place = (s ^ s >> 32) * 0x9e3779b97f4a7c15u >> table_shift;

	transitions++;
	while (table[place] != 0) {
		if (table[place] == s + 1)
			return;
		place = (place + 1) & table_mask;
	}
	table[place] = s + 1;
	if (++states == table_mask) {
		fputs("the table is full\n", stderr);
		exit(2);
	}
	if (next.count == next.room)
		grow(&next);
	next.items[next.count++] = s;
}

/* ---- what several threads do */

static void violated(const char *kind)
{
	printf("violated: %s\n", kind);
	exit(1);
}

INLINE state get_ref(state s, unsigned f)
{
	return s + ((state)1 << (REFS + OF(f, COUNT_BITS)));
}

/* refcount_dec_and_test: whether it was the last is for the caller to see in the new state. */
INLINE state put_ref(state s, unsigned f)
{
	if (get(s, REFS_OF(f)) == 0)
		violated("refcount-underflow");
	return s - ((state)1 << (REFS + OF(f, COUNT_BITS)));
}

INLINE state free_folio(state s, unsigned f)
{
	if (get(s, MAPCOUNT_OF(f)) != 0)
		violated("mapped-at-free");
	for (int p = 0; p < VCPUS; p++)
		if (get(s, PTE_OF(p)) == f)
			violated("stale-mapping");
	s = set(s, ALIVE_OF(f), 0);
	return s - ((state)1 << USED);
}

/* clear_and_wake_up_bit: wakes everybody who sleeps on this folio. */
INLINE state unlock(state s, unsigned f)
{
	s = set(s, LOCKED_OF(f), 0);
	for (int p = 0; p < VCPUS; p++)
		if (get(s, VCPU_AT(p)) == ASLEEP && get(s, VCPU_F(p)) == f)
			s = set(s, VCPU_AT(p), LOCK);
	if (get(s, THE_VMM_AT) == ASLEEP && get(s, THE_VMM_F) == f)
		s = set(s, THE_VMM_AT, LOCK);
	return s;
}

/* Clears a page table entry that is set. */
INLINE state zap(state s, int p, unsigned f)
{
	s = set(s, PTE_OF(p), 0);
	return s - ((state)1 << (MAPCOUNT + OF(f, MAPCOUNT_BITS)));
}

/* ---- vCPU p: one step each, from where it is */

INLINE state vcpu_goes(state s, int p, enum at at)
{
	return set(s, VCPU_AT(p), at);
}

INLINE state vcpu_ends_with(state s, int p, enum at at)
{
	return vcpu_goes(set(s, VCPU_F(p), 0), p, at);
}

/* Goes to `last` if that was the last reference, and else, without the folio, to `other`. */
INLINE state vcpu_puts(state s, int p, unsigned f, enum at last, enum at other)
{
	s = put_ref(s, f);
	return get(s, REFS_OF(f)) == 0 ? vcpu_goes(s, p, last) : vcpu_ends_with(s, p, other);
}

INLINE void vcpu(state s, int p)
{
	const int index = p % PAGES;
	const unsigned f = get(s, VCPU_F(p)), cached = get(s, CACHED_AT(index));

	switch (get(s, VCPU_AT(p))) {
	case LOOKUP:
		return reach(cached == 0 ? vcpu_goes(s, p, RESERVE)
					 : vcpu_goes(set(s, VCPU_F(p), cached), p, TRY_GET));
	case TRY_GET:
		return reach(get(s, REFS_OF(f)) == 0 ? vcpu_ends_with(s, p, LOOKUP)
						     : vcpu_goes(get_ref(s, f), p, LOOK_AGAIN));
	case LOOK_AGAIN:
		return reach(vcpu_goes(s, p, cached == f ? LOCK : PUT_LOST));
	case PUT_LOST:
		return reach(vcpu_puts(s, p, f, FREE_LOST, LOOKUP));
	case PUT_REMOVED:
		return reach(vcpu_puts(s, p, f, FREE_REMOVED, LOOKUP));
	case PUT_OWN:
		return reach(vcpu_puts(s, p, f, FREE_OWN, LOOKUP));
	case FREE_LOST:
	case FREE_REMOVED:
	case FREE_OWN:
		return reach(vcpu_ends_with(free_folio(s, f), p, LOOKUP));
	case LOCK:
		return reach(get(s, LOCKED_OF(f)) ? vcpu_goes(s, p, ASLEEP)
						  : vcpu_goes(set(s, LOCKED_OF(f), 1), p, RECHECK));
	case RECHECK:
		return reach(vcpu_goes(s, p, get(s, MAPPING_OF(f)) ? SET_PTE : UNLOCK_REMOVED));
	case UNLOCK_REMOVED:
		return reach(vcpu_goes(unlock(s, f), p, PUT_REMOVED));
	case RESERVE:
		return reach(get(s, USED_HPAGES) == PAGES
				     ? vcpu_goes(s, p, ZAP)
				     : vcpu_goes(s + ((state)1 << USED), p, ALLOCATE));
	case ALLOCATE:
		for (unsigned k = 1; k <= PAGES; k++) {
			if (get(s, ALIVE_OF(k)))
				continue;
			state t = set(set(s, ALIVE_OF(k), 1), REFS_OF(k), 0);
			t = set(set(t, MAPCOUNT_OF(k), 0), LOCKED_OF(k), 0);
			t = set(set(t, MAPPING_OF(k), 0), VCPU_F(p), k);
			reach(vcpu_goes(t, p, SET_COUNT));
		}
		return;
	case SET_COUNT:
		return reach(vcpu_goes(set(s, REFS_OF(f), 1), p, SET_LOCKED));
	case SET_LOCKED:
		return reach(vcpu_goes(set(s, LOCKED_OF(f), 1), p, GET_FOR_CACHE));
	case GET_FOR_CACHE:
		return reach(vcpu_goes(get_ref(s, f), p, STORE));
	case STORE:
		if (cached != 0)
			return reach(vcpu_goes(s, p, PUT_EXISTING));
		s = set(set(s, CACHED_AT(index), f), MAPPING_OF(f), 1);
		return reach(vcpu_goes(s, p, SET_PTE));
	case PUT_EXISTING:
		s = put_ref(s, f);
		return reach(vcpu_goes(s, p, get(s, REFS_OF(f)) == 0 ? FREE_EXISTING : CLEAR_LOCKED));
	case FREE_EXISTING:
		return reach(vcpu_goes(free_folio(s, f), p, CLEAR_LOCKED));
	case CLEAR_LOCKED:
		return reach(vcpu_goes(set(s, LOCKED_OF(f), 0), p, PUT_OWN));
	case SET_PTE:
		if (cached != f)
			violated("stale-mapping");
		s = set(s, PTE_OF(p), f) + ((state)1 << (MAPCOUNT + OF(f, MAPCOUNT_BITS)));
		return reach(vcpu_goes(s, p, UNLOCK));
	case UNLOCK:
		return reach(vcpu_ends_with(unlock(s, f), p, ZAP));
	case ZAP: {
		const unsigned mapped = get(s, PTE_OF(p));

		if (mapped == 0)
			return reach(vcpu_goes(s, p, DONE));
		s = set(zap(s, p, mapped), VCPU_F(p), mapped);
		return reach(vcpu_goes(s, p, PUT_MAPPED));
	}
	case PUT_MAPPED:
		return reach(vcpu_puts(s, p, f, FREE_MAPPED, DONE));
	case FREE_MAPPED:
		return reach(vcpu_ends_with(free_folio(s, f), p, DONE));
	}
}

/* ---- the VMM, which truncates page i and unmaps vCPU after vCPU */

INLINE state vmm_goes(state s, enum at at)
{
	return set(s, THE_VMM_AT, at);
}

INLINE state next_page(state s)
{
	const unsigned i = get(s, THE_VMM_I);

	s = set(s, THE_VMM_F, 0);
	return i + 1 < PAGES ? vmm_goes(set(s, THE_VMM_I, i + 1), LOOKUP)
			     : vmm_goes(set(s, THE_VMM_I, 0), DONE);
}

INLINE state next_vcpu(state s)
{
	const unsigned p = get(s, THE_VMM_P);

	s = set(s, THE_VMM_Z, 0);
	return p + 1 < VCPUS ? vmm_goes(set(s, THE_VMM_P, p + 1), ZAP)
			     : vmm_goes(set(s, THE_VMM_P, 0), REMOVE);
}

INLINE void vmm(state s)
{
	const unsigned i = get(s, THE_VMM_I), f = get(s, THE_VMM_F);
	const unsigned p = get(s, THE_VMM_P), z = get(s, THE_VMM_Z);
	const unsigned cached = get(s, CACHED_AT(i));

	switch (get(s, THE_VMM_AT)) {
	case LOOKUP:
		return reach(cached == 0 ? next_page(s)
					 : vmm_goes(set(s, THE_VMM_F, cached), TRY_GET));
	case TRY_GET:
		return reach(get(s, REFS_OF(f)) == 0 ? vmm_goes(set(s, THE_VMM_F, 0), LOOKUP)
						     : vmm_goes(get_ref(s, f), LOOK_AGAIN));
	case LOOK_AGAIN:
		return reach(vmm_goes(s, cached == f ? LOCK : PUT_LOST));
	case PUT_LOST:
		s = put_ref(s, f);
		return reach(get(s, REFS_OF(f)) == 0 ? vmm_goes(s, FREE_LOST)
						     : vmm_goes(set(s, THE_VMM_F, 0), LOOKUP));
	case FREE_LOST:
		return reach(vmm_goes(set(free_folio(s, f), THE_VMM_F, 0), LOOKUP));
	case LOCK:
		return reach(get(s, LOCKED_OF(f)) ? vmm_goes(s, ASLEEP)
						  : vmm_goes(set(s, LOCKED_OF(f), 1), ZAP));
	case ZAP: {
		const unsigned mapped = get(s, PTE_OF((int)p));

		if (p % PAGES != i || mapped == 0)
			return reach(next_vcpu(s));
		return reach(vmm_goes(set(zap(s, (int)p, mapped), THE_VMM_Z, mapped), PUT_MAPPED));
	}
	case PUT_MAPPED:
		s = put_ref(s, z);
		return reach(get(s, REFS_OF(z)) == 0 ? vmm_goes(s, FREE_MAPPED) : next_vcpu(s));
	case FREE_MAPPED:
		return reach(next_vcpu(free_folio(s, z)));
	case REMOVE:
		if (get(s, MAPCOUNT_OF(f)) != 0)
			violated("mapped-at-free");
		s = set(set(s, CACHED_AT(i), 0), MAPPING_OF(f), 0);
		return reach(vmm_goes(s, PUT_CACHED));
	case PUT_CACHED:
		s = put_ref(s, f);
		return reach(vmm_goes(s, get(s, REFS_OF(f)) == 0 ? FREE_CACHED : UNLOCK));
	case FREE_CACHED:
		return reach(vmm_goes(free_folio(s, f), UNLOCK));
	case UNLOCK:
		return reach(vmm_goes(unlock(s, f), PUT_OWN));
	case PUT_OWN:
		s = put_ref(s, f);
		return reach(get(s, REFS_OF(f)) == 0 ? vmm_goes(s, FREE_OWN) : next_page(s));
	case FREE_OWN:
		return reach(next_page(free_folio(s, f)));
	}
}

/* ---- pinner k walks the page frames */

INLINE state next_pfn(state s, int k)
{
	const unsigned pfn = get(s, PFN_OF(k));

	return pfn + 1 < PAGES ? set(set(s, PFN_OF(k), pfn + 1), AT_OF_PINNER(k), WALK)
			       : set(set(s, PFN_OF(k), 0), AT_OF_PINNER(k), WALKED);
}

INLINE void pinner(state s, int k)
{
	const unsigned f = get(s, PFN_OF(k)) + 1;

	switch (get(s, AT_OF_PINNER(k))) {
	case WALK:
		return reach(get(s, REFS_OF(f)) == 0 ? next_pfn(s, k)
						     : set(get_ref(s, f), AT_OF_PINNER(k), PUT));
	case PUT:
		s = put_ref(s, f);
		return reach(get(s, REFS_OF(f)) == 0 ? set(s, AT_OF_PINNER(k), FREE) : next_pfn(s, k));
	case FREE:
		return reach(next_pfn(free_folio(s, f), k));
	}
}

/* ---- the search */

/* Without a successor everybody has to be done, and nothing may be left of what they held. */
static void judge_end(state s)
{
	unsigned used = 0;

	for (int p = 0; p < VCPUS; p++)
		if (get(s, VCPU_AT(p)) != DONE)
			violated("deadlock");
	if (get(s, THE_VMM_AT) != DONE)
		violated("deadlock");
	for (int i = 0; i < PAGES; i++) {
		const unsigned f = get(s, CACHED_AT(i));

		if (f == 0)
			continue;
		used++;
		if (get(s, REFS_OF(f)) != 1)
			violated("unbalanced");
	}
	if (get(s, USED_HPAGES) != used)
		violated("unbalanced");
}

static void expand(state s)
{
	const uint64_t before = transitions;

#pragma GCC unroll 8
	for (int p = 0; p < VCPUS; p++)
		vcpu(s, p);
	vmm(s);
#pragma GCC unroll 8
	for (int k = 0; k < PINNERS; k++)
		pinner(s, k);
	if (transitions == before)
		judge_end(s);
}

int main(int count, char **arguments)
{
	const int bits = count > 1 ? atoi(arguments[1]) : 20;
	unsigned depth = 0;

	if (bits < 4 || bits > 40) {
		fputs("wanted: the table's size as a power of two, from 4 to 40\n", stderr);
		return 2;
	}
	table_shift = 64 - bits;
	table_mask = ((uint64_t)1 << bits) - 1;
	table = allocated(calloc(table_mask + 1, sizeof(state)));
	/* Everybody at the first location, no folio: all of it is 0. */
	reach(0);
	for (; next.count > 0; depth++) {
		const struct level expanded = current;

		current = next;
		next = expanded;
		next.count = 0;
		for (size_t each = 0; each < current.count; each++)
			expand(current.items[each]);
	}
	printf("%llu states, %llu transitions, depth %u, %d bits\n", (unsigned long long)states,
	       (unsigned long long)transitions, depth - 1, STATE_BITS);
	return 0;
}
