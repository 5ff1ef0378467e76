/*
 * two-increments, as guarded commands, one atomic option for each step.
 *
 *   spin -a -o2 model.pml
 *   cc -O1 -DSAFETY -DNOREDUCE -DVECTORSZ=32000 -o pan pan.c
 *   ./pan -E -m1000000
 *   spin -t -T -B model.pml    shows the steps of what was found
 *
 * Without an error, the states stored are those of the model and the one before init.
 * spin -DONLY=1 -a -o2 model.pml reports faults of one kind; others just end their path:
 *   0 a bound is met
 *   1 count-overflow
 *   2 deadlock
 */

#ifdef ONLY
#define REPORTED(kind) (kind == ONLY)
#else
#define REPORTED(kind) (kind != 0)
#endif
#define FAULT(number, kind) assert(fault == number || !REPORTED(kind)); fault = number
#define NONE (-1)
#define self (_pid - 1)

int fault = NONE; /* the number of what ended this path */
byte x; /* x: 0..2 */
byte a_at; /* a.at: 0..2; location */
byte a_value; /* a.value: 0..2 */
byte b_at; /* b.at: 0..2; location */
byte b_value; /* b.value: 0..2 */

proctype a() provided (fault == NONE) {
  do
  :: atomic {
    if
    :: d_step {
      /* litmus/01-two-increments.gmem:11: x++; */
      a_at == 0 ->
      printf("a 0, process %d\n", 0);
      a_value = x;
      a_at = 1;
      skip;
    }
    :: d_step {
      /* litmus/01-two-increments.gmem:11: x++; */
      a_at == 1 ->
      printf("a 1, process %d\n", 0);
      if
      :: a_value > 1 ->
        /* count-overflow: `the variable` would be outside 0..2 (litmus/01-two-increments.gmem:11) */
        FAULT(1, 1);
        goto done_a_1;
      :: else
      fi;
      x = a_value + 1;
      a_at = 2;
      a_value = 0;
      done_a_1:
      skip;
      skip;
    }
    fi;
    skip;
  }
  od
}

proctype b() provided (fault == NONE) {
  do
  :: atomic {
    if
    :: d_step {
      /* litmus/01-two-increments.gmem:12: x++; */
      b_at == 0 ->
      printf("b 0, process %d\n", 1);
      b_value = x;
      b_at = 1;
      skip;
    }
    :: d_step {
      /* litmus/01-two-increments.gmem:12: x++; */
      b_at == 1 ->
      printf("b 1, process %d\n", 1);
      if
      :: b_value > 1 ->
        /* count-overflow: `the variable` would be outside 0..2 (litmus/01-two-increments.gmem:12) */
        FAULT(2, 1);
        goto done_b_1;
      :: else
      fi;
      x = b_value + 1;
      b_at = 2;
      b_value = 0;
      done_b_1:
      skip;
      skip;
    }
    fi;
    skip;
  }
  od
}

proctype monitor() {
  do
  :: atomic {
    timeout && fault == NONE ->
    if
    :: a_at == 2 && b_at == 2 ->
      skip;
    :: else ->
      /* deadlock: nothing can move, and not everything has ended */
      FAULT(3, 2);
    fi;
    skip;
  }
  od
}

init {
  atomic {
    skip;
    run a(); /* a */
    run b(); /* b */
    run monitor()
  }
}
