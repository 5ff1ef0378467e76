---- MODULE abba_beside_a_daemon ----
\* abba-beside-a-daemon, as guarded commands, one action for each step.
\* Processes: 0 first, 1 second, 2 ticking.
\* java -cp tla2tools.jar tlc2.TLC -workers 1 -config abba_beside_a_daemon.cfg abba_beside_a_daemon.tla

EXTENDS Integers

VARIABLES
  a_owner,  \* -1..1: -1 = nobody, 0 = first, 1 = second, 2 = ticking
  b_owner,  \* -1..1: -1 = nobody, 0 = first, 1 = second, 2 = ticking
  clock,  \* 0..1
  first_at,  \* 0..4: location
  second_at,  \* 0..4: location
  ticking_at,  \* 0..1: location
  ticking_value,  \* 0..1
  fault,  \* -1, or the number of the fault in which the step ended
  moved   \* <<process, location>>: who came here from where

Vars == <<a_owner, b_owner, clock, first_at, second_at, ticking_at, ticking_value, fault,
          moved>>

View == <<a_owner, b_owner, clock, first_at, second_at, ticking_at, ticking_value, fault>>

Check_cycle_of_lock_owners ==
  LET first_waits_for_second == IF ((first_at = 0) /\ (a_owner # 0) /\ (a_owner # -1) /\ (a_owner = 1)) \/ ((first_at = 1) /\ (b_owner # 0) /\ (b_owner # -1) /\ (b_owner = 1)) THEN 1 ELSE 0 IN
  LET second_waits_for_first == IF ((second_at = 0) /\ (b_owner # 1) /\ (b_owner # -1) /\ (b_owner = 0)) \/ ((second_at = 1) /\ (a_owner # 1) /\ (a_owner # -1) /\ (a_owner = 0)) THEN 1 ELSE 0 IN
  LET first_stuck_1 == IF first_waits_for_second # 0 THEN 1 ELSE 0 IN
  LET second_stuck_1 == IF second_waits_for_first # 0 THEN 1 ELSE 0 IN
  \* deadlock: processes wait for each other in a cycle of lock owners
  IF ((first_waits_for_second # 0) /\ (second_stuck_1 # 0)) \/ ((second_waits_for_first # 0) /\ (first_stuck_1 # 0))
  THEN {17} ELSE
  {}

\* Where a step has ended in a fault, or a check fails, nothing follows.
Unharmed ==
  /\ fault = -1
  /\ Check_cycle_of_lock_owners = {}

\* Every thread has finished, and no daemon has anything to do.
AtRest ==
  /\ first_at = 4
  /\ second_at = 4
  /\ ticking_at = 0
  /\ ticking_at # 0

\* 1 self-deadlock: takes a lock that it holds already (inline.gmem:10)
\* 2 self-deadlock: takes a lock that it holds already (inline.gmem:11)
\* 9 self-deadlock: takes a lock that it holds already (inline.gmem:16)
\* 10 self-deadlock: takes a lock that it holds already (inline.gmem:17)
No_self_deadlock == fault \notin {1, 2, 9, 10}

\* 3 unlock-not-held: releases b, which it does not hold so (inline.gmem:12)
\* 5 unlock-not-held: releases a, which it does not hold so (inline.gmem:13)
\* 11 unlock-not-held: releases a, which it does not hold so (inline.gmem:18)
\* 13 unlock-not-held: releases b, which it does not hold so (inline.gmem:19)
No_unlock_not_held == fault \notin {3, 5, 11, 13}

\* 4 unlock-not-owner: releases b, which another process holds (inline.gmem:12)
\* 6 unlock-not-owner: releases a, which another process holds (inline.gmem:13)
\* 12 unlock-not-owner: releases a, which another process holds (inline.gmem:18)
\* 14 unlock-not-owner: releases b, which another process holds (inline.gmem:19)
No_unlock_not_owner == fault \notin {4, 6, 12, 14}

\* 8 held-at-exit: ends while holding b (inline.gmem:9)
\* 15 held-at-exit: ends while holding a (inline.gmem:15)
No_held_at_exit == fault \notin {8, 15}

\* 17 deadlock: processes wait for each other in a cycle of lock owners
No_deadlock_Check_cycle_of_lock_owners == 17 \notin Check_cycle_of_lock_owners

Init ==
  /\ a_owner = -1
  /\ b_owner = -1
  /\ clock = 0
  /\ first_at = 0
  /\ second_at = 0
  /\ ticking_at = 0
  /\ ticking_value = 0
  /\ moved = <<-1, -1>>
  /\ fault = -1

\* inline.gmem:10: mutex_lock(&a);
first_0 ==
  /\ fault = -1
  /\ first_at = 0
  /\ ((a_owner = 0) \/ (a_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF a_owner = 0 THEN fault' = 1 /\ UNCHANGED <<a_owner, first_at>> ELSE
     /\ a_owner' = 0
     /\ first_at' = 1
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 0>>
  /\ UNCHANGED <<b_owner, clock, second_at, ticking_at, ticking_value>>

\* inline.gmem:11: mutex_lock(&b);
first_1 ==
  /\ fault = -1
  /\ first_at = 1
  /\ ((b_owner = 0) \/ (b_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF b_owner = 0 THEN fault' = 2 /\ UNCHANGED <<b_owner, first_at>> ELSE
     /\ b_owner' = 0
     /\ first_at' = 2
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 1>>
  /\ UNCHANGED <<a_owner, clock, second_at, ticking_at, ticking_value>>

\* inline.gmem:12: mutex_unlock(&b);
first_2 ==
  /\ fault = -1
  /\ first_at = 2
  /\ \* unlock-not-held: releases b, which it does not hold so
     IF (b_owner # 0) /\ (b_owner = -1) THEN fault' = 3 /\ UNCHANGED <<b_owner, first_at>> ELSE
     \* unlock-not-owner: releases b, which another process holds
     IF b_owner # 0 THEN fault' = 4 /\ UNCHANGED <<b_owner, first_at>> ELSE
     /\ b_owner' = -1
     /\ first_at' = 3
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 2>>
  /\ UNCHANGED <<a_owner, clock, second_at, ticking_at, ticking_value>>

\* inline.gmem:13: mutex_unlock(&a);
first_3 ==
  /\ fault = -1
  /\ first_at = 3
  /\ \* unlock-not-held: releases a, which it does not hold so
     IF (a_owner # 0) /\ (a_owner = -1) THEN fault' = 5 /\ UNCHANGED <<a_owner, first_at>> ELSE
     \* unlock-not-owner: releases a, which another process holds
     IF a_owner # 0 THEN fault' = 6 /\ UNCHANGED <<a_owner, first_at>> ELSE
     \* inline.gmem:9: first
     \* held-at-exit: ends while holding b
     IF b_owner = 0 THEN fault' = 8 /\ UNCHANGED <<a_owner, first_at>> ELSE
     /\ a_owner' = -1
     /\ first_at' = 4
     /\ UNCHANGED <<fault>>
  /\ moved' = <<0, 3>>
  /\ UNCHANGED <<b_owner, clock, second_at, ticking_at, ticking_value>>

\* inline.gmem:16: mutex_lock(&b);
second_0 ==
  /\ fault = -1
  /\ second_at = 0
  /\ ((b_owner = 1) \/ (b_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF b_owner = 1 THEN fault' = 9 /\ UNCHANGED <<b_owner, second_at>> ELSE
     /\ b_owner' = 1
     /\ second_at' = 1
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 0>>
  /\ UNCHANGED <<a_owner, clock, first_at, ticking_at, ticking_value>>

\* inline.gmem:17: mutex_lock(&a);
second_1 ==
  /\ fault = -1
  /\ second_at = 1
  /\ ((a_owner = 1) \/ (a_owner = -1)) = TRUE
  /\ \* self-deadlock: takes a lock that it holds already
     IF a_owner = 1 THEN fault' = 10 /\ UNCHANGED <<a_owner, second_at>> ELSE
     /\ a_owner' = 1
     /\ second_at' = 2
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 1>>
  /\ UNCHANGED <<b_owner, clock, first_at, ticking_at, ticking_value>>

\* inline.gmem:18: mutex_unlock(&a);
second_2 ==
  /\ fault = -1
  /\ second_at = 2
  /\ \* unlock-not-held: releases a, which it does not hold so
     IF (a_owner # 1) /\ (a_owner = -1) THEN fault' = 11 /\ UNCHANGED <<a_owner, second_at>> ELSE
     \* unlock-not-owner: releases a, which another process holds
     IF a_owner # 1 THEN fault' = 12 /\ UNCHANGED <<a_owner, second_at>> ELSE
     /\ a_owner' = -1
     /\ second_at' = 3
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 2>>
  /\ UNCHANGED <<b_owner, clock, first_at, ticking_at, ticking_value>>

\* inline.gmem:19: mutex_unlock(&b);
second_3 ==
  /\ fault = -1
  /\ second_at = 3
  /\ \* unlock-not-held: releases b, which it does not hold so
     IF (b_owner # 1) /\ (b_owner = -1) THEN fault' = 13 /\ UNCHANGED <<b_owner, second_at>> ELSE
     \* unlock-not-owner: releases b, which another process holds
     IF b_owner # 1 THEN fault' = 14 /\ UNCHANGED <<b_owner, second_at>> ELSE
     \* inline.gmem:15: second
     \* held-at-exit: ends while holding a
     IF a_owner = 1 THEN fault' = 15 /\ UNCHANGED <<b_owner, second_at>> ELSE
     /\ b_owner' = -1
     /\ second_at' = 4
     /\ UNCHANGED <<fault>>
  /\ moved' = <<1, 3>>
  /\ UNCHANGED <<a_owner, clock, first_at, ticking_at, ticking_value>>

\* inline.gmem:21: clock = 1 - clock;
ticking_0 ==
  /\ fault = -1
  /\ ticking_at = 0
  /\ ticking_value' = clock
  /\ ticking_at' = 1
  /\ UNCHANGED <<fault>>
  /\ moved' = <<2, 0>>
  /\ UNCHANGED <<a_owner, b_owner, clock, first_at, second_at>>

\* inline.gmem:21: clock = 1 - clock;
ticking_1 ==
  /\ fault = -1
  /\ ticking_at = 1
  /\ clock' = 1 - ticking_value
  /\ ticking_at' = 0
  /\ ticking_value' = 0
  /\ UNCHANGED <<fault>>
  /\ moved' = <<2, 1>>
  /\ UNCHANGED <<a_owner, b_owner, first_at, second_at>>

first ==
  \/ first_0
  \/ first_1
  \/ first_2
  \/ first_3

second ==
  \/ second_0
  \/ second_1
  \/ second_2
  \/ second_3

ticking ==
  \/ ticking_0
  \/ ticking_1

\* At rest nothing has to happen: what TLC calls a deadlock is a standstill elsewhere.
Done ==
  /\ fault = -1
  /\ AtRest
  /\ UNCHANGED <<a_owner, b_owner, clock, first_at, second_at, ticking_at, ticking_value, fault,
                 moved>>

Next ==
  \/ first
  \/ second
  \/ ticking
  \/ Done

Spec == Init /\ [][Next]_Vars

=====================================
