-- mutex-states, as guarded commands, one rule for each step.
-- The instances of t differ in nothing: a scalarset.
--
--   rumur --threads 1 --deadlock-detection stuck --value-type int32_t --symmetry-reduction exhaustive --output model.c model.m
--   cc -std=c11 -O2 -mcx16 -o model model.c -lpthread && ./model
--
-- The number that begins an error is that of the fault. What is called a deadlock there is
--   deadlock = 6 deadlock: nothing can move, and not everything has ended

type
  t_t: scalarset(2);

var
  -- whether it is this one
  m_owner_t: array [t_t] of 0 .. 1;
  -- location
  t_at: array [t_t] of 0 .. 2;

-- cycle of lock owners
procedure check_cycle_of_lock_owners();
var
  t0_waits_for_t1: 0 .. 1;
  t1_waits_for_t0: 0 .. 1;
  t0_stuck_1: 0 .. 1;
  t1_stuck_1: 0 .. 1;
begin
  for t0: t_t do
    for t1: t_t do
      if t1 != t0 then
        t0_waits_for_t1 := t_at[t0] = 0 & m_owner_t[t0] = 0 & !(forall p: t_t do m_owner_t[p] = 0 endforall) & m_owner_t[t1] != 0 ? 1 : 0;
        t1_waits_for_t0 := t_at[t1] = 0 & m_owner_t[t1] = 0 & !(forall p_2: t_t do m_owner_t[p_2] = 0 endforall) & m_owner_t[t0] != 0 ? 1 : 0;
        t0_stuck_1 := t0_waits_for_t1 != 0 ? 1 : 0;
        t1_stuck_1 := t1_waits_for_t0 != 0 ? 1 : 0;
        if (t0_waits_for_t1 != 0 & t1_stuck_1 != 0) | (t1_waits_for_t0 != 0 & t0_stuck_1 != 0) then
          error "5 deadlock: processes wait for each other in a cycle of lock owners";
        endif;
      endif;
    endfor;
  endfor;
endprocedure;

startstate "init"
begin
  for i: t_t do
    m_owner_t[i] := 0;
  endfor;
  for i: t_t do
    t_at[i] := 0;
  endfor;
  check_cycle_of_lock_owners();
endstartstate;

-- inline.gmem:9: mutex_lock(&m);
ruleset self: t_t do
  rule "t 0"
    t_at[self] = 0 & (m_owner_t[self] != 0 | (forall p: t_t do m_owner_t[p] = 0 endforall)) ==>
  begin
    if m_owner_t[self] != 0 then
      error "1 self-deadlock: takes a lock that it holds already (inline.gmem:9)";
    endif;
    for p_2: t_t do
      m_owner_t[p_2] := p_2 = self ? 1 : 0;
    endfor;
    t_at[self] := 1;
    check_cycle_of_lock_owners();
  endrule;
endruleset;

-- inline.gmem:10: mutex_unlock(&m);
ruleset self: t_t do
  rule "t 1"
    t_at[self] = 1 ==>
  begin
    if m_owner_t[self] = 0 & (forall p: t_t do m_owner_t[p] = 0 endforall) then
      error "2 unlock-not-held: releases m, which it does not hold so (inline.gmem:10)";
    endif;
    if m_owner_t[self] = 0 then
      error "3 unlock-not-owner: releases m, which another process holds (inline.gmem:10)";
    endif;
    for p_2: t_t do
      m_owner_t[p_2] := 0;
    endfor;
    -- inline.gmem:8: t
    if m_owner_t[self] != 0 then
      error "4 held-at-exit: ends while holding m (inline.gmem:8)";
    endif;
    t_at[self] := 2;
    check_cycle_of_lock_owners();
  endrule;
endruleset;

rule "at rest"
  (forall p: t_t do t_at[p] = 2 endforall) ==>
begin
endrule;
