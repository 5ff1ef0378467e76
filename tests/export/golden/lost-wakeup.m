-- lost-wakeup, as guarded commands, one rule for each step.
--
--   rumur --threads 1 --deadlock-detection stuck --value-type int32_t --output model.c model.m
--   cc -std=c11 -O2 -mcx16 -o model model.c -lpthread && ./model
--
-- The number that begins an error is that of the fault. What is called a deadlock there is
--   deadlock = 1 deadlock: nothing can move, and not everything has ended

const
  sleeper: 0;
  waker: 1;

type
  process_t: 0 .. 1;

var
  condition: 0 .. 1;
  sleeping: 0 .. 1;
  -- location
  sleeper_at: 0 .. 6;
  -- location
  waker_at: 0 .. 2;

startstate "init"
begin
  condition := 0;
  sleeping := 0;
  sleeper_at := 0;
  waker_at := 0;
endstartstate;

-- inline.gmem:14: if (!READ_ONCE(condition)) {
rule "sleeper 0"
  sleeper_at = 0 ==>
begin
  if condition = 0 then
    sleeper_at := 2;
  else
    sleeper_at := 6;
  endif;
endrule;

-- inline.gmem:15: WRITE_ONCE(sleeping, true);
rule "sleeper 2"
  sleeper_at = 2 ==>
begin
  sleeping := 1;
  sleeper_at := 3;
endrule;

-- inline.gmem:16: await (!sleeping) else lost-wakeup;
rule "sleeper 3"
  sleeper_at = 3 & sleeping = 0 ==>
begin
  sleeper_at := 6;
endrule;

-- inline.gmem:21: WRITE_ONCE(condition, true);
rule "waker 0"
  waker_at = 0 ==>
begin
  condition := 1;
  waker_at := 1;
endrule;

-- inline.gmem:22: WRITE_ONCE(sleeping, false);
rule "waker 1"
  waker_at = 1 ==>
begin
  sleeping := 0;
  waker_at := 2;
endrule;

rule "at rest"
  sleeper_at = 6 & waker_at = 2 ==>
begin
endrule;
