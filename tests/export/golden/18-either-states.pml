/*
 * either-states, as guarded commands, one atomic option for each step.
 *
 *   spin -a -o2 model.pml
 *   cc -O1 -DSAFETY -DNOREDUCE -DVECTORSZ=32000 -o pan pan.c
 *   ./pan -E -m1000000
 *   spin -t -T -B model.pml    shows the steps of what was found
 *
 * Without an error, the states stored are those of the model and the one before init.
 * spin -DONLY=1 -a -o2 model.pml reports faults of one kind; others just end their path:
 *   0 a bound is met
 *   1 deadlock
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
byte a_at; /* a.at: 0..3; location */

proctype a() provided (fault == NONE) {
  do
  :: atomic {
    if
    :: d_step {
      /* litmus/18-either-states.gmem:10: x = 1; */
      a_at == 1 ->
      printf("a 1, process %d\n", 0);
      x = 1;
      a_at = 3;
      skip;
    }
    :: d_step {
      /* litmus/18-either-states.gmem:10: x = 2; */
      a_at == 2 ->
      printf("a 2, process %d\n", 0);
      x = 2;
      a_at = 3;
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
    :: a_at == 3 ->
      skip;
    :: else ->
      /* deadlock: nothing can move, and not everything has ended */
      FAULT(1, 1);
    fi;
    skip;
  }
  od
}

init {
  atomic {
    if
    :: true ->
      a_at = 1;
    :: true ->
      a_at = 2;
    fi;
    run a(); /* a */
    run monitor()
  }
}
