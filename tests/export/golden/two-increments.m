-- two-increments, as guarded commands, one rule for each step.
--
--   rumur --threads 1 --deadlock-detection stuck --value-type int32_t --output model.c model.m
--   cc -std=c11 -O2 -mcx16 -o model model.c -lpthread && ./model
--
-- The number that begins an error is that of the fault. What is called a deadlock there is
--   deadlock = 3 deadlock: nothing can move, and not everything has ended

const
  a: 0;
  b: 1;

type
  process_t: 0 .. 1;

var
  x: 0 .. 2;
  -- location
  a_at: 0 .. 2;
  a_value: 0 .. 2;
  -- location
  b_at: 0 .. 2;
  b_value: 0 .. 2;

startstate "init"
begin
  x := 0;
  a_at := 0;
  a_value := 0;
  b_at := 0;
  b_value := 0;
endstartstate;

-- inline.gmem:11: x++;
rule "a 0"
  a_at = 0 ==>
begin
  a_value := x;
  a_at := 1;
endrule;

-- inline.gmem:11: x++;
rule "a 1"
  a_at = 1 ==>
begin
  if a_value > 1 then
    error "1 count-overflow: `the variable` would be outside 0..2 (inline.gmem:11)";
  endif;
  x := a_value + 1;
  a_at := 2;
  a_value := 0;
endrule;

-- inline.gmem:12: x++;
rule "b 0"
  b_at = 0 ==>
begin
  b_value := x;
  b_at := 1;
endrule;

-- inline.gmem:12: x++;
rule "b 1"
  b_at = 1 ==>
begin
  if b_value > 1 then
    error "2 count-overflow: `the variable` would be outside 0..2 (inline.gmem:12)";
  endif;
  x := b_value + 1;
  b_at := 2;
  b_value := 0;
endrule;

rule "at rest"
  a_at = 2 & b_at = 2 ==>
begin
endrule;
