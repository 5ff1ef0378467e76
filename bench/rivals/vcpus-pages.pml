/*
 * models/scale/vcpus-pages.gmem by hand in Promela, step for step: a state here is a state there, so
 * the counts of stored states must be equal. Sizes come from the command line:
 *
 *   spin -a -o2 -o3 -DVCPUS=2 -DPAGES=1 -DPINNERS=1 vcpus-pages.pml
 *   gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -m100000
 *
 * -o2, -o3   no resetting of dead variables and no merging of statements, which would change what a
 *            state and a step are. Locals are reset here where their scope ends there.
 * d_step     one step, as `atomic` there; its first expression is its guard. A branch after a step is
 *            part of that step, so it is written as alternative guards.
 * end        a finished thread waits here. A process that dies in SPIN takes a step to do so.
 *
 * A pointer to mem_map[k] is k + 1, null is 0. Whoever sleeps on a folio's lock bit is a bit in its
 * `sleepers`: the same as a flag of the sleeping process there, which sleeps on one folio only.
 * What is checked at rest there (reference counts and their owners) is not checked here.
 */
#ifndef VCPUS
#define VCPUS 2
#endif
#ifndef PAGES
#define PAGES 1
#endif
#ifndef PINNERS
#define PINNERS 1
#endif
#if VCPUS > 7 || PAGES > 4
#error "a byte has room for seven vCPUs and the VMM to sleep; NEXT_DEAD knows four pages"
#endif

byte refs[PAGES];
byte mapcount[PAGES];
bit locked[PAGES];
byte sleepers[PAGES];
bit mapping[PAGES];
bit alive[PAGES];

byte i_pages[PAGES];
byte pte[VCPUS];
byte used_hpages;

#define ME (1 << _pid)
#define INDEX (_pid % PAGES)

#define NO_PTE1(f) (pte[0] != f)
#if VCPUS == 1
#define NO_PTE(f) NO_PTE1(f)
#elif VCPUS == 2
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f
#elif VCPUS == 3
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f && pte[2] != f
#elif VCPUS == 4
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f && pte[2] != f && pte[3] != f
#elif VCPUS == 5
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f && pte[2] != f && pte[3] != f && pte[4] != f
#elif VCPUS == 6
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f && pte[2] != f && pte[3] != f && pte[4] != f && pte[5] != f
#else
#define NO_PTE(f) NO_PTE1(f) && pte[1] != f && pte[2] != f && pte[3] != f && pte[4] != f && pte[5] != f && pte[6] != f
#endif

/* refcount_dec_and_test: the guards of its two outcomes, and what they do. */
#define LAST(f) refs[(f) - 1] == 1 -> refs[(f) - 1] = 0
#define NOT_LAST(f) refs[(f) - 1] != 1 -> assert(refs[(f) - 1] != 0); refs[(f) - 1] = refs[(f) - 1] - 1

#define FREE(f) \
	assert(mapcount[f - 1] == 0 && NO_PTE(f)); \
	alive[f - 1] = 0; \
	used_hpages = used_hpages - 1

/* wait_on_bit_lock: takes a clear bit, or falls asleep. */
#define AWAKE(f) (sleepers[f - 1] & ME) == 0
#define LOCK(f) AWAKE(f) && !locked[f - 1] -> locked[f - 1] = 1
#define SLEEP(f) AWAKE(f) && locked[f - 1] -> sleepers[f - 1] = sleepers[f - 1] | ME
#define UNLOCK(f) locked[f - 1] = 0; sleepers[f - 1] = 0

#define ALLOC(k) \
	d_step { !alive[k] -> \
		alive[k] = 1; refs[k] = 0; mapcount[k] = 0; locked[k] = 0; mapping[k] = 0; f = k + 1 }

active [VCPUS] proctype vcpu()
{
	byte f = 0;

repeat:	/* filemap_get_entry */
	if
	:: d_step { i_pages[INDEX] != 0 -> f = i_pages[INDEX] }
	:: i_pages[INDEX] == 0 -> goto absent
	fi;
	if
	:: d_step { refs[f - 1] != 0 -> refs[f - 1] = refs[f - 1] + 1 }
	:: d_step { refs[f - 1] == 0 -> f = 0 } -> goto repeat
	fi;
	if
	:: i_pages[INDEX] == f -> goto lock
	:: i_pages[INDEX] != f
	fi;
put_and_repeat:
	if
	:: d_step { LAST(f) }
	:: d_step { NOT_LAST(f); f = 0 } -> goto repeat
	fi;
	d_step { FREE(f); f = 0 };
	goto repeat;

lock:	/* folio_lock, the recheck */
	if
	:: d_step { LOCK(f) }
	:: d_step { SLEEP(f) } -> goto lock
	fi;
	if
	:: mapping[f - 1] -> goto map
	:: !mapping[f - 1]
	fi;
	d_step { UNLOCK(f) };
	if	/* the same as put_and_repeat, but another control point */
	:: d_step { LAST(f) }
	:: d_step { NOT_LAST(f); f = 0 } -> goto repeat
	fi;
	d_step { FREE(f); f = 0 };
	goto repeat;

absent:	/* hugepage_subpool_get_page, filemap_add_folio */
	if
	:: used_hpages == PAGES -> goto zap
	:: d_step { used_hpages != PAGES -> used_hpages = used_hpages + 1 }
	fi;
	if
	:: ALLOC(0)
#if PAGES > 1
	:: ALLOC(1)
#endif
#if PAGES > 2
	:: ALLOC(2)
#endif
#if PAGES > 3
	:: ALLOC(3)
#endif
	fi;
	refs[f - 1] = 1;
	locked[f - 1] = 1;
	refs[f - 1] = refs[f - 1] + 1;
	if
	:: d_step { i_pages[INDEX] == 0 -> i_pages[INDEX] = f; mapping[f - 1] = 1 } -> goto map
	:: i_pages[INDEX] != 0
	fi;
	if	/* -EEXIST */
	:: d_step { LAST(f) } -> d_step { FREE(f) }
	:: d_step { NOT_LAST(f) }
	fi;
	locked[f - 1] = 0;
	if
	:: d_step { LAST(f) }
	:: d_step { NOT_LAST(f); f = 0 } -> goto repeat
	fi;
	d_step { FREE(f); f = 0 };
	goto repeat;

map:	/* finish_fault */
	if	/* no jump may lead right in front of a d_step */
	:: d_step {
		assert(i_pages[INDEX] == f);
		pte[_pid] = f;
		mapcount[f - 1] = mapcount[f - 1] + 1 }
	fi;
	d_step { UNLOCK(f); f = 0 };

zap:	/* munmap */
	if
	:: d_step { pte[_pid] != 0 ->
		f = pte[_pid];
		pte[_pid] = 0;
		mapcount[f - 1] = mapcount[f - 1] - 1 }
	:: pte[_pid] == 0 -> goto end
	fi;
	if
	:: d_step { LAST(f) }
	:: d_step { NOT_LAST(f); f = 0 } -> goto end
	fi;
	d_step { FREE(f); f = 0 };

end:	false
}

#define TO_UNMAP (p % PAGES == i && pte[p] != 0)

active proctype vmm()
{
	byte i = 0, f = 0, p = 0, z = 0;

repeat:	/* filemap_get_entry */
	if
	:: d_step { i_pages[i] != 0 -> f = i_pages[i] }
	:: d_step { i_pages[i] == 0 && i < PAGES - 1 -> i = i + 1 } -> goto repeat
	:: d_step { i_pages[i] == 0 && i == PAGES - 1 -> i = 0 } -> goto end
	fi;
	if
	:: d_step { refs[f - 1] != 0 -> refs[f - 1] = refs[f - 1] + 1 }
	:: d_step { refs[f - 1] == 0 -> f = 0 } -> goto repeat
	fi;
	if
	:: i_pages[i] == f -> goto lock
	:: i_pages[i] != f
	fi;
	if
	:: d_step { LAST(f) }
	:: d_step { NOT_LAST(f); f = 0 } -> goto repeat
	fi;
	d_step { FREE(f); f = 0 };
	goto repeat;

lock:
	if
	:: d_step { LOCK(f) }
	:: d_step { SLEEP(f) } -> goto lock
	fi;

unmap:	/* zap_pte of vCPU p */
	if
	:: d_step { TO_UNMAP -> z = pte[p]; pte[p] = 0; mapcount[z - 1] = mapcount[z - 1] - 1 }
	:: d_step { !TO_UNMAP && p < VCPUS - 1 -> p = p + 1 } -> goto unmap
	:: d_step { !TO_UNMAP && p == VCPUS - 1 -> p = 0 } -> goto remove
	fi;
	if
	:: d_step { LAST(z) }
	:: d_step { p < VCPUS - 1 && NOT_LAST(z); z = 0; p = p + 1 } -> goto unmap
	:: d_step { p == VCPUS - 1 && NOT_LAST(z); z = 0; p = 0 } -> goto remove
	fi;
	if
	:: d_step { p < VCPUS - 1 -> FREE(z); z = 0; p = p + 1 } -> goto unmap
	:: d_step { p == VCPUS - 1 -> FREE(z); z = 0; p = 0 } -> goto remove
	fi;

remove:	/* filemap_remove_folio */
	if
	:: d_step {
		assert(mapcount[f - 1] == 0);
		i_pages[i] = 0;
		mapping[f - 1] = 0 }
	fi;
	if
	:: d_step { LAST(f) } -> d_step { FREE(f) }
	:: d_step { NOT_LAST(f) }
	fi;
	d_step { UNLOCK(f) };
	if
	:: d_step { LAST(f) }
	:: d_step { i < PAGES - 1 && NOT_LAST(f); f = 0; i = i + 1 } -> goto repeat
	:: d_step { i == PAGES - 1 && NOT_LAST(f); f = 0; i = 0 } -> goto end
	fi;
	if
	:: d_step { i < PAGES - 1 -> FREE(f); f = 0; i = i + 1 } -> goto repeat
	:: d_step { i == PAGES - 1 -> FREE(f); f = 0; i = 0 }
	fi;

end:	false
}

#if PINNERS > 0
active [PINNERS] proctype pinner()
{
	byte pfn = 0;

walk:	/* isolate */
	if
	:: d_step { refs[pfn] != 0 -> refs[pfn] = refs[pfn] + 1 }
	:: d_step { refs[pfn] == 0 && pfn < PAGES - 1 -> pfn = pfn + 1 } -> goto walk
	:: d_step { refs[pfn] == 0 && pfn == PAGES - 1 -> pfn = 0 } -> goto end
	fi;
	if
	:: d_step { LAST(pfn + 1) }
	:: d_step { pfn < PAGES - 1 && NOT_LAST(pfn + 1); pfn = pfn + 1 } -> goto walk
	:: d_step { pfn == PAGES - 1 && NOT_LAST(pfn + 1); pfn = 0 } -> goto end
	fi;
	if
	:: d_step { pfn < PAGES - 1 -> FREE(pfn + 1); pfn = pfn + 1 } -> goto walk
	:: d_step { pfn == PAGES - 1 -> FREE(pfn + 1); pfn = 0 }
	fi;

end:	false
}
#endif
