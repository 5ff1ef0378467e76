/*
 * models/scale/users.gmem by hand in Promela, step for step; see vcpus-pages.pml for how to run it and
 * for what the two have in common.
 *
 *   spin -a -o2 -o3 -DUSERS=2 users.pml
 *
 * There is one page: a pointer to it is 1, null is 0. `converted` is the opposite of `shared` there.
 * The locals f there are no variables here: between two control points they are either set or not.
 */
#ifndef USERS
#define USERS 2
#endif
#if USERS > 6
#error "a byte has room for six users, the truncation and the conversion to sleep"
#endif

byte refs = 1;
byte mapcount;
bit locked;
byte sleepers;
bit mapping = 1;
bit alive = 1;
bit i_pages = 1;
bit converted;

#define ME (1 << _pid)
#define AWAKE (sleepers & ME) == 0

#define LAST refs == 1 -> refs = 0
#define NOT_LAST refs != 1 -> assert(refs != 0); refs = refs - 1
#define FREE assert(alive); alive = 0
#define UNLOCK locked = 0; sleepers = 0

/* Goes on with a locked folio, or to `none`. */
#define FILEMAP_LOCK_FOLIO \
repeat: \
	if \
	:: i_pages == 1 \
	:: i_pages == 0 -> goto none \
	fi; \
	if \
	:: d_step { refs != 0 -> refs = refs + 1 } \
	:: refs == 0 -> goto repeat \
	fi; \
lock: \
	if \
	:: d_step { AWAKE && !locked -> locked = 1 } \
	:: d_step { AWAKE && locked -> sleepers = sleepers | ME } -> goto lock \
	fi; \
	if \
	:: mapping == 1 -> goto found \
	:: mapping == 0 \
	fi; \
	d_step { UNLOCK }; \
	if \
	:: d_step { LAST } \
	:: d_step { NOT_LAST } -> goto repeat \
	fi; \
	d_step { FREE }; \
	goto repeat

/* Begins at `found`, goes on to `unmapped`. */
#define UNMAP_MAPPING_FOLIO \
found: \
	if \
	:: mapcount > 0 \
	:: mapcount == 0 -> goto unmapped \
	fi; \
	mapcount = mapcount - 1; \
	if \
	:: d_step { LAST } \
	:: d_step { NOT_LAST } -> goto found \
	fi; \
	d_step { FREE }; \
	goto found

active [USERS] proctype user()
{
	FILEMAP_LOCK_FOLIO;

found:	/* the choice of what to do belongs to the step that loads `shared` */
	if
	:: converted == 0 -> goto map
	:: converted == 0 -> goto read
	:: converted == 1
	fi;
	d_step { UNLOCK };
	if
	:: d_step { LAST }
	:: d_step { NOT_LAST } -> goto none
	fi;
	d_step { FREE };
	goto none;

map:
	if
	:: d_step { assert(mapping); mapcount = mapcount + 1 }
	fi;
	d_step { UNLOCK };
	goto none;

read:
	if
	:: d_step { UNLOCK }
	fi;
	d_step { assert(alive); assert(!converted) };
	if
	:: d_step { LAST }
	:: d_step { NOT_LAST } -> goto none
	fi;
	d_step { FREE };

none:
end:	false
}

active proctype truncation()
{
	FILEMAP_LOCK_FOLIO;
	UNMAP_MAPPING_FOLIO;

unmapped:
	if
	:: d_step { i_pages = 0; mapping = 0 }
	fi;
	if
	:: d_step { LAST } -> d_step { FREE }
	:: d_step { NOT_LAST }
	fi;
	d_step { UNLOCK };
	if
	:: d_step { LAST }
	:: d_step { NOT_LAST } -> goto none
	fi;
	d_step { FREE };

none:
end:	false
}

active proctype conversion()
{
	FILEMAP_LOCK_FOLIO;
	UNMAP_MAPPING_FOLIO;

unmapped:
	if
	:: refs == 2
	:: refs != 2 -> goto unlock
	fi;
	converted = 1;
unlock:
	if
	:: d_step { UNLOCK }
	fi;
	if
	:: d_step { LAST }
	:: d_step { NOT_LAST } -> goto none
	fi;
	d_step { FREE };

none:
end:	false
}
