------------------------------- MODULE Guard -------------------------------
(* What a start decides for one collection when both ledgers can be read: the
   rows of TwoLedgers.java, in their order. An entry is a record with st, ep
   and conf; backJ and backP say that this store lacks what the other one has
   noted of it. Mutant switches one part of a rule off, see the test.        *)
EXTENDS Naturals

CONSTANT Mutant

Stores == {"J", "P"}
Other(s) == IF s = "J" THEN "P" ELSE "J"
Max(a, b) == IF a > b THEN a ELSE b

Refuse(why) == [v |-> "refuse", s |-> why]
Say(v, s) == [v |-> v, s |-> s]

(* The store whose entry says that it takes writes. *)
Serving(e) == e.st = "active" /\ (e.conf \/ Mutant = "serve-unconfirmed")

LOCAL ActiveBeside(want, a, o, ent, back) ==
    LET A == ent[a]  O == ent[o]
        overtaken == O.ep > A.ep /\ O.st = "receiving"
    IN IF back[a] /\ ~(Mutant = "no-position-in-receiving" /\ overtaken)
         THEN Refuse("went back")
       ELSE IF O.ep > A.ep /\ ~overtaken THEN Refuse("epoch went back")
       ELSE IF overtaken
         THEN IF a = want THEN Say("reopen", a) ELSE Say("finish", o)
       ELSE IF ~Serving(A) /\ ~(Mutant = "switch-back-unconfirmed" /\ a # want)
         THEN IF O.ep = A.ep THEN Say("confirm", a) ELSE Refuse("epoch went back")
       ELSE IF a = want THEN Say("serve", a) ELSE Say("change", o)

LOCAL HalfDone(want, s, o, ent, back) ==
    IF back[s] THEN Refuse("went back")
    ELSE IF ent[o].st # "receiving" /\ ent[o].ep >= ent[s].ep
            /\ Mutant # "sealed-trusts-handed-over"
      THEN Refuse("epoch went back")
    ELSE IF o = want THEN Say("finish", o) ELSE Say("reopen", s)

TwoLedgers(want, ent, back) ==
    LET o == Other(want) IN
    IF ent["J"].st = "active" /\ ent["P"].st = "active" THEN Refuse("two authorities")
    ELSE IF ent[want].st = "active" THEN ActiveBeside(want, want, o, ent, back)
    ELSE IF ent[o].st = "active" THEN ActiveBeside(want, o, want, ent, back)
    ELSE IF ent[want].st = "sealed" /\ ent[o].st # "sealed"
      THEN HalfDone(want, want, o, ent, back)
    ELSE IF ent[o].st = "sealed" /\ ent[want].st # "sealed"
      THEN HalfDone(want, o, want, ent, back)
    ELSE Refuse("no authority")

(* Whether "where the stores differ, the id is pending" cannot be relied upon. *)
MayDiffer(a, ent, back) ==
    LET o == Other(a) IN
    \/ ent[o].st \notin {"mirror", "handed over"}
    \/ ent[o].ep < ent[a].ep
    \/ back[o]
=============================================================================
