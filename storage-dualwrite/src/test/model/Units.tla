------------------------------- MODULE Units -------------------------------
(* Units of work in the mirror, and records it refuses. JoinedUnits (both
   stores), PendingTaker, Carrier, Applier and ParkedRecords. One session of
   one worker; Mirror.tla has crashes, terms and comparisons.

   The mirror takes present states, so it may leave out what was written over,
   but it never shows half of a unit. A write is known by its number, which is
   its version and, where it begins one, its unit.                           *)
EXTENDS Naturals, FiniteSets

CONSTANTS Ids, MaxWrites, MaxRefusals, Mutant

VARIABLES n, unit,          \* writes so far; the records each of them wrote
          now,              \* of each record the last write
          mark,             \* of each record: version (0 for none), unit (0 for none), parked
          there,            \* of each record the write the mirror has
          taken, handed,    \* by the worker from the pending set; by writers to the worker
          refusals, apart   \* records that were refused at some time: they go without their units
vars == <<n, unit, now, mark, there, taken, handed, refusals, apart>>

NoMark == [v |-> 0, u |-> 0, parked |-> FALSE]
Nothing == [i \in {} |-> 0]
Init ==
    /\ n = 0 /\ unit = <<>>
    /\ now = [i \in Ids |-> 0] /\ there = [i \in Ids |-> 0]
    /\ mark = [i \in Ids |-> NoMark]
    /\ taken = Nothing /\ handed = {} /\ refusals = 0 /\ apart = {}

Counts(m) == m.v > 0 /\ m.u > 0 /\ ~m.parked
(* The units whose marks a write replaces: it joins them, and they become one. *)
Joined(S) == IF Mutant = "leaves-the-unit" THEN {} ELSE {mark[i].u : i \in {j \in S : Counts(mark[j])}}
Write(S) ==
    LET w == n + 1
        joined == Joined(S)
        u == IF joined # {} THEN CHOOSE x \in joined : \A y \in joined : x >= y
             ELSE IF Cardinality(S) > 1 THEN w ELSE 0 IN
    /\ n < MaxWrites /\ n' = w
    /\ unit' = [k \in 1..w |-> IF k = w THEN S ELSE unit[k]]
    /\ now' = [i \in Ids |-> IF i \in S THEN w ELSE now[i]]
    /\ mark' = [i \in Ids |-> IF i \in S THEN [v |-> w, u |-> u, parked |-> FALSE]
                              ELSE IF Counts(mark[i]) /\ mark[i].u \in joined THEN [mark[i] EXCEPT !.u = u]
                              ELSE mark[i]]
    /\ handed' = handed \union {[w |-> w, behind |-> [i \in S |-> IF Counts(mark[i]) THEN mark[i].v ELSE 0]]}
    /\ UNCHANGED <<there, taken, refusals, apart>>

(* The marks of a unit are taken together, with the states of that moment. *)
Take(i) ==
    /\ taken = Nothing /\ mark[i].v > 0 /\ ~mark[i].parked
    /\ LET G == IF mark[i].u = 0 \/ Mutant = "takes-one" THEN {i}
                ELSE {j \in Ids : Counts(mark[j]) /\ mark[j].u = mark[i].u} IN
       taken' = [j \in G |-> now[j]]
    /\ UNCHANGED <<n, unit, now, mark, there, handed, refusals, apart>>

(* One step in the mirror. If it refuses a record, that one is parked and the others go on as one. *)
Applied(states, refused) ==
    LET A == {i \in DOMAIN states \ refused : states[i] > there[i]} IN
    /\ there' = [i \in Ids |-> IF i \in A THEN states[i] ELSE there[i]]
    /\ mark' = [i \in Ids |->
         IF i \in refused /\ mark[i].v = states[i]
         THEN IF Mutant = "refused-is-forgotten" THEN NoMark ELSE [mark[i] EXCEPT !.parked = TRUE]
         ELSE IF i \in DOMAIN states \ refused /\ mark[i].v = states[i] THEN NoMark ELSE mark[i]]
    /\ apart' = apart \union refused
    /\ refusals' = refusals + Cardinality(refused)
Refused(S) == {{}} \union (IF refusals < MaxRefusals THEN {{i} : i \in S} ELSE {})
Apply ==
    /\ taken # Nothing
    /\ \E refused \in Refused(DOMAIN taken) : Applied(taken, refused)
    /\ taken' = Nothing /\ UNCHANGED <<n, unit, now, handed>>
(* What a writer hands over goes there if the units it follows are there; otherwise the marks tell. *)
Hand(h) ==
    LET S == DOMAIN h.behind IN
    /\ taken = Nothing /\ handed' = handed \ {h}
    /\ IF \A i \in S : h.behind[i] = 0 \/ there[i] >= h.behind[i] \/ Mutant = "handed-alone"
       THEN \E refused \in Refused(S) : Applied([i \in S |-> h.w], refused)
       ELSE UNCHANGED <<mark, there, refusals, apart>>
    /\ UNCHANGED <<n, unit, now, taken>>

Retry(i) ==
    /\ mark[i].parked /\ mark' = [mark EXCEPT ![i].parked = FALSE]
    /\ UNCHANGED <<n, unit, now, there, taken, handed, refusals, apart>>
Over == n = MaxWrites /\ taken = Nothing /\ handed = {} /\ (\A i \in Ids : mark[i].v = 0) /\ UNCHANGED vars

Next ==
    \/ \E S \in SUBSET Ids : S # {} /\ Cardinality(S) <= 2 /\ Write(S)
    \/ \E i \in Ids : Take(i) \/ Retry(i)
    \/ Apply \/ (\E h \in handed : Hand(h)) \/ Over
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* The mirror has all of a unit or nothing, but for records it refused. *)
UnitsAreWhole ==
    \A w \in 1..n : LET S == unit[w] \ apart IN
        (\E i \in S : there[i] >= w) => \A i \in S : there[i] >= w

(* Wherever the stores differ, the id is pending or parked. *)
MirrorOnMeansPendingOrEqual == \A i \in Ids : there[i] # now[i] => mark[i].v = now[i]
=============================================================================
