------------------------------ MODULE Contact ------------------------------
(* Rules 9 and 10 of the design: the first contact of two stores, lineage, a
   store that joins, one that is forced and one that an operator adopts. Guard:
   NoLedger, OneLedger and TwoLedgers; Contact.java carries it out.

   Two directories, each with a process and a lock of its own, and one database:
   somebody connects the wrong directory sooner or later. One collection, whose
   content is one thing: what was there before, or the last write. A start sees
   the database or not. A change of authority is left to Authority.tla: a start
   that needs one is refused here.                                            *)
EXTENDS Naturals, Sequences

CONSTANTS Dirs, MaxStarts, MaxWrites, MaxForces, MaxAdopts, MaxAttempts, Mutant

VARIABLES ent, data,        \* of each directory and of the database
          issued,           \* the lineages it has given a mirror a token for
          made,             \* what was there before, and every write
          aside, past,      \* saved aside; overwritten by a write to the store that had it
          p,                \* the process of each directory
          starts, writes, forces, adopts, tokens
vars == <<ent, data, issued, made, aside, past, p, starts, writes, forces, adopts, tokens>>
budget == <<starts, writes, forces, adopts>>

Stores == Dirs \union {"P"}
Blank == [st |-> "none", lin |-> 0, ep |-> 0, fork |-> <<>>, conf |-> FALSE]
Idle == [pc |-> "down", want |-> "P", adopt |-> "none", todo |-> <<>>, to |-> "P",
         lin |-> 0, see |-> <<>>, alone |-> FALSE]
Max(a, b) == IF a > b THEN a ELSE b

(* Any of the stores may have content, the same or not. *)
Init ==
    /\ \E full \in SUBSET Stores, same \in BOOLEAN :
         data = [s \in Stores |-> IF s \in full THEN {<<IF same THEN "same" ELSE s, 0>>} ELSE {}]
    /\ made = UNION {data[s] : s \in Stores}
    /\ ent = [s \in Stores |-> Blank] /\ issued = [s \in Stores |-> {}] /\ aside = {} /\ past = {}
    /\ p = [d \in Dirs |-> Idle]
    /\ starts = 0 /\ writes = 0 /\ forces = 0 /\ adopts = 0 /\ tokens = 0

Serves(e) == e.st = "active" /\ e.conf
(* Left by a first contact that did not end: nothing was served under it. *)
Provisional(e) == e.st = "active" /\ ~e.conf /\ e.ep = 1 /\ e.fork = <<>>
(* A mirror that joined an attempt after the next had begun: what it follows is never confirmed. *)
Overtaken(e, o, os) ==
    /\ e.st = "mirror" /\ e.ep = 1 /\ e.fork = <<>> /\ Provisional(o) /\ o.lin # e.lin
    /\ e.lin \in issued[os]
Knows(e, o, os) ==
    /\ e.st # "none" /\ ~Overtaken(e, o, os)
    /\ ~Provisional(e) \/ (o.st # "none" /\ o.lin = e.lin /\ ~Provisional(o))
Descends(f, a) == Len(f) > Len(a) /\ SubSeq(f, 1, Len(a)) = a

Own(d) == IF p[d].want = "P" THEN "P" ELSE d
Beside(d) == IF p[d].want = "P" THEN d ELSE "P"
Other(d, s) == IF s = "P" THEN d ELSE "P"

Start(d, w, a) ==
    /\ p[d].pc = "down" /\ starts < MaxStarts /\ starts' = starts + 1
    /\ a = "none" \/ adopts < MaxAdopts
    /\ adopts' = IF a = "none" THEN adopts ELSE adopts + 1
    /\ p' = [p EXCEPT ![d] = [Idle EXCEPT !.pc = "look", !.want = w, !.adopt = a]]
    /\ UNCHANGED <<ent, data, issued, made, aside, past, writes, forces, tokens>>

-----------------------------------------------------------------------------
(* A look at both stores, and what follows: steps with the store that is to lead. *)
Refuse == Idle
Plan(d, todo, to) ==
    [p[d] EXCEPT !.pc = "go", !.todo = todo, !.to = to, !.lin = tokens + 1, !.see = [s \in {d, "P"} |-> ent[s]]]
Saving(unsaved, todo) == IF Mutant = unsaved THEN todo ELSE <<"save aside">> \o todo
First(d, to, saves) ==      \* the leader's entry unconfirmed, the mirror's, the confirmation
    LET steps == <<"adopt", "follow", "confirm">> IN
    Plan(d, IF saves THEN Saving("joins-unsaved", steps) ELSE steps, to)
Join(d, k, saves) == Plan(d, IF saves THEN Saving("joins-unsaved", <<"follow">>) ELSE <<"follow">>, k)
TakingBack == Saving("takes-back-unsaved", <<"hand over">>)

NoLedger(d) ==
    LET own == Own(d)  oth == Beside(d)  a == p[d].adopt IN
    IF data[own] # {} /\ data[oth] # {}
    THEN IF a # "none" THEN First(d, IF a = "J" THEN d ELSE "P", TRUE)
         ELSE IF data[own] = data[oth] THEN First(d, d, FALSE) ELSE Refuse
    ELSE IF data[oth] = {} THEN First(d, own, FALSE)
    ELSE IF own = "P" THEN First(d, d, FALSE)
    ELSE IF a = "J" THEN First(d, d, TRUE) ELSE IF a = "P" THEN First(d, "P", FALSE) ELSE Refuse

OneLedger(d, k) ==
    LET n == Other(d, k)  a == p[d].adopt IN
    IF ~Serves(ent[k]) THEN Refuse
    ELSE IF data[n] = {} THEN Join(d, k, FALSE)
    ELSE IF a # "none"
    THEN IF (a = "P") = (k = "P") THEN Join(d, k, TRUE)
         ELSE Plan(d, <<"force", "seal">> \o TakingBack, n)
    ELSE IF n = d /\ p[d].want = "P" THEN Join(d, k, TRUE)
    ELSE IF data[n] = data[k] THEN Join(d, k, FALSE) ELSE Refuse

TwoLedgers(d) ==
    LET own == Own(d)  oth == Beside(d)  a == ent[own]  b == ent[oth] IN
    IF a.lin # b.lin /\ Mutant # "no-lineage" THEN Refuse
    ELSE IF a.fork # b.fork
    THEN LET f == IF Descends(a.fork, b.fork) THEN own ELSE oth
             l == Other(d, f) IN
         IF Descends(ent[f].fork, ent[l].fork) /\ Serves(ent[f]) /\ ent[f].ep > ent[l].ep
         THEN Plan(d, <<"seal">> \o TakingBack, f) ELSE Refuse
    ELSE IF a.st = "active" /\ b.st = "active" THEN Refuse
    ELSE IF Serves(a) THEN [p[d] EXCEPT !.pc = "serving", !.see = <<>>]
    ELSE IF a.st = "active" /\ a.ep = b.ep THEN Plan(d, <<"confirm">>, own)
    ELSE Refuse

Look(d) ==
    /\ p[d].pc = "look"
    /\ LET own == Own(d)  oth == Beside(d)
           ka == Knows(ent[own], ent[oth], oth)  kb == Knows(ent[oth], ent[own], own) IN
       p' = [p EXCEPT ![d] = IF ka /\ kb THEN TwoLedgers(d)
                             ELSE IF ka THEN OneLedger(d, own)
                             ELSE IF kb THEN OneLedger(d, oth) ELSE NoLedger(d)]
    /\ tokens' = tokens + 1
    /\ UNCHANGED <<ent, data, issued, made, aside, past, budget>>

(* The database does not answer, or there is none: the directory serves by what it says itself, is
   adopted alone, or is forced.                                                               *)
LookAlone(d) ==
    /\ p[d].pc = "look" /\ p[d].want = "J"
    /\ \/ /\ ent[d].st = "none" /\ tokens' = tokens + 1 /\ UNCHANGED forces
          /\ ent' = [ent EXCEPT ![d] = [st |-> "active", lin |-> tokens + 1, ep |-> 1, fork |-> <<>>, conf |-> TRUE]]
          /\ p' = [p EXCEPT ![d].adopt = "none"]
       \/ /\ Serves(ent[d])
          /\ p' = [p EXCEPT ![d] = [@ EXCEPT !.pc = "serving", !.alone = TRUE]] /\ UNCHANGED <<ent, forces, tokens>>
       \/ /\ ent[d].st # "none" /\ ~Serves(ent[d]) /\ forces < MaxForces
          /\ forces' = forces + 1 /\ tokens' = tokens + 1
          /\ ent' = [ent EXCEPT ![d] = [@ EXCEPT !.st = "active", !.conf = TRUE, !.ep = @ + 10,
                        !.fork = IF Mutant = "no-fork" THEN @ ELSE Append(@, tokens + 1)]]
          /\ p' = [p EXCEPT ![d] = [@ EXCEPT !.pc = "look", !.adopt = "none"]]
    /\ UNCHANGED <<data, issued, made, aside, past, starts, writes, adopts>>

-----------------------------------------------------------------------------
(* The steps; each change of an entry is a compare-and-set, and whoever loses looks again. *)
CompareAndSet(d, s, new) ==
    IF ent[s] = p[d].see[s]
    THEN /\ ent' = [ent EXCEPT ![s] = new]
         /\ p' = [p EXCEPT ![d] = IF Len(@.todo) > 1
                                  THEN [@ EXCEPT !.todo = Tail(@), !.see = [p[d].see EXCEPT ![s] = new]]
                                  ELSE [@ EXCEPT !.pc = "look", !.adopt = "none", !.todo = <<>>, !.see = <<>>]]
    ELSE /\ p' = [p EXCEPT ![d] = [@ EXCEPT !.pc = "look", !.todo = <<>>, !.see = <<>>]]
         /\ UNCHANGED ent

Step(d) ==
    /\ p[d].pc = "go"
    /\ LET k == Head(p[d].todo)  to == p[d].to  oth == Other(d, to)
           e == p[d].see[to]  o == p[d].see[oth]
           new == [st |-> "active", lin |-> p[d].lin, ep |-> 1, fork |-> <<>>, conf |-> FALSE] IN
       /\ CASE k = "adopt" -> CompareAndSet(d, to, new)
            [] k = "follow" -> CompareAndSet(d, oth, [e EXCEPT !.st = "mirror", !.conf = FALSE])
            [] k = "confirm" -> CompareAndSet(d, to, [e EXCEPT !.conf = TRUE])
            [] k = "force" -> CompareAndSet(d, to,
                 [o EXCEPT !.ep = Max(e.ep, o.ep) + 10, !.fork = Append(@, p[d].lin)])
            [] k = "seal" -> CompareAndSet(d, oth, [o EXCEPT !.st = "sealed", !.conf = FALSE])
            [] k = "hand over" -> CompareAndSet(d, oth, [e EXCEPT !.st = "handed over", !.conf = FALSE])
            [] k = "save aside" -> p' = [p EXCEPT ![d].todo = Tail(@)] /\ UNCHANGED ent
       /\ aside' = IF k = "save aside" THEN aside \union (data[oth] \ data[to]) ELSE aside
       /\ issued' = IF k = "follow" THEN [issued EXCEPT ![to] = @ \union {e.lin}] ELSE issued
    /\ UNCHANGED <<data, made, past, budget, tokens>>

(* A write, fenced by the ledger; and the mirror, which overwrites what it finds. *)
Write(d) ==
    /\ p[d].pc = "serving" /\ writes < MaxWrites /\ writes' = writes + 1
    /\ Serves(ent[Own(d)])
    /\ data' = [data EXCEPT ![Own(d)] = {<<"write", writes + 1>>}]
    /\ past' = past \union data[Own(d)] /\ made' = made \union {<<"write", writes + 1>>}
    /\ UNCHANGED <<ent, issued, aside, p, starts, forces, adopts, tokens>>
Mirrors(d) ==
    LET s == Own(d)  o == Beside(d) IN
    /\ p[d].pc = "serving" /\ ~p[d].alone
    /\ Serves(ent[s]) /\ ent[o].st \in {"mirror", "handed over"}
    /\ ent[o].lin = ent[s].lin \/ Mutant = "no-lineage"
    /\ ent[o].fork = ent[s].fork
Mirror(d) ==
    /\ Mirrors(d) /\ data[Beside(d)] # data[Own(d)]
    /\ data' = [data EXCEPT ![Beside(d)] = data[Own(d)]]
    /\ UNCHANGED <<ent, issued, made, aside, past, p, budget, tokens>>
Stop(d) ==
    /\ p[d].pc # "down" /\ p' = [p EXCEPT ![d] = Idle]
    /\ UNCHANGED <<ent, data, issued, made, aside, past, budget, tokens>>
Over == starts = MaxStarts /\ (\A d \in Dirs : p[d].pc = "down") /\ UNCHANGED vars

Next ==
    \/ \E d \in Dirs : \/ \E w \in {"J", "P"}, a \in {"none", "J", "P"} : Start(d, w, a)
                       \/ Look(d) \/ LookAlone(d) \/ Step(d) \/ Write(d) \/ Mirror(d) \/ Stop(d)
    \/ Over
Spec == Init /\ [][Next]_vars

(* Two starts may overtake each other without end, each time with a lineage of its own. *)
FewAttempts == tokens <= MaxAttempts

-----------------------------------------------------------------------------
(* Of one history only one store takes writes; one that was forced is of another fork. *)
NoSplitBrain ==
    \A s, t \in Stores : s # t /\ Serves(ent[s]) /\ Serves(ent[t]) =>
        ent[s].lin # ent[t].lin \/ ent[s].fork # ent[t].fork

(* The database follows one directory at the most. *)
MirrorHasOneAuthority ==
    \A d, e \in Dirs : d # e => ~(p[d].want = "J" /\ p[e].want = "J" /\ Mirrors(d) /\ Mirrors(e))

(* What was there before, and every write, is in a store or saved aside, unless a write took its place. *)
NothingOverwrittenInSilence ==
    \A x \in made : x \in past \/ x \in aside \/ \E s \in Stores : x \in data[s]
=============================================================================
