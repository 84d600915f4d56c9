----------------------------- MODULE Authority -----------------------------
(* Rules 1, 2, 3 and 8: the authority of one collection moves between JSON (J)
   and PostgreSQL (P), as AuthorityChange.java and Guard.java do it.

   One process at a time holds the lock of the directory; only it changes the
   authority. Whoever else runs can only write to P, so those processes are
   statements without a name: a statement begins (takes its table lock, sees
   the ledger) and commits later, whether its client is still alive or not.
   What the holder sends to P may be lost sight of and land later still.

   One store, the Traveller, may go back to an older copy of itself, once.
   Tokens: with one copy put back, a token written into a store's history is
   told by its era: 0 before the copy was made, 1 after it, 2 after it was put
   back. The store then lacks exactly the tokens of era 1.                   *)
EXTENDS Integers, Sequences

CONSTANTS Ids, MaxStarts, MaxWrites, MaxLost, MaxFails, Traveller, Window, Mirrored, Jump, Mutant

INSTANCE Guard

VARIABLES ent, data, ver, pend,      \* of each store
          run, net,                  \* statements begun in P; on their way to P
          h,                         \* the process that holds the lock
          era, copy,                 \* of the Traveller; the copy put by
          aside, last, excused,      \* saved aside; last committed; lost by the travel itself
          starts, writes, lost, fails
vars == <<ent, data, ver, pend, run, net, h, era, copy, aside, last, excused,
          starts, writes, lost, fails>>
budget == <<starts, writes, lost, fails>>
travel == <<era, copy, excused>>

Down == [pc |-> "down", want |-> "J", mir |-> FALSE, to |-> "J", n |-> 0,
         todo |-> <<>>, see |-> <<>>, leave |-> FALSE]
(* A record: the write that made it, or, negative, that deleted it, and the version it got. The
   stores keep nothing of what is deleted, so the code compares by Seen. pend: the version of the
   mark of each id, 0 for none.                                                                 *)
Seen(x) == IF x.w < 0 THEN 0 ELSE x.w
None == [w |-> 0, v |-> 0]
NoMarks == [i \in Ids |-> 0]

Position(s) == [ver |-> ver[s], tok |-> IF s = Traveller THEN era ELSE 0]
Remembers(s, t) == Mutant = "counters-only" \/ ~(s = Traveller /\ era = 2 /\ t = 1)
Lacks(s, seen) == ~Remembers(s, seen.tok) \/ ver[s] < seen.ver
Back == [s \in Stores |-> Lacks(s, ent[Other(s)].seen)]
(* A noted position is replaced by one whose token was written before the store was asked, once
   more, whether it still has the old one.                                                    *)
Onward(s, noted) == Mutant = "note-without-looking" \/ ~Lacks(s, noted)
SameControl(a, b) == a.st = b.st /\ a.ep = b.ep /\ a.conf = b.conf /\ a.mir = b.mir

Init ==
    LET none == [ver |-> 0, tok |-> 0] IN
    /\ ent = [s \in Stores |->
         IF s = "J" THEN [st |-> "active", ep |-> 1, conf |-> TRUE, mir |-> "off", seen |-> none]
         ELSE [st |-> "mirror", ep |-> 1, conf |-> FALSE, mir |-> "off", seen |-> none]]
    /\ data = [s \in Stores |-> [i \in Ids |-> None]]
    /\ ver = [s \in Stores |-> 0]
    /\ pend = [s \in Stores |-> NoMarks]
    /\ run = {} /\ net = {} /\ h = Down
    /\ era = 0 /\ copy = <<>> /\ aside = {} /\ excused = {}
    /\ last = [i \in Ids |-> 0]
    /\ starts = 0 /\ writes = 0 /\ lost = 0 /\ fails = 0

-----------------------------------------------------------------------------
(* Writes. *)
Wrote(s, i, w, marked) ==
    /\ data' = [data EXCEPT ![s][i] = [w |-> w, v |-> ver[s] + 1]]
    /\ ver' = [ver EXCEPT ![s] = @ + 1]
    /\ pend' = [pend EXCEPT ![s][i] = IF marked THEN ver[s] + 1 ELSE @]
    /\ last' = [last EXCEPT ![i] = w]
    /\ excused' = excused \ {i}

WriteJ(i, w) ==
    /\ h.pc = "serving" /\ h.want = "J" /\ Serving(ent["J"])
    /\ writes < MaxWrites /\ (w > 0 \/ data["J"][i].w > 0)
    /\ Wrote("J", i, w, ent["J"].mir # "off")
    /\ writes' = writes + 1
    /\ UNCHANGED <<ent, run, net, h, era, copy, aside, starts, lost, fails>>

BeginP(i, w) ==
    /\ Serving(ent["P"])
    /\ writes < MaxWrites /\ (w > 0 \/ data["P"][i].w > 0)
    /\ \A r \in run : r.i # i        \* the second of two to one row waits for the first
    /\ run' = run \union {[i |-> i, w |-> w, write |-> TRUE, marked |-> ent["P"].mir # "off"]}
    /\ writes' = writes + 1
    /\ UNCHANGED <<ent, data, ver, pend, net, h, travel, aside, last, starts, lost, fails>>

CommitP(r) ==
    /\ run' = run \ {r}
    /\ IF r.write THEN Wrote("P", r.i, r.w, r.marked)
       ELSE /\ data' = [data EXCEPT !["P"][r.i] = r.w]
            /\ UNCHANGED <<ver, pend, last, excused>>
    /\ UNCHANGED <<ent, net, h, era, copy, aside, budget>>

(* What was lost sight of reaches P: fenced by what it expects there. *)
Land(m) ==
    /\ net' = net \ {m}
    /\ IF m.kind = "cas"
       THEN /\ ent' = IF SameControl(ent["P"], m.old) THEN [ent EXCEPT !["P"] = m.new] ELSE ent
            /\ UNCHANGED run
       ELSE /\ run' = IF ent["P"].st = "receiving" /\ ent["P"].ep = m.ep
                      THEN run \union {[i |-> m.i, w |-> m.w, write |-> FALSE, marked |-> FALSE]}
                      ELSE run
            /\ UNCHANGED ent
    /\ UNCHANGED <<data, ver, pend, h, travel, aside, last, budget>>

-----------------------------------------------------------------------------
(* A start: it takes the lock, looks, carries out a verdict, looks again. *)
Start(w, m) ==
    /\ h.pc = "down" /\ starts < MaxStarts
    /\ h' = [Down EXCEPT !.pc = "look", !.want = w, !.mir = m]
    /\ starts' = starts + 1
    /\ UNCHANGED <<ent, data, ver, pend, run, net, travel, aside, last, writes, lost, fails>>

Go(to, todo) == h' = [h EXCEPT !.pc = "go", !.to = to, !.todo = todo, !.see = ent,
                               !.n = 1 + Max(ent["J"].ep, ent["P"].ep)]
Changing == LET all == <<"seal", "receive", "quiesce", "note", "copy", "activate", "hand over", "confirm">>
            IN IF Mutant = "no-seal" THEN Tail(all) ELSE all
Finishing == IF Mutant = "sealed-first" THEN Changing
             ELSE <<"receive", "seal", "quiesce", "note", "copy", "activate", "hand over", "confirm">>
Reopening == IF Mutant = "sealed-first" THEN <<"reactivate", "receive", "hand over", "confirm">>
             ELSE IF Mutant = "reopen-leaves-receiving" THEN <<"receive", "reactivate", "confirm">>
             ELSE <<"receive", "reactivate", "hand over", "confirm">>
Confirming == <<"hand over", "confirm">>

LookAtBoth ==
    /\ h.pc = "look"
    /\ LET d == TwoLedgers(h.want, ent, Back) IN
       CASE d.v = "refuse"  -> h' = Down
         [] d.v = "change"  -> Go(d.s, Changing)
         [] d.v = "finish"  -> Go(d.s, Finishing)
         [] d.v = "reopen"  -> Go(d.s, Reopening)
         [] d.v = "confirm" -> Go(d.s, Confirming)
         [] d.v = "serve"   -> Go(d.s, <<"mirroring", "follow">>)
    /\ UNCHANGED <<ent, data, ver, pend, run, net, travel, aside, last, budget>>

(* P does not answer: JSON serves if it is active and confirmed. Nothing else is decided alone. *)
LookAlone ==
    /\ h.pc = "look" /\ fails < MaxFails /\ fails' = fails + 1
    /\ LET alone == Mutant = "unconfirmed-alone" /\ ent[h.want].st = "active" IN
       /\ h' = IF (h.want = "J" /\ Serving(ent["J"])) \/ alone THEN [h EXCEPT !.pc = "serving"] ELSE Down
       /\ ent' = IF alone THEN [ent EXCEPT ![h.want].conf = TRUE] ELSE ent
    /\ UNCHANGED <<data, ver, pend, run, net, travel, aside, last, starts, writes, lost>>

Step == Head(h.todo)
From == Other(h.to)
Next1 == [h EXCEPT !.todo = Tail(@), !.pc = IF Len(h.todo) > 1 THEN "go" ELSE IF h.leave THEN "down" ELSE "look"]
Again == IF h.leave THEN Down ELSE [h EXCEPT !.pc = "look", !.todo = <<>>, !.see = <<>>]
Rest == UNCHANGED <<data, pend, run, travel, aside, last, starts, writes, fails>>

(* Compare-and-set of s; new versions count from v on. What goes to P may be lost sight of. *)
CompareAndSet(s, new, v) ==
    \/ /\ SameControl(ent[s], h.see[s])
       /\ ent' = [ent EXCEPT ![s] = new]
       /\ ver' = [ver EXCEPT ![s] = Max(@, v)]
       /\ h' = LET x == [Next1 EXCEPT !.see = [h.see EXCEPT ![s] = new]] IN
               IF x.pc = "go" THEN x ELSE IF x.pc = "down" THEN Down ELSE [x EXCEPT !.see = <<>>]
       /\ UNCHANGED <<net, lost>> /\ Rest
    \/ /\ ~SameControl(ent[s], h.see[s])
       /\ h' = Again /\ UNCHANGED <<ent, ver, net, lost>> /\ Rest
    \/ /\ s = "P" /\ lost < MaxLost /\ lost' = lost + 1
       /\ net' = net \union {[kind |-> "cas", old |-> h.see["P"], new |-> new]}
       /\ h' \in {Again, Down}
       /\ UNCHANGED <<ent, ver>> /\ Rest
Skip == h' = (IF Len(h.todo) > 1 THEN Next1 ELSE IF h.leave THEN Down ELSE [Next1 EXCEPT !.see = <<>>])
        /\ UNCHANGED <<ent, ver, net, lost>> /\ Rest

With(e, st, n) == [e EXCEPT !.st = st, !.ep = n, !.conf = FALSE]

LedgerStep ==
    /\ h.pc = "go"
    /\ \/ Step = "seal" /\ CompareAndSet(From, With(h.see[From], "sealed", h.n), 0)
       \/ /\ Step = "receive"        \* of a reopening: into the one that is not to be active
          /\ LET r == IF \E k \in DOMAIN h.todo : h.todo[k] = "activate" THEN h.to ELSE From IN
             IF Onward(Other(r), h.see[r].seen)
             THEN CompareAndSet(r, [With(h.see[r], "receiving", h.n) EXCEPT !.seen = Position(Other(r))],
                                ver[Other(r)])
             ELSE h' = Down /\ UNCHANGED <<ent, ver, net, lost>> /\ Rest
       \/ /\ Step = "activate"
          /\ CompareAndSet(h.to, [With(h.see[h.to], "active", h.n)
                EXCEPT !.mir = IF h.mir THEN "on" ELSE "off",
                       !.seen = IF Mutant = "activation-notes-anew" THEN Position(From) ELSE h.see[h.to].seen],
                ver[From])
       \/ /\ Step = "reactivate"
          /\ CompareAndSet(h.to, [With(h.see[h.to], "active", h.n)
                EXCEPT !.mir = IF @ = "off" THEN "off" ELSE "syncing"], 0)
       \/ /\ Step = "hand over"
          /\ IF h.see[From].st \in {"handed over", "mirror"} \/ Mutant = "no-hand-over" THEN Skip
             ELSE IF h.see[From].st = "receiving" /\ ~Onward(h.to, h.see[From].seen)
               THEN h' = Down /\ UNCHANGED <<ent, ver, net, lost>> /\ Rest
             ELSE CompareAndSet(From, [With(h.see[From], "handed over", h.see[h.to].ep)
                                          EXCEPT !.seen = Position(h.to)], 0)
       \/ Step = "confirm" /\ CompareAndSet(h.to, [h.see[h.to] EXCEPT !.conf = TRUE], 0)

Quiesce ==
    /\ h.pc = "go" /\ Step = "quiesce"
    /\ run = {} \/ Mutant = "no-quiesce"
    /\ h' = IF Lacks(From, h.see[h.to].seen) THEN Down ELSE Next1
    /\ UNCHANGED <<ent, ver, net, lost>> /\ Rest

Note ==
    /\ h.pc = "go" /\ Step = "note"
    /\ LET ours == ent[h.to].ep = h.see[h.to].ep
           onward == Onward(From, h.see[h.to].seen) IN
       /\ h' = IF ~onward THEN Down
                ELSE IF ours THEN [Next1 EXCEPT !.see[h.to].seen = Position(From)] ELSE Again
       /\ ent' = IF ours /\ onward THEN [ent EXCEPT ![h.to].seen = Position(From)] ELSE ent
    /\ UNCHANGED <<ver, net, lost>> /\ Rest

(* Everything is compared; what differs without being pending is saved aside first. *)
ToCopy == IF Mutant = "copy-pending-only" /\ h.see[From].mir = "on" THEN {i \in Ids : pend[From][i] > 0} ELSE Ids
Copied(ids) ==
    /\ data' = [data EXCEPT ![h.to] = [i \in Ids |-> IF i \in ids THEN data[From][i] ELSE @[i]]]
    /\ aside' = aside \union {<<i, data[h.to][i].w>> :
          i \in {j \in ids : /\ data[h.to][j].w > 0 /\ data[h.to][j].w # Seen(data[From][j])
                           /\ \/ pend[From][j] = 0
                              \/ data[h.to][j].v > pend[From][j] /\ Mutant # "pending-explains-all"}}
Receives == ent[h.to].st = "receiving" /\ ent[h.to].ep = h.see[h.to].ep
(* Looked at once more with the snapshot that is copied open. *)
Whole == ~Lacks(From, h.see[h.to].seen) \/ Mutant = "copy-without-looking"
Copy ==
    /\ h.pc = "go" /\ Step = "copy"
    /\ IF ~Whole THEN h' = Down /\ UNCHANGED <<data, aside, pend>>
       ELSE IF Receives
       THEN Copied(ToCopy) /\ h' = Next1 /\ pend' = [pend EXCEPT ![h.to] = NoMarks]
       ELSE h' = Again /\ UNCHANGED <<data, aside, pend>>
    /\ UNCHANGED <<ent, ver, run, net, travel, last, budget>>
TornCopy ==                          \* a crash in the middle, one statement still on its way
    /\ h.pc = "go" /\ Step = "copy" /\ Receives /\ Whole /\ lost < MaxLost /\ lost' = lost + 1
    /\ \E i \in Ids :
         /\ Copied(Ids \ {i})
         /\ net' = IF h.to = "P" THEN net \union {[kind |-> "load", ep |-> h.n, i |-> i, w |-> data[From][i]]} ELSE net
    /\ h' = Down
    /\ UNCHANGED <<ent, ver, pend, run, travel, last, starts, writes, fails>>

(* A step of a change that fails, the process alive: it reopens what it sealed, then the start ends. *)
Fail ==
    /\ h.pc = "go" /\ fails < MaxFails /\ fails' = fails + 1
    /\ h' = IF "copy" \in {h.todo[k] : k \in DOMAIN h.todo} THEN [h EXCEPT !.pc = "failed"] ELSE Down
    /\ UNCHANGED <<ent, data, ver, pend, run, net, travel, aside, last, starts, writes, lost>>
ReopenOnFailure ==
    /\ h.pc = "failed"
    /\ h' = IF ent[From].st = "sealed" /\ ent[h.to].st # "active"
               /\ (~Back[From] \/ Mutant = "reopen-without-looking")
            THEN [h EXCEPT !.pc = "go", !.to = From, !.todo = Reopening, !.see = ent, !.leave = TRUE,
                           !.n = 1 + Max(ent["J"].ep, ent["P"].ep)]
            ELSE Down
    /\ UNCHANGED <<ent, data, ver, pend, run, net, travel, aside, last, budget>>

-----------------------------------------------------------------------------
(* Serving, and the mirror as one step; Mirror.tla takes it apart. *)
Mirroring ==
    /\ h.pc = "go" /\ Step = "mirroring"
    /\ LET old == h.see[h.to].mir
           new == IF ~h.mir THEN "off"
                  ELSE IF old = "off" \/ MayDiffer(h.to, ent, Back) THEN "syncing" ELSE old IN
       IF new = old THEN Skip ELSE CompareAndSet(h.to, [h.see[h.to] EXCEPT !.mir = new], 0)
Follow ==
    /\ h.pc = "go" /\ Step = "follow"
    /\ LET s == h.to  o == Other(h.to)
           follows == h.see[o].st = "mirror" /\ h.see[o].ep = h.see[s].ep
           noted == [ent EXCEPT ![o].seen = Position(s)] IN
       IF ~SameControl(ent[o], h.see[o]) THEN h' = Again /\ UNCHANGED ent
       ELSE IF (h.mir \/ s = "P") /\ ~Onward(s, ent[o].seen) THEN h' = Down /\ UNCHANGED ent
       ELSE /\ h' = [Down EXCEPT !.pc = "serving", !.want = s, !.mir = h.mir]
            /\ ent' = IF h.mir /\ ~follows
                       THEN [noted EXCEPT ![o] = [With(@, "mirror", h.see[s].ep) EXCEPT !.mir = "off"]]
                       ELSE IF h.mir \/ s = "P" THEN noted ELSE ent
    /\ UNCHANGED <<ver, net, lost>> /\ Rest

InStep(s) == ~Back[s] /\ ver[Other(s)] <= ver[s]
Differ == {i \in Ids : Seen(data["J"][i]) # Seen(data["P"][i])}
Mirror ==
    /\ h.pc = "serving" /\ h.mir
    /\ LET s == h.want  o == Other(s) IN
       /\ Serving(ent[s]) /\ ent[o].st = "mirror" /\ ent[o].ep = ent[s].ep /\ ent[s].mir # "off"
       /\ InStep(s) /\ run = {}
       /\ \/ /\ pend[s] # NoMarks
             /\ data' = [data EXCEPT ![o] = [i \in Ids |-> IF pend[s][i] > 0 THEN data[s][i] ELSE @[i]]]
             /\ ver' = [ver EXCEPT ![o] = ver[s]]
             /\ pend' = [pend EXCEPT ![s] = NoMarks]
             /\ UNCHANGED ent
          \/ /\ Back[o] \/ ent[s].mir = "syncing"
             /\ pend' = [pend EXCEPT ![s] = [i \in Ids |-> IF i \in Differ THEN ver[s] + 1 ELSE @[i]]]
             /\ ver' = [ver EXCEPT ![s] = IF Differ = {} THEN @ ELSE @ + 1]
             /\ ent' = [ent EXCEPT ![s].mir = "on", ![s].seen = Position(o)]
             /\ UNCHANGED data
          \/ /\ ~Back[o] /\ ent[s].mir = "on"  \* each notes how far the other is
             /\ ent' = [ent EXCEPT ![s].seen = Position(o), ![o].seen = Position(s)]
             /\ ent' # ent
             /\ UNCHANGED <<data, ver, pend>>
    /\ UNCHANGED <<run, net, h, travel, aside, last, budget>>

Crash ==
    /\ h.pc # "down" /\ h' = Down
    /\ UNCHANGED <<ent, data, ver, pend, run, net, travel, aside, last, budget>>

-----------------------------------------------------------------------------
(* Going back in time. *)
PutBy ==
    /\ Traveller # "none" /\ era = 0 /\ era' = 1
    /\ copy' = [ent |-> ent[Traveller], data |-> data[Traveller], ver |-> ver[Traveller], pend |-> pend[Traveller],
                quiet |-> run = {}]
    /\ UNCHANGED <<ent, data, ver, pend, run, net, h, aside, last, excused, budget>>
(* The copy is of a sealed store nobody wrote to any more, or the other store has noted a token
   since it was made, or, with Window, has not yet.                                            *)
PutBack ==
    /\ era = 1 /\ (Window \/ ent[Other(Traveller)].seen.tok = 1 \/ (copy.ent.st = "sealed" /\ copy.quiet))
    /\ (Traveller = "J" => h.pc = "down") /\ era' = 2
    /\ ent' = [ent EXCEPT ![Traveller] = copy.ent]
    /\ data' = [data EXCEPT ![Traveller] = copy.data]
    /\ pend' = [pend EXCEPT ![Traveller] = copy.pend]
    /\ \E j \in Jump : ver' = [ver EXCEPT ![Traveller] = copy.ver + j]
    /\ run' = IF Traveller = "P" THEN {} ELSE run
    /\ excused' = {i \in Ids : last[i] \notin {data'["J"][i].w, data'["P"][i].w} /\ <<i, last[i]>> \notin aside}
    /\ copy' = <<>>
    /\ UNCHANGED <<net, h, aside, last, budget>>

Over == starts = MaxStarts /\ h.pc = "down" /\ run = {} /\ net = {} /\ UNCHANGED vars

Next ==
    \/ \E i \in Ids, w \in {writes + 1, -writes - 1} : WriteJ(i, w) \/ BeginP(i, w)
    \/ \E r \in run : CommitP(r)
    \/ \E m \in net : Land(m)
    \/ \E w \in Stores, m \in Mirrored : Start(w, m)
    \/ LookAtBoth \/ LookAlone \/ LedgerStep \/ Quiesce \/ Note \/ Copy \/ TornCopy
    \/ Fail \/ ReopenOnFailure \/ Mirroring \/ Follow \/ Mirror \/ Crash
    \/ PutBy \/ PutBack \/ Over
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
Holds(s) == \A i \in Ids : data[s][i].w = last[i]

NoSplitBrain == era < 2 => ~(Serving(ent["J"]) /\ Serving(ent["P"]))

(* Whoever reads from a store that serves sees the last write that committed anywhere. *)
ServedIsComplete == era < 2 => \A s \in Stores : Serving(ent[s]) => Holds(s)

(* What committed is in a store that is, or can again become, the authority. *)
AcknowledgedIsDurable ==
    era < 2 => \E s \in Stores : ent[s].st \in {"active", "sealed"} /\ Holds(s)

(* Also after a store went back: what the other one has newer is not overwritten, or saved aside. *)
NothingOverwrittenInSilence ==
    \A i \in Ids \ excused : last[i] > 0 =>
        last[i] \in {data["J"][i].w, data["P"][i].w} \/ <<i, last[i]>> \in aside

(* Wherever the stores differ the id is pending, unless both ledgers show that the mirror missed something. *)
MirrorOnMeansPendingOrEqual ==
    \A s \in Stores : Serving(ent[s]) /\ ent[s].mir = "on" /\ ~Back[s] /\ ~MayDiffer(s, ent, Back)
        => \A i \in Differ : pend[s][i] > 0

(* A store that lost in this way what nobody else has is not served by a start that sees both. *)
GoingBackIsNoticed ==
    era = 2 /\ excused # {} => \A w \in Stores : TwoLedgers(w, ent, Back).v = "refuse"

(* As long as no store went back, any start with both stores leads to a store that serves. *)
NotBothSealedForever == era < 2 => \A w \in Stores : TwoLedgers(w, ent, Back).v # "refuse"
=============================================================================
