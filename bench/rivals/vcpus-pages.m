-- models/scale/vcpus-pages.gmem by hand in Murphi, step for step: a state here is a state there, so
-- the numbers of states must be equal. The sizes are the first three constants; the benchmark writes
-- other numbers into them.
--
--   rumur --deadlock-detection off --output pan.c vcpus-pages.m
--   gcc -O3 -march=native -o pan pan.c -lpthread && ./pan
--
-- Deadlock detection is off because every run ends. A pointer to mem_map[k] is k + 1, null is 0.
-- Locals are reset where their scope ends there. What is checked at rest there (reference counts and
-- their owners) is not checked here.

const
  VCPUS: 2;
  PAGES: 1;
  PINNERS: 1;

type
  vcpu_t: 0 .. VCPUS - 1;
  page_t: 0 .. PAGES - 1;
  pinner_t: 1 .. PINNERS;
  folio_t: 0 .. PAGES;
  count_t: 0 .. 2 + VCPUS + PINNERS;

  location_t: enum {
    LOOKUP,            -- filemap_get_entry
    TRY_GET,
    LOOK_AGAIN,
    PUT_LOST, FREE_LOST,
    LOCK,
    RECHECK,           -- __filemap_get_folio
    UNLOCK_REMOVED, PUT_REMOVED, FREE_REMOVED,
    RESERVE,           -- hugepage_subpool_get_page
    ALLOCATE,
    SET_COUNT,
    SET_LOCKED,        -- filemap_add_folio
    GET_FOR_CACHE,
    STORE,
    PUT_EXISTING, FREE_EXISTING,
    CLEAR_LOCKED,
    PUT_OWN, FREE_OWN,
    SET_PTE,           -- finish_fault
    UNLOCK,
    ZAP,               -- zap_pte
    PUT_MAPPED, FREE_MAPPED,
    REMOVE,            -- filemap_remove_folio
    PUT_CACHED, FREE_CACHED,
    DONE
  };

var
  refs: array [page_t] of count_t;
  mapcount: array [page_t] of 0 .. VCPUS;
  locked: array [page_t] of boolean;
  mapping: array [page_t] of boolean;
  alive: array [page_t] of boolean;

  i_pages: array [page_t] of folio_t;
  pte: array [vcpu_t] of folio_t;
  used_hpages: 0 .. PAGES;

  at: array [vcpu_t] of location_t;
  asleep: array [vcpu_t] of boolean;
  f: array [vcpu_t] of folio_t;

  vmm_at: location_t;
  vmm_asleep: boolean;
  vmm_i: page_t;
  vmm_f: folio_t;
  vmm_p: vcpu_t;
  vmm_z: folio_t;

  pinner_at: array [pinner_t] of location_t;
  pfn: array [pinner_t] of page_t;

-- refcount_dec_and_test
function dec_and_test(o: folio_t): boolean; begin
  assert "refcount-underflow" refs[o - 1] > 0;
  refs[o - 1] := refs[o - 1] - 1;
  return refs[o - 1] = 0;
end;

procedure free_folio(o: folio_t); begin
  assert "mapped-at-free" mapcount[o - 1] = 0;
  assert "stale-mapping" forall p: vcpu_t do pte[p] != o end;
  alive[o - 1] := false;
  used_hpages := used_hpages - 1;
end;

-- clear_and_wake_up_bit: wakes everybody who sleeps on this folio
procedure unlock(o: folio_t); begin
  locked[o - 1] := false;
  for p: vcpu_t do
    if f[p] = o then asleep[p] := false; end;
  end;
  if vmm_f = o then vmm_asleep := false; end;
end;

ruleset p: vcpu_t do
  alias l: at[p]; o: f[p]; cached: i_pages[p % PAGES] do

  rule "load" l = LOOKUP ==> begin
    o := cached;
    l := (o = 0) ? RESERVE : TRY_GET;
  end;

  rule "try_get" l = TRY_GET ==> begin
    if refs[o - 1] = 0 then
      o := 0;
      l := LOOKUP;
    else
      refs[o - 1] := refs[o - 1] + 1;
      l := LOOK_AGAIN;
    end;
  end;

  rule "load again" l = LOOK_AGAIN ==> begin
    l := (cached = o) ? LOCK : PUT_LOST;
  end;

  rule "put what was found" l = PUT_LOST | l = PUT_REMOVED | l = PUT_OWN ==> begin
    if dec_and_test(o) then
      if l = PUT_LOST then
        l := FREE_LOST;
      elsif l = PUT_REMOVED then
        l := FREE_REMOVED;
      else
        l := FREE_OWN;
      end;
    else
      o := 0;
      l := LOOKUP;
    end;
  end;

  rule "free what was found" l = FREE_LOST | l = FREE_REMOVED | l = FREE_OWN ==> begin
    free_folio(o);
    o := 0;
    l := LOOKUP;
  end;

  rule "lock" l = LOCK & !asleep[p] ==> begin
    if locked[o - 1] then
      asleep[p] := true;
    else
      locked[o - 1] := true;
      l := RECHECK;
    end;
  end;

  rule "recheck" l = RECHECK ==> begin
    l := mapping[o - 1] ? SET_PTE : UNLOCK_REMOVED;
  end;

  rule "unlock" l = UNLOCK_REMOVED ==> begin
    unlock(o);
    l := PUT_REMOVED;
  end;

  rule "reserve" l = RESERVE ==> begin
    if used_hpages = PAGES then
      l := ZAP;
    else
      used_hpages := used_hpages + 1;
      l := ALLOCATE;
    end;
  end;

  ruleset k: page_t do
    rule "alloc" l = ALLOCATE & !alive[k] ==> begin
      alive[k] := true;
      refs[k] := 0;
      mapcount[k] := 0;
      locked[k] := false;
      mapping[k] := false;
      o := k + 1;
      l := SET_COUNT;
    end;
  end;

  rule "set count" l = SET_COUNT ==> begin refs[o - 1] := 1; l := SET_LOCKED; end;
  rule "set locked" l = SET_LOCKED ==> begin locked[o - 1] := true; l := GET_FOR_CACHE; end;
  rule "get" l = GET_FOR_CACHE ==> begin refs[o - 1] := refs[o - 1] + 1; l := STORE; end;

  rule "store" l = STORE ==> begin
    if cached = 0 then
      cached := o;
      mapping[o - 1] := true;
      l := SET_PTE;
    else
      l := PUT_EXISTING;
    end;
  end;

  rule "put existing" l = PUT_EXISTING ==> begin
    l := dec_and_test(o) ? FREE_EXISTING : CLEAR_LOCKED;
  end;
  rule "free existing" l = FREE_EXISTING ==> begin free_folio(o); l := CLEAR_LOCKED; end;
  rule "clear locked" l = CLEAR_LOCKED ==> begin locked[o - 1] := false; l := PUT_OWN; end;

  rule "set pte" l = SET_PTE ==> begin
    assert "stale-mapping" cached = o;
    pte[p] := o;
    mapcount[o - 1] := mapcount[o - 1] + 1;
    l := UNLOCK;
  end;

  rule "unlock mapped" l = UNLOCK ==> begin
    unlock(o);
    o := 0;
    l := ZAP;
  end;

  rule "zap" l = ZAP ==> begin
    if pte[p] = 0 then
      l := DONE;
    else
      o := pte[p];
      pte[p] := 0;
      mapcount[o - 1] := mapcount[o - 1] - 1;
      l := PUT_MAPPED;
    end;
  end;

  rule "put mapped" l = PUT_MAPPED ==> begin
    if dec_and_test(o) then
      l := FREE_MAPPED;
    else
      o := 0;
      l := DONE;
    end;
  end;

  rule "free mapped" l = FREE_MAPPED ==> begin
    free_folio(o);
    o := 0;
    l := DONE;
  end;

  end;
end;

-- The VMM: what follows the truncation of page vmm_i, and the unmapping of vCPU vmm_p.
procedure next_page(); begin
  vmm_f := 0;
  if vmm_i < PAGES - 1 then
    vmm_i := vmm_i + 1;
    vmm_at := LOOKUP;
  else
    vmm_i := 0;
    vmm_at := DONE;
  end;
end;

procedure next_vcpu(); begin
  vmm_z := 0;
  if vmm_p < VCPUS - 1 then
    vmm_p := vmm_p + 1;
    vmm_at := ZAP;
  else
    vmm_p := 0;
    vmm_at := REMOVE;
  end;
end;

rule "vmm load" vmm_at = LOOKUP ==> begin
  vmm_f := i_pages[vmm_i];
  if vmm_f = 0 then next_page(); else vmm_at := TRY_GET; end;
end;

rule "vmm try_get" vmm_at = TRY_GET ==> begin
  if refs[vmm_f - 1] = 0 then
    vmm_f := 0;
    vmm_at := LOOKUP;
  else
    refs[vmm_f - 1] := refs[vmm_f - 1] + 1;
    vmm_at := LOOK_AGAIN;
  end;
end;

rule "vmm load again" vmm_at = LOOK_AGAIN ==> begin
  vmm_at := (i_pages[vmm_i] = vmm_f) ? LOCK : PUT_LOST;
end;

rule "vmm put lost" vmm_at = PUT_LOST ==> begin
  if dec_and_test(vmm_f) then
    vmm_at := FREE_LOST;
  else
    vmm_f := 0;
    vmm_at := LOOKUP;
  end;
end;

rule "vmm free lost" vmm_at = FREE_LOST ==> begin
  free_folio(vmm_f);
  vmm_f := 0;
  vmm_at := LOOKUP;
end;

rule "vmm lock" vmm_at = LOCK & !vmm_asleep ==> begin
  if locked[vmm_f - 1] then
    vmm_asleep := true;
  else
    locked[vmm_f - 1] := true;
    vmm_at := ZAP;
  end;
end;

rule "vmm zap" vmm_at = ZAP ==> begin
  if vmm_p % PAGES = vmm_i & pte[vmm_p] != 0 then
    vmm_z := pte[vmm_p];
    pte[vmm_p] := 0;
    mapcount[vmm_z - 1] := mapcount[vmm_z - 1] - 1;
    vmm_at := PUT_MAPPED;
  else
    next_vcpu();
  end;
end;

rule "vmm put mapped" vmm_at = PUT_MAPPED ==> begin
  if dec_and_test(vmm_z) then vmm_at := FREE_MAPPED; else next_vcpu(); end;
end;

rule "vmm free mapped" vmm_at = FREE_MAPPED ==> begin
  free_folio(vmm_z);
  next_vcpu();
end;

rule "vmm remove" vmm_at = REMOVE ==> begin
  assert "mapped-at-free" mapcount[vmm_f - 1] = 0;
  i_pages[vmm_i] := 0;
  mapping[vmm_f - 1] := false;
  vmm_at := PUT_CACHED;
end;

rule "vmm put cached" vmm_at = PUT_CACHED ==> begin
  vmm_at := dec_and_test(vmm_f) ? FREE_CACHED : UNLOCK;
end;
rule "vmm free cached" vmm_at = FREE_CACHED ==> begin free_folio(vmm_f); vmm_at := UNLOCK; end;
rule "vmm unlock" vmm_at = UNLOCK ==> begin unlock(vmm_f); vmm_at := PUT_OWN; end;

rule "vmm put own" vmm_at = PUT_OWN ==> begin
  if dec_and_test(vmm_f) then vmm_at := FREE_OWN; else next_page(); end;
end;

rule "vmm free own" vmm_at = FREE_OWN ==> begin
  free_folio(vmm_f);
  next_page();
end;

procedure next_pfn(k: pinner_t); begin
  if pfn[k] < PAGES - 1 then
    pfn[k] := pfn[k] + 1;
    pinner_at[k] := TRY_GET;
  else
    pfn[k] := 0;
    pinner_at[k] := DONE;
  end;
end;

ruleset k: pinner_t do
  alias l: pinner_at[k] do

  rule "pinner try_get" l = TRY_GET ==> begin
    if refs[pfn[k]] = 0 then
      next_pfn(k);
    else
      refs[pfn[k]] := refs[pfn[k]] + 1;
      l := PUT_OWN;
    end;
  end;

  rule "pinner put" l = PUT_OWN ==> begin
    if dec_and_test(pfn[k] + 1) then l := FREE_OWN; else next_pfn(k); end;
  end;

  rule "pinner free" l = FREE_OWN ==> begin
    free_folio(pfn[k] + 1);
    next_pfn(k);
  end;

  end;
end;

startstate begin
  for k: page_t do
    refs[k] := 0;
    mapcount[k] := 0;
    locked[k] := false;
    mapping[k] := false;
    alive[k] := false;
    i_pages[k] := 0;
  end;
  used_hpages := 0;
  for p: vcpu_t do
    pte[p] := 0;
    at[p] := LOOKUP;
    asleep[p] := false;
    f[p] := 0;
  end;
  vmm_at := LOOKUP;
  vmm_asleep := false;
  vmm_i := 0;
  vmm_f := 0;
  vmm_p := 0;
  vmm_z := 0;
  for k: pinner_t do
    pinner_at[k] := TRY_GET;
    pfn[k] := 0;
  end;
end;
