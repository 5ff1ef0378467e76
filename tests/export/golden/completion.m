-- completion, as guarded commands, one rule for each step.
--
--   rumur --threads 1 --deadlock-detection stuck --value-type int32_t --output model.c model.m
--   cc -std=c11 -O2 -mcx16 -o model model.c -lpthread && ./model
--
-- The number that begins an error is that of the fault. What is called a deadlock there is
--   deadlock = 3 deadlock: nothing can move, and not everything has ended

const
  submitter: 0;
  other: 1;
  device: 2;

type
  process_t: 0 .. 2;

var
  done_done: 0 .. 7;
  submitted: 0 .. 1;
  tasks_runnable: array [0 .. 2] of 0 .. 1;
  -- location
  submitter_at: 0 .. 11;
  -- location
  other_at: 0 .. 13;
  -- location
  device_at: 0 .. 10;

startstate "init"
begin
  done_done := 0;
  submitted := 0;
  for i: 0 .. 2 do
    tasks_runnable[i] := 1;
  endfor;
  submitter_at := 0;
  other_at := 0;
  device_at := 0;
endstartstate;

-- inline.gmem:18: WRITE_ONCE(submitted, true);
rule "submitter 0"
  submitter_at = 0 ==>
begin
  submitted := 1;
  submitter_at := 2;
endrule;

-- lib/completion.gmem:21: might_sleep();
rule "submitter 2"
  submitter_at = 2 ==>
begin
  submitter_at := 3;
endrule;

-- lib/completion.gmem:22: atomic {
rule "submitter 3"
  submitter_at = 3 & done_done > 0 ==>
var
  value: 0 .. 7;
begin
  if done_done != 7 then
    -- lib/completion.gmem:24: x->done--;
    value := done_done;
    if value < 1 then
      error "1 count-overflow: `done` would be outside 0..7 (lib/completion.gmem:24)";
    endif;
    done_done := value - 1;
  endif;
  submitter_at := 11;
endrule;

-- inline.gmem:23: await (submitted);
rule "other 0"
  other_at = 0 & submitted != 0 ==>
begin
  other_at := 4;
endrule;

-- lib/completion.gmem:21: might_sleep();
rule "other 4"
  other_at = 4 ==>
begin
  other_at := 5;
endrule;

-- lib/completion.gmem:22: atomic {
rule "other 5"
  other_at = 5 & done_done > 0 ==>
var
  value: 0 .. 7;
begin
  if done_done != 7 then
    -- lib/completion.gmem:24: x->done--;
    value := done_done;
    if value < 1 then
      error "1 count-overflow: `done` would be outside 0..7 (lib/completion.gmem:24)";
    endif;
    done_done := value - 1;
  endif;
  other_at := 13;
endrule;

-- inline.gmem:27: await (submitted);
rule "device 0"
  device_at = 0 & submitted != 0 ==>
begin
  device_at := 4;
endrule;

-- inline.gmem:28: complete(&done);
rule "device 4"
  device_at = 4 ==>
var
  value: 0 .. 7;
begin
  if done_done != 7 then
    -- lib/completion.gmem:14: x->done++;
    value := done_done;
    if value > 6 then
      error "2 count-overflow: `done` would be outside 0..7 (lib/completion.gmem:14)";
    endif;
    done_done := value + 1;
  endif;
  device_at := 10;
endrule;

rule "at rest"
  submitter_at = 11 & other_at = 13 & device_at = 10 ==>
begin
endrule;
