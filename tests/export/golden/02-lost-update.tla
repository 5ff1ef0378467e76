---- MODULE lost_update ----
\* lost-update, as guarded commands, one action for each step.
\* Processes: 0 t0, 1 t1.
\* java -cp tla2tools.jar tlc2.TLC -workers 1 -config lost_update.cfg lost_update.tla

EXTENDS Integers

VARIABLES
  x,  \* 0..2
  y,  \* 0..2
  t_at,  \* 0..2: location
  t_value,  \* 0..2
  fault,  \* -1, or the number of the fault in which the step ended
  moved   \* <<process, location>>: who came here from where

Vars == <<x, y, t_at, t_value, fault, moved>>

View == <<x, y, t_at, t_value, fault>>

Final_finally_1 ==
  \* inline.gmem:15: assert(x + atomic_read(&y) == 2);
  \* assert: x + atomic_read(&y) == 2
  IF x + y # 2 THEN {2} ELSE {}

\* Where a step has ended in a fault, or a check fails, nothing follows.
Unharmed ==
  fault = -1

\* Every thread has finished, and no daemon has anything to do.
AtRest ==
  /\ t_at[0] = 2
  /\ t_at[1] = 2

\* 1 count-overflow: `the variable` would be outside 0..2 (inline.gmem:11)
No_count_overflow == fault \notin {1}

\* 2 assert: x + atomic_read(&y) == 2 (inline.gmem:15)
No_assert_Final_finally_1 == AtRest => (2 \notin Final_finally_1)

Init ==
  /\ x = 0
  /\ y = 0
  /\ t_at = [i \in 0..1 |-> 0]
  /\ t_value = [i_2 \in 0..1 |-> 0]
  /\ moved = <<-1, -1>>
  /\ fault = -1

\* inline.gmem:11: x++;
t_0(self) ==
  /\ fault = -1
  /\ t_at[self] = 0
  /\ t_value' = [t_value EXCEPT ![self] = x]
  /\ t_at' = [t_at EXCEPT ![self] = 1]
  /\ UNCHANGED <<fault>>
  /\ moved' = <<self, 0>>
  /\ UNCHANGED <<x, y>>

\* inline.gmem:11: x++;
t_1(self) ==
  /\ fault = -1
  /\ t_at[self] = 1
  /\ \* count-overflow: `the variable` would be outside 0..2
     IF t_value[self] > 1 THEN fault' = 1 /\ UNCHANGED <<x, t_at, t_value>> ELSE
     /\ x' = t_value[self] + 1
     /\ t_at' = [t_at EXCEPT ![self] = 2]
     /\ t_value' = [t_value EXCEPT ![self] = 0]
     /\ UNCHANGED <<fault>>
  /\ moved' = <<self, 1>>
  /\ UNCHANGED <<y>>

t(self) ==
  \/ t_0(self)
  \/ t_1(self)

\* At rest nothing has to happen: what TLC calls a deadlock is a standstill elsewhere.
Done ==
  /\ fault = -1
  /\ AtRest
  /\ UNCHANGED <<x, y, t_at, t_value, fault, moved>>

Next ==
  \/ \E self \in 0..1 : t(self)
  \/ Done

Spec == Init /\ [][Next]_Vars

============================
