------------------------------ MODULE HandOver ------------------------------
(* Rule 11: the directory passes from one process to another. The lock may be
   lost without a trace while its holder lives, stopped or not; then the journal
   files decide, each of which is named by the term of its holder.

   Durable: files (the terms that have a file) and disk (what was forced into
   the file of each term). A newcomer claims the next term first and reads what
   is older afterwards; what older holders write from then on is cut off.     *)
EXTENDS Naturals, FiniteSets

CONSTANTS Procs, MaxTerm, MaxWrites, MaxLosses, Mutant

VARIABLES lock, p, files, disk, acked, unknown, ask, writes, losses
vars == <<lock, p, files, disk, acked, unknown, ask, writes, losses>>

Gone == [pc |-> "gone", term |-> 0, view |-> {}, writing |-> 0]
Newest == CHOOSE t \in files : \A u \in files : u <= t
Put(q, r) == p' = [p EXCEPT ![q] = r]

Init ==
    /\ lock = "nobody" /\ p = [q \in Procs |-> Gone] /\ files = {0}
    /\ disk = [t \in 0..MaxTerm |-> {}] /\ acked = {} /\ unknown = {} /\ ask = "nobody"
    /\ writes = 0 /\ losses = 0

Take(q) ==
    /\ p[q].pc \in {"gone", "waiting", "let go"} /\ lock = "nobody" /\ Newest < MaxTerm
    /\ p[q].pc = "let go" => ask = "nobody"
    /\ lock' = q /\ ask' = IF ask = q THEN "nobody" ELSE ask
    /\ Put(q, [Gone EXCEPT !.pc = IF Mutant = "read-before-claim" THEN "read" ELSE "claim"])
    /\ UNCHANGED <<files, disk, acked, unknown, writes, losses>>
Older(t) == UNION {disk[u] : u \in {v \in files : v < t}}
Claim(q) ==                          \* the file of a term is created once
    /\ p[q].pc = "claim"
    /\ LET t == IF Mutant = "read-before-claim" THEN p[q].term ELSE Newest + 1 IN
       IF t \in files \/ t > MaxTerm THEN Put(q, Gone) /\ UNCHANGED files
       ELSE /\ files' = files \union {t}
            /\ Put(q, [p[q] EXCEPT !.pc = IF Mutant = "read-before-claim" THEN "serving" ELSE "read", !.term = t])
    /\ lock' = IF lock = q /\ p'[q].pc = "gone" THEN "nobody" ELSE lock
    /\ UNCHANGED <<disk, acked, unknown, ask, writes, losses>>
Read(q) ==
    /\ p[q].pc = "read"
    /\ LET t == IF Mutant = "read-before-claim" THEN Newest + 1 ELSE p[q].term IN
       Put(q, [p[q] EXCEPT !.pc = IF Mutant = "read-before-claim" THEN "claim" ELSE "serving",
                           !.term = t, !.view = Older(t)])
    /\ UNCHANGED <<lock, files, disk, acked, unknown, ask, writes, losses>>

Owner(q) == p[q].term = Newest \/ Mutant = "no-terms"
Begin(q) ==                          \* checked before the force
    /\ p[q].pc = "serving" /\ p[q].writing = 0 /\ writes < MaxWrites /\ Owner(q)
    /\ writes' = writes + 1
    /\ Put(q, [p[q] EXCEPT !.writing = writes'])
    /\ UNCHANGED <<lock, files, disk, acked, unknown, ask, losses>>
Force(q) ==
    /\ p[q].pc \in {"serving", "ending"} /\ p[q].writing > 0 /\ p[q].writing \notin disk[p[q].term]
    /\ disk' = [disk EXCEPT ![p[q].term] = @ \union {p[q].writing}]
    /\ UNCHANGED <<lock, p, files, acked, unknown, ask, writes, losses>>
Answer(q) ==                         \* and after it, before the acknowledgement
    /\ p[q].writing > 0 /\ p[q].writing \in disk[p[q].term]
    /\ IF Owner(q) \/ Mutant = "no-check-after"
       THEN acked' = acked \union {p[q].writing} /\ UNCHANGED unknown
       ELSE unknown' = unknown \union {p[q].writing} /\ UNCHANGED acked
    /\ Put(q, [p[q] EXCEPT !.writing = 0, !.view = @ \union {p[q].writing}])
    /\ UNCHANGED <<lock, files, disk, ask, writes, losses>>

Ask(q) ==
    /\ p[q].pc = "gone" /\ ask = "nobody" /\ lock # "nobody" /\ Newest < MaxTerm
    /\ ask' = q /\ Put(q, [Gone EXCEPT !.pc = "waiting"])
    /\ UNCHANGED <<lock, files, disk, acked, unknown, writes, losses>>
Expire ==                            \* nobody came, or the newcomer died
    /\ ask # "nobody" /\ ask' = "nobody"
    /\ p' = [q \in Procs |-> IF p[q].pc = "waiting" THEN Gone ELSE p[q]]
    /\ UNCHANGED <<lock, files, disk, acked, unknown, writes, losses>>
EndWrites(q) ==
    /\ p[q].pc = "serving" /\ ask \notin {"nobody", q}
    /\ Put(q, [p[q] EXCEPT !.pc = "ending"])
    /\ UNCHANGED <<lock, files, disk, acked, unknown, ask, writes, losses>>
LetGo(q) ==
    /\ p[q].pc = "ending" /\ (p[q].writing = 0 \/ Mutant = "lets-go-at-once")
    /\ lock' = IF lock = q THEN "nobody" ELSE lock
    /\ Put(q, [p[q] EXCEPT !.pc = "let go"])
    /\ UNCHANGED <<files, disk, acked, unknown, ask, writes, losses>>

Die(q) ==
    /\ p[q].pc # "gone" /\ Put(q, Gone)
    /\ lock' = IF lock = q THEN "nobody" ELSE lock
    /\ UNCHANGED <<files, disk, acked, unknown, ask, writes, losses>>
LoseLock ==
    /\ lock # "nobody" /\ losses < MaxLosses /\ losses' = losses + 1 /\ lock' = "nobody"
    /\ UNCHANGED <<p, files, disk, acked, unknown, ask, writes>>

Over == Newest = MaxTerm /\ (\A q \in Procs : p[q].pc \in {"gone", "let go"}) /\ UNCHANGED vars
Next ==
    \/ \E q \in Procs : Take(q) \/ Claim(q) \/ Read(q) \/ Begin(q) \/ Force(q) \/ Answer(q) \/ Ask(q)
                        \/ EndWrites(q) \/ LetGo(q) \/ Die(q)
    \/ Expire \/ LoseLock \/ Over
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* The holder of the newest term knows everything that any holder acknowledged. *)
AcknowledgedIsDurable ==
    \A q \in Procs : p[q].pc = "serving" /\ p[q].term = Newest => acked \subseteq p[q].view

(* No two holders can acknowledge a write that begins now. *)
NoSplitBrain ==
    Cardinality({q \in Procs : p[q].pc = "serving" /\ Owner(q)}) <= 1
=============================================================================
