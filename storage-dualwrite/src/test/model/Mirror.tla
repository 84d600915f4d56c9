------------------------------- MODULE Mirror -------------------------------
(* Rules 3 to 6: what an authority writes reaches its mirror, and mirroring "on"
   can be relied upon. The epoch stays; Authority.tla moves it. Both directions
   at once: statements to the authority are in flight for a while and may
   outlive their client (PostgreSQL leads), applies to the mirror may too
   (PostgreSQL follows), and the mirror forgets what it was not told to force:
   JSON with its process, PostgreSQL when its server is killed, of which the
   worker need not notice anything. An apply holds the ledger's row, so it lands in one step; a
   write, an acknowledgement or a mark reads the ledger when it begins and
   takes effect when it commits.

   A record is the version of the write that made it or, negative, deleted it;
   the code cannot tell one absence from another.                            *)
EXTENDS Integers

CONSTANTS Ids, MaxWrites, MaxWorkers, MaxFlips, MaxRetries, MaxEdits, MaxKills, Mutant

VARIABLES prim, ver, mark,            \* the authority: records, last version given, pending marks
          mir, term,                  \* its ledger entry
          mirr, forced, mterm, seq,   \* the mirror: records, those on disk, its term, its last apply
          fseq,                       \* and that on disk
          run, late,                  \* statements begun in the authority; on their way to either
          handed,                     \* written, marked, and not handed over yet
          w,                          \* the worker, who holds the directory's lock
          writes, workers, flips, retries, edits, kills
vars == <<prim, ver, mark, mir, term, mirr, forced, mterm, seq, fseq, run, late, handed, w,
          writes, workers, flips, retries, edits, kills>>
authority == <<prim, ver, mark>>
ledger == <<mir, term>>
mirror == <<mirr, forced, mterm, seq, fseq>>
budget == <<writes, workers, flips, retries, edits, kills>>

Max(a, b) == IF a > b THEN a ELSE b
Seen(x) == IF x < 0 THEN 0 ELSE x
Differ(i) == Seen(prim[i]) # Seen(mirr[i])
Each(x) == [i \in Ids |-> x]
OnDisk(n) == IF MaxKills = 0 THEN 0 ELSE n
Down == [pc |-> "down", term |-> 0, n |-> 0, left |-> {}, floor |-> 0, applied |-> Each(0),
         unacked |-> {}, ans |-> 0, todo |-> [i |-> 0, x |-> 0, m |-> 0]]

Init ==
    /\ prim = Each(0) /\ ver = 0 /\ mark = Each(0) /\ mir = "off" /\ term = 0
    /\ mirr = Each(0) /\ forced = Each(0) /\ mterm = 0 /\ seq = 0 /\ fseq = 0
    /\ run = {} /\ late = {} /\ handed = {} /\ w = Down
    /\ writes = 0 /\ workers = 0 /\ flips = 0 /\ retries = 0 /\ edits = 0 /\ kills = 0

-----------------------------------------------------------------------------
(* Writers of any instance: the ledger decides whether a mark is set, not their flags. *)
BeginWrite(i, del) ==
    /\ writes < MaxWrites /\ (del => prim[i] > 0)
    /\ \A r \in run : r.k # "write" \/ r.i # i
    /\ \E marked \in (IF Mutant = "flags-decide" THEN BOOLEAN ELSE {mir # "off"}) :
         run' = run \union {[k |-> "write", i |-> i, del |-> del, marked |-> marked]}
    /\ writes' = writes + 1
    /\ UNCHANGED <<authority, ledger, mirror, late, handed, w, workers, flips, retries, edits, kills>>

Commit(r) ==
    /\ run' = run \ {r}
    /\ CASE r.k = "write" ->
              /\ ver' = ver + 1
              /\ prim' = [prim EXCEPT ![r.i] = IF r.del THEN -ver' ELSE ver']
              /\ mark' = [mark EXCEPT ![r.i] = IF ~r.marked \/ (Mutant = "do-nothing" /\ @ > 0)
                                               THEN @ ELSE ver']
              /\ handed' = IF r.marked THEN handed \union {[i |-> r.i, x |-> prim'[r.i], m |-> ver']}
                           ELSE handed
         [] r.k = "ack" ->
              /\ mark' = [mark EXCEPT ![r.i] = IF @ = r.m \/ Mutant = "ack-any-version" THEN 0 ELSE @]
              /\ UNCHANGED <<prim, ver, handed>>
         [] r.k = "mark" ->             \* a fresh version, whether it was pending or not
              /\ IF Mutant = "mark-own-version"
                 THEN ver' = ver /\ mark' = [mark EXCEPT ![r.i] = Max(@, Max(1, Seen(prim[r.i])))]
                 ELSE ver' = ver + 1 /\ mark' = [mark EXCEPT ![r.i] = ver']
              /\ UNCHANGED <<prim, handed>>
    /\ UNCHANGED <<ledger, mirror, late, w, budget>>

(* Statements of a worker to the authority name its term; it waits for their answer. *)
Idle == w.pc = "session" /\ \A r \in run : r.k # "write" => r.term # w.term
Fenced(t) == term # t /\ Mutant # "fence-without-term"

(* Starts: mirroring ends only while no worker is there; it begins again with syncing, under a
   new term, so that a change still on its way meets another entry.                          *)
Flip ==
    /\ w.pc = "down" /\ flips < MaxFlips /\ flips' = flips + 1
    /\ IF mir = "off"
       THEN /\ mir' = IF Mutant = "two-states" THEN "on" ELSE "syncing"
            /\ term' = IF Mutant = "syncing-same-term" THEN term ELSE term + 1
       ELSE mir' = "off" /\ UNCHANGED term
    /\ UNCHANGED <<authority, mirror, run, late, handed, w, writes, workers, retries, edits, kills>>

-----------------------------------------------------------------------------
(* A session: it raises the term in both stores and waits for what is in flight. *)
Open ==
    /\ w.pc \in {"down", "session", "applying"} /\ mir # "off" /\ workers < MaxWorkers
    /\ workers' = workers + 1
    /\ w' = [Down EXCEPT !.pc = "mirror's term",
             !.term = IF Mutant = "same-term" THEN Max(1, Max(term, mterm)) ELSE 1 + Max(term, mterm)]
    /\ UNCHANGED <<authority, ledger, mirror, run, late, handed, writes, flips, retries, edits, kills>>
RaiseMirror ==
    /\ w.pc = "mirror's term"
    /\ mterm' = w.term
    /\ seq' = IF w.term # mterm THEN 0 ELSE seq
    /\ fseq' = OnDisk(seq')
    /\ w' = [w EXCEPT !.pc = "authority's term"]
    /\ UNCHANGED <<authority, ledger, mirr, forced, run, late, handed, budget>>
Raise ==
    /\ w.pc = "authority's term"
    /\ IF mir = "off" THEN w' = Down /\ UNCHANGED term
       ELSE term' = w.term /\ w' = [w EXCEPT !.pc = "quiesce"]
    /\ UNCHANGED <<authority, mir, mirror, run, late, handed, budget>>
Quiesce ==
    /\ w.pc = "quiesce"
    /\ \/ \A r \in run : r.k # "write" /\ Mutant = "pending-table-unlocked"
       \/ run = {} \/ Mutant = "no-quiesce"
    /\ w' = [w EXCEPT !.pc = "session", !.n = seq, !.floor = ver, !.left = IF mir = "syncing" THEN Ids ELSE {}]
    /\ UNCHANGED <<authority, ledger, mirror, run, late, handed, budget>>

(* A mark and the present state, or a state as its writer hands it over: that one only if it
   cannot be older than what the mirror has. What was applied is acknowledged before marks are
   taken again.                                                                            *)
Take(i) ==
    /\ Idle /\ mark[i] > 0 /\ [i |-> i, m |-> mark[i]] \notin w.unacked
    /\ w' = [w EXCEPT !.pc = "applying", !.todo = [i |-> i, x |-> prim[i], m |-> mark[i]]]
    /\ UNCHANGED <<authority, ledger, mirror, run, late, handed, budget>>
HandOver(t) ==
    /\ Idle /\ handed' = handed \ {t}
    /\ w' = IF t.m > Max(w.floor, w.applied[t.i]) \/ Mutant = "handed-blindly"
            THEN [w EXCEPT !.pc = "applying", !.todo = t] ELSE w
    /\ UNCHANGED <<authority, ledger, mirror, run, late, budget>>

(* The worker numbers its applies; one that is tried again gets a higher number, and the mirror
   takes only higher numbers.                                                              *)
Lands(a) == a.term = mterm /\ (a.n > seq \/ Mutant = "no-apply-numbers")
(* A server that was killed lacks the last that was answered for: the session ends, everything is pending. *)
Lacks == seq < w.ans
Retry ==
    /\ w.pc = "applying" /\ retries < MaxRetries /\ retries' = retries + 1
    /\ late' = late \union {[k |-> "apply", term |-> w.term, n |-> w.n + 1, i |-> w.todo.i, x |-> w.todo.x]}
    /\ w' = [w EXCEPT !.n = @ + 1]
    /\ UNCHANGED <<authority, ledger, mirror, run, handed, writes, workers, flips, edits, kills>>
LooksAtNumbers == Mutant # "force-without-number"
Ends ==
    /\ w.pc \in {"applying", "session"} /\ Lacks /\ LooksAtNumbers
    /\ w' = Down
    /\ UNCHANGED <<authority, ledger, mirror, run, late, handed, budget>>
Apply ==
    /\ w.pc = "applying" /\ w.term = mterm /\ ~(Lacks /\ LooksAtNumbers)
    /\ mirr' = IF w.n + 1 > seq \/ Mutant = "no-apply-numbers" THEN [mirr EXCEPT ![w.todo.i] = w.todo.x] ELSE mirr
    /\ seq' = Max(seq, w.n + 1)
    /\ w' = [w EXCEPT !.pc = "session", !.n = @ + 1, !.ans = OnDisk(w.n + 1), !.applied[w.todo.i] = Max(@, w.todo.m),
             !.unacked = @ \union {[i |-> w.todo.i, m |-> w.todo.m]}, !.todo = Down.todo]
    /\ UNCHANGED <<authority, ledger, forced, mterm, fseq, run, late, handed, budget>>
Acknowledge ==
    /\ Idle /\ w.unacked # {} /\ ~Fenced(w.term) /\ ~(Lacks /\ LooksAtNumbers)
    /\ forced' = IF Mutant = "ack-before-force" THEN forced ELSE mirr
    /\ fseq' = OnDisk(seq)
    /\ run' = run \union {[k |-> "ack", i |-> a.i, m |-> a.m, term |-> w.term] : a \in w.unacked}
    /\ w' = [w EXCEPT !.unacked = {}]
    /\ UNCHANGED <<authority, ledger, mirr, mterm, seq, late, handed, budget>>

(* The comparison of one id: what differs is marked. Both are looked at in one step: what changes
   in between is pending anyway.                                                              *)
Compare(i) ==
    /\ Idle /\ i \in w.left /\ ~Fenced(w.term)
    /\ w' = [w EXCEPT !.left = @ \ {i}]
    /\ run' = IF Differ(i) THEN run \union {[k |-> "mark", i |-> i, term |-> w.term]} ELSE run
    /\ UNCHANGED <<authority, ledger, mirror, late, handed, budget>>
Compared ==
    /\ Idle /\ w.left = {} /\ mir = "syncing" /\ term = w.term
    /\ \/ mir' = "on" /\ UNCHANGED <<late, w>>
       \/ /\ late' = late \union {[k |-> "on", term |-> w.term]} /\ w' = Down /\ UNCHANGED mir
    /\ UNCHANGED <<authority, term, mirror, run, handed, budget>>

Arrive(m) ==
    /\ late' = late \ {m}
    /\ IF m.k = "on"
       THEN /\ mir' = IF mir = "syncing" /\ ~Fenced(m.term) THEN "on" ELSE mir
            /\ UNCHANGED <<mirr, seq>>
       ELSE /\ mirr' = IF Lands(m) THEN [mirr EXCEPT ![m.i] = m.x] ELSE mirr
            /\ seq' = IF Lands(m) THEN Max(seq, m.n) ELSE seq
            /\ UNCHANGED mir
    /\ UNCHANGED <<authority, term, forced, mterm, fseq, run, handed, w, budget>>

(* The process dies: what it was about to apply may still arrive, what JSON did not force is gone. *)
Crash ==
    /\ w.pc # "down" /\ w' = Down /\ handed' = {}
    /\ late' = IF w.pc = "applying"
               THEN late \union {[k |-> "apply", term |-> w.term, n |-> w.n + 1, i |-> w.todo.i, x |-> w.todo.x]}
               ELSE late
    /\ mirr' \in {mirr, forced}
    /\ UNCHANGED <<authority, ledger, forced, mterm, seq, fseq, run, budget>>

(* The mirror's server dies and is there again, and nobody notices: what it had not forced is gone. *)
Kill ==
    /\ kills < MaxKills /\ kills' = kills + 1
    /\ mirr' = forced /\ seq' = fseq
    /\ UNCHANGED <<authority, ledger, forced, mterm, fseq, run, late, handed, w, writes, workers, flips, retries, edits>>

(* The mirror is edited behind our back, before the comparison comes by. *)
Edit(i) ==
    /\ edits < MaxEdits /\ edits' = edits + 1
    /\ w.pc = "session" /\ i \in w.left
    /\ mirr' = [mirr EXCEPT ![i] = 0] /\ forced' = [forced EXCEPT ![i] = 0]
    /\ UNCHANGED <<authority, ledger, mterm, seq, fseq, run, late, handed, w, writes, workers, flips, retries, kills>>

Over == workers = MaxWorkers /\ w.pc = "down" /\ run = {} /\ late = {} /\ UNCHANGED vars
Next ==
    \/ \E i \in Ids : Take(i) \/ Compare(i) \/ Edit(i) \/ \E d \in BOOLEAN : BeginWrite(i, d)
    \/ \E r \in run : Commit(r)
    \/ \E t \in handed : HandOver(t)
    \/ \E m \in late : Arrive(m)
    \/ Flip \/ Open \/ RaiseMirror \/ Raise \/ Quiesce \/ Retry \/ Apply \/ Acknowledge \/ Compared
    \/ Crash \/ Kill \/ Ends \/ Over
Spec == Init /\ [][Next]_vars

-----------------------------------------------------------------------------
(* Wherever the stores differ, the id is pending; also on the mirror's disk. *)
MirrorOnMeansPendingOrEqual ==
    mir = "on" => \A i \in Ids :
        mark[i] > 0 \/ (Seen(prim[i]) = Seen(mirr[i]) /\ Seen(prim[i]) = Seen(forced[i]))

(* What is deleted and not pending is not in the mirror. *)
DeletedStaysDeleted ==
    mir = "on" => \A i \in Ids : prim[i] < 0 /\ mark[i] = 0 => mirr[i] <= 0
=============================================================================
