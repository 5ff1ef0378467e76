---- MODULE interruptible ----
\* interruptible, as guarded commands, one action for each step.
\* Processes: 0 first, 1 second.
\* java -cp tla2tools.jar tlc2.TLC -workers 1 -config interruptible.cfg interruptible.tla

EXTENDS Integers

VARIABLES
  a_owner,  \* -1..1: -1 = nobody, 0 = first, 1 = second
  b_owner,  \* -1..1: -1 = nobody, 0 = first, 1 = second
  first_at,  \* 0..10: location
  second_at,  \* 0..10: location
  fault,  \* -1, or the number of the fault in which the step ended
  moved   \* <<process, location>>: who came here from where

Vars == <<a_owner, b_owner, first_at, second_at, fault, moved>>

View == <<a_owner, b_owner, first_at, second_at, fault>>

Check_cycle_of_lock_owners ==
  LET first_waits_for_second == IF ((first_at = 0) /\ (a_owner # 0) /\ (a_owner # -1) /\ (a_owner = 1)) \/ ((first_at = 4) /\ (b_owner # 0) /\ (b_owner # -1) /\ (b_owner = 1)) THEN 1 ELSE 0 IN
  LET second_waits_for_first == IF ((second_at = 0) /\ (b_owner # 1) /\ (b_owner # -1) /\ (b_owner = 0)) \/ ((second_at = 4) /\ (a_owner # 1) /\ (a_owner # -1) /\ (a_owner = 0)) THEN 1 ELSE 0 IN
  LET first_stuck_1 == IF first_waits_for_second # 0 THEN 1 ELSE 0 IN
  LET second_stuck_1 == IF second_waits_for_first # 0 THEN 1 ELSE 0 IN
  \* deadlock: processes wait for each other in a cycle of lock owners
  IF ((first_waits_for_second # 0) /\ (second_stuck_1 # 0)) \/ ((second_waits_for_first # 0) /\ (first_stuck_1 # 0))
  THEN {16} ELSE
  {}

\* Where a step has ended in a fault, or a check fails, nothing follows.
Unharmed ==
  /\ fault = -1
  /\ Check_cycle_of_lock_owners = {}

\* Every thread has finished, and no daemon has anything to do.
AtRest ==
  /\ first_at = 10
  /\ second_at = 10

\* 1 self-deadlock: takes a lock that it holds already (inline.gmem:18)
\* 2 self-deadlock: takes a lock that it holds already (inline.gmem:12)
\* 9 self-deadlock: takes a lock that it holds already (inline.gmem:23)
No_self_deadlock == fault \notin {1, 2, 9}

\* 3 unlock-not-held: releases b, which it does not hold so (inline.gmem:19)
\* 5 unlock-not-held: releases a, which it does not hold so (inline.gmem:20)
\* 10 unlock-not-held: releases a, which it does not hold so (inline.gmem:24)
\* 12 unlock-not-held: releases b, which it does not hold so (inline.gmem:25)
No_unlock_not_held == fault \notin {3, 5, 10, 12}

\* 4 unlock-not-owner: releases b, which another process holds (inline.gmem:19)
\* 6 unlock-not-owner: releases a, which another process holds (inline.gmem:20)
\* 11 unlock-not-owner: releases a, which another process holds (inline.gmem:24)
\* 13 unlock-not-owner: releases b, which another process holds (inline.gmem:25)
No_unlock_not_owner == fault \notin {4, 6, 11, 13}

\* 8 held-at-exit: ends while holding b (inline.gmem:17)
\* 14 held-at-exit: ends while holding a (inline.gmem:22)
No_held_at_exit == fault \notin {8, 14}

\* 16 deadlock: processes wait for each other in a cycle of lock owners
No_deadlock_Check_cycle_of_lock_owners == 16 \notin Check_cycle_of_lock_owners

Init ==
  /\ a_owner = -1
  /\ b_owner = -1
  /\ first_at = 0
  /\ second_at = 0
  /\ moved = <<-1, -1>>
  /\ fault = -1

\* inline.gmem:18: mutex_lock(&a);
first_0 ==
  /\ fault = -1
  /\ first_at = 0
  /\ ((a_owner = 0) \/ (a_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF a_owner = 0 THEN fault' = 1 /\ UNCHANGED <<a_owner, first_at>> ELSE
     \/ /\ a_owner' = 0
        /\ first_at' = 9
        /\ UNCHANGED <<fault>>
     \/ /\ a_owner' = 0
        /\ first_at' = 4
        /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 0>>
  /\ UNCHANGED <<b_owner, second_at>>

\* inline.gmem:12: mutex_lock(m);
first_4 ==
  /\ fault = -1
  /\ first_at = 4
  /\ ((b_owner = 0) \/ (b_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF b_owner = 0 THEN fault' = 2 /\ UNCHANGED <<b_owner, first_at>> ELSE
     /\ b_owner' = 0
     /\ first_at' = 8
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 4>>
  /\ UNCHANGED <<a_owner, second_at>>

\* inline.gmem:19: mutex_unlock(&b);
first_8 ==
  /\ fault = -1
  /\ first_at = 8
  /\ \* unlock-not-held: releases b, which it does not hold so
     IF (b_owner # 0) /\ (b_owner = -1) THEN fault' = 3 /\ UNCHANGED <<b_owner, first_at>> ELSE
     \* unlock-not-owner: releases b, which another process holds
     IF b_owner # 0 THEN fault' = 4 /\ UNCHANGED <<b_owner, first_at>> ELSE
     /\ b_owner' = -1
     /\ first_at' = 9
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 8>>
  /\ UNCHANGED <<a_owner, second_at>>

\* inline.gmem:20: mutex_unlock(&a);
first_9 ==
  /\ fault = -1
  /\ first_at = 9
  /\ \* unlock-not-held: releases a, which it does not hold so
     IF (a_owner # 0) /\ (a_owner = -1) THEN fault' = 5 /\ UNCHANGED <<a_owner, first_at>> ELSE
     \* unlock-not-owner: releases a, which another process holds
     IF a_owner # 0 THEN fault' = 6 /\ UNCHANGED <<a_owner, first_at>> ELSE
     \* inline.gmem:17: first
     \* held-at-exit: ends while holding b
     IF b_owner = 0 THEN fault' = 8 /\ UNCHANGED <<a_owner, first_at>> ELSE
     /\ a_owner' = -1
     /\ first_at' = 10
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 9>>
  /\ UNCHANGED <<b_owner, second_at>>

\* inline.gmem:23: mutex_lock(&b);
second_0 ==
  /\ fault = -1
  /\ second_at = 0
  /\ ((b_owner = 1) \/ (b_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF b_owner = 1 THEN fault' = 9 /\ UNCHANGED <<b_owner, second_at>> ELSE
     \/ /\ b_owner' = 1
        /\ second_at' = 9
        /\ UNCHANGED <<fault>>
     \/ /\ b_owner' = 1
        /\ second_at' = 4
        /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 0>>
  /\ UNCHANGED <<a_owner, first_at>>

\* inline.gmem:12: mutex_lock(m);
second_4 ==
  /\ fault = -1
  /\ second_at = 4
  /\ ((a_owner = 1) \/ (a_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF a_owner = 1 THEN fault' = 2 /\ UNCHANGED <<a_owner, second_at>> ELSE
     /\ a_owner' = 1
     /\ second_at' = 8
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 4>>
  /\ UNCHANGED <<b_owner, first_at>>

\* inline.gmem:24: mutex_unlock(&a);
second_8 ==
  /\ fault = -1
  /\ second_at = 8
  /\ \* unlock-not-held: releases a, which it does not hold so
     IF (a_owner # 1) /\ (a_owner = -1) THEN fault' = 10 /\ UNCHANGED <<a_owner, second_at>> ELSE
     \* unlock-not-owner: releases a, which another process holds
     IF a_owner # 1 THEN fault' = 11 /\ UNCHANGED <<a_owner, second_at>> ELSE
     /\ a_owner' = -1
     /\ second_at' = 9
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 8>>
  /\ UNCHANGED <<b_owner, first_at>>

\* inline.gmem:25: mutex_unlock(&b);
second_9 ==
  /\ fault = -1
  /\ second_at = 9
  /\ \* unlock-not-held: releases b, which it does not hold so
     IF (b_owner # 1) /\ (b_owner = -1) THEN fault' = 12 /\ UNCHANGED <<b_owner, second_at>> ELSE
     \* unlock-not-owner: releases b, which another process holds
     IF b_owner # 1 THEN fault' = 13 /\ UNCHANGED <<b_owner, second_at>> ELSE
     \* inline.gmem:22: second
     \* held-at-exit: ends while holding a
     IF a_owner = 1 THEN fault' = 14 /\ UNCHANGED <<b_owner, second_at>> ELSE
     /\ b_owner' = -1
     /\ second_at' = 10
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 9>>
  /\ UNCHANGED <<a_owner, first_at>>

first ==
  \/ first_0
  \/ first_4
  \/ first_8
  \/ first_9

second ==
  \/ second_0
  \/ second_4
  \/ second_8
  \/ second_9

\* At rest nothing has to happen: what TLC calls a deadlock is a standstill elsewhere.
Done ==
  /\ fault = -1
  /\ AtRest
  /\ UNCHANGED <<a_owner, b_owner, first_at, second_at, fault, moved>>

Next ==
  \/ first
  \/ second
  \/ Done

Spec == Init /\ [][Next]_Vars

==============================
