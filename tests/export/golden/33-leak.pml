/*
 * leak, as guarded commands, one atomic option for each step.
 *
 *   spin -a -o2 model.pml
 *   cc -O1 -DSAFETY -DNOREDUCE -DVECTORSZ=32000 -o pan pan.c
 *   ./pan -E -m1000000
 *   spin -t -T -B model.pml    shows the steps of what was found
 *
 * Without an error, the states stored are those of the model and the one before init.
 * spin -DONLY=1 -a -o2 model.pml reports faults of one kind; others just end their path:
 *   0 a bound is met
 *   1 bug-on
 *   2 leak
 *   3 deadlock
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
short head; /* head: -2..2; 0 = null, 1 + i = &nodes[i], negative = stale */
short nodes_next[2]; /* nodes.next[0..1]: -2..2; 0 = null, 1 + i = &nodes[i], negative = stale */
bit nodes_alive[2]; /* nodes.alive[0..1]: 0..1; nodes[i] is object 0 + i */
byte a_at; /* a.at: 0..2; location */

/* Cells for the length of one step: no part of the state. */
hidden int initialise_nodes_object;
hidden int tmp_reached_node_0;
hidden int tmp_reached_node_1;

inline initialise_nodes() {
  nodes_next[initialise_nodes_object] = 0;
  initialise_nodes_object = 0;
}

proctype a() provided (fault == NONE) {
  do
  :: atomic {
    if
    :: d_step {
      /* litmus/33-leak.gmem:16: node *n = alloc(&nodes[1]); */
      a_at == 0 ->
      printf("a 0, process %d\n", 0);
      if
      :: nodes_alive[1] != 0 ->
        /* bug-on: alloc of an object of nodes that is in use (litmus/33-leak.gmem:16) */
        FAULT(2, 1);
        goto done_a_0;
      :: else
      fi;
      nodes_alive[1] = 1;
      initialise_nodes_object = 1;
      initialise_nodes();
      a_at = 2;
      done_a_0:
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
    :: a_at == 2 ->
      /* leak */
      tmp_reached_node_0 = (head == 1 -> 1 : 0);
      tmp_reached_node_1 = (head == 2 -> 1 : 0);
      if
      :: nodes_alive[0] != 0 && !(tmp_reached_node_0 != 0 || tmp_reached_node_1 != 0 && nodes_alive[1] != 0 && nodes_next[1] == 1) ->
        /* leak: nodes[0] is still allocated at the end and nothing points to it (litmus/33-leak.gmem:8) */
        FAULT(3, 2);
        goto rested_1;
      :: else
      fi;
      if
      :: nodes_alive[1] != 0 && !(tmp_reached_node_1 != 0 || tmp_reached_node_0 != 0 && nodes_alive[0] != 0 && nodes_next[0] == 2) ->
        /* leak: nodes[1] is still allocated at the end and nothing points to it (litmus/33-leak.gmem:8) */
        FAULT(4, 2);
        goto rested_1;
      :: else
      fi;
      rested_1:
      skip;
      tmp_reached_node_0 = 0;
      tmp_reached_node_1 = 0;
    :: else ->
      /* deadlock: nothing can move, and not everything has ended */
      FAULT(5, 3);
    fi;
    skip;
  }
  od
}

init {
  atomic {
    /* litmus/33-leak.gmem:12: head = alloc(&nodes[0]); */
    nodes_alive[0] = 1;
    initialise_nodes_object = 0;
    initialise_nodes();
    head = 1;
    run a(); /* a */
    run monitor()
  }
}
