-- models/scale/users.gmem by hand in Murphi, step for step; see vcpus-pages.m for how to run it and for
-- what the two have in common.
--
-- There is one page, and whether a thread has a pointer to it follows from where the thread is.
-- `converted` is the opposite of `shared` there.

const
  USERS: 2;

type
  user_t: 1 .. USERS;
  thread_t: 1 .. USERS + 2;      -- the users, the truncation, the conversion
  count_t: 0 .. USERS + 3;

  location_t: enum {
    LOAD,              -- filemap_lock_folio
    TRY_GET,
    LOCK,
    RECHECK,
    UNLOCK_REMOVED, PUT_REMOVED, FREE_REMOVED,
    FOUND,
    MAP,               -- a user who maps the page
    UNLOCK_MAPPED,
    UNLOCK_READ,       -- a user who reads it
    TOUCH,
    UNMAP,             -- unmap_mapping_folio
    PUT_MAPPED, FREE_MAPPED,
    REMOVE,            -- truncation
    PUT_CACHED, FREE_CACHED,
    TEST,              -- conversion
    CONVERT,
    UNLOCK,
    PUT_READ, FREE_READ,
    PUT_OWN, FREE_OWN,
    DONE
  };

var
  refs: count_t;
  mapcount: 0 .. USERS;
  locked: boolean;
  mapping: boolean;
  alive: boolean;
  i_pages: boolean;
  converted: boolean;

  at: array [thread_t] of location_t;
  asleep: array [thread_t] of boolean;

-- refcount_dec_and_test
function dec_and_test(): boolean; begin
  assert "refcount-underflow" refs > 0;
  refs := refs - 1;
  return refs = 0;
end;

procedure free_folio(); begin
  assert "double-free" alive;
  alive := false;
end;

-- clear_and_wake_up_bit
procedure unlock(); begin
  locked := false;
  for t: thread_t do asleep[t] := false; end;
end;

ruleset t: thread_t do
  alias l: at[t] do

  rule "load" l = LOAD ==> begin l := i_pages ? TRY_GET : DONE; end;

  rule "try_get" l = TRY_GET ==> begin
    if refs = 0 then
      l := LOAD;
    else
      refs := refs + 1;
      l := LOCK;
    end;
  end;

  rule "lock" l = LOCK & !asleep[t] ==> begin
    if locked then
      asleep[t] := true;
    else
      locked := true;
      l := RECHECK;
    end;
  end;

  rule "recheck" l = RECHECK ==> begin l := mapping ? FOUND : UNLOCK_REMOVED; end;
  rule "unlock removed" l = UNLOCK_REMOVED ==> begin unlock(); l := PUT_REMOVED; end;
  rule "put removed" l = PUT_REMOVED ==> begin l := dec_and_test() ? FREE_REMOVED : LOAD; end;
  rule "free removed" l = FREE_REMOVED ==> begin free_folio(); l := LOAD; end;

  -- How everybody but a user who reads lets go of the page.
  rule "unlock" l = UNLOCK ==> begin unlock(); l := PUT_OWN; end;
  rule "put own" l = PUT_OWN ==> begin l := dec_and_test() ? FREE_OWN : DONE; end;
  rule "free own" l = FREE_OWN ==> begin free_folio(); l := DONE; end;

  end;
end;

ruleset u: user_t do
  alias l: at[u] do

  -- The choice of what to do belongs to the step that loads `shared`.
  rule "to map" l = FOUND & !converted ==> begin l := MAP; end;
  rule "to read" l = FOUND & !converted ==> begin l := UNLOCK_READ; end;
  rule "refused" l = FOUND & converted ==> begin l := UNLOCK; end;

  rule "map" l = MAP ==> begin
    assert "stale-mapping" mapping;
    mapcount := mapcount + 1;
    l := UNLOCK_MAPPED;
  end;
  rule "unlock mapped" l = UNLOCK_MAPPED ==> begin unlock(); l := DONE; end;

  rule "unlock to read" l = UNLOCK_READ ==> begin unlock(); l := TOUCH; end;
  rule "touch" l = TOUCH ==> begin
    assert "use-after-free" alive;
    assert "data-exposed" !converted;
    l := PUT_READ;
  end;
  rule "put read" l = PUT_READ ==> begin l := dec_and_test() ? FREE_READ : DONE; end;
  rule "free read" l = FREE_READ ==> begin free_folio(); l := DONE; end;

  end;
end;

ruleset t: USERS + 1 .. USERS + 2 do
  alias l: at[t] do

  rule "mapped?" l = FOUND ==> begin
    if mapcount > 0 then
      l := UNMAP;
    else
      l := (t = USERS + 1) ? REMOVE : TEST;
    end;
  end;
  rule "unmap" l = UNMAP ==> begin mapcount := mapcount - 1; l := PUT_MAPPED; end;
  rule "put mapped" l = PUT_MAPPED ==> begin l := dec_and_test() ? FREE_MAPPED : FOUND; end;
  rule "free mapped" l = FREE_MAPPED ==> begin free_folio(); l := FOUND; end;

  rule "remove" l = REMOVE ==> begin
    i_pages := false;
    mapping := false;
    l := PUT_CACHED;
  end;
  rule "put cached" l = PUT_CACHED ==> begin l := dec_and_test() ? FREE_CACHED : UNLOCK; end;
  rule "free cached" l = FREE_CACHED ==> begin free_folio(); l := UNLOCK; end;

  rule "test" l = TEST ==> begin l := (refs = 2) ? CONVERT : UNLOCK; end;
  rule "convert" l = CONVERT ==> begin converted := true; l := UNLOCK; end;

  end;
end;

startstate begin
  refs := 1;
  mapcount := 0;
  locked := false;
  mapping := true;
  alive := true;
  i_pages := true;
  converted := false;
  for t: thread_t do
    at[t] := LOAD;
    asleep[t] := false;
  end;
end;
