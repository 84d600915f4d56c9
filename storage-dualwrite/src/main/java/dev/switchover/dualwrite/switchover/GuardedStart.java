package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Observation;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.LedgerEntry;
import java.util.List;

/**
 * Starts collections: looks at both stores, asks the guard, carries out its verdict, and looks again until the wanted store is
 * active, confirmed and served, or the start is refused. A crash anywhere is taken up by the next start, in either direction.
 *
 * <p>Nothing here needs to be closed. Used by one thread at a time.
 */
public final class GuardedStart {

    /** A verdict leads to the next in a few turns; more than these means that others keep changing the ledgers. */
    private static final int TURNS = 20;

    private final Lookout lookout;
    private final GuardOptions options;
    private final AuthorityChange change;
    private final Contact contact;
    private final Serving serving;
    private final Surroundings surroundings;
    private final MirrorSettings mirror;
    /** Whether a verdict that would make another store the authority is not carried out. */
    private final boolean keepsAuthority;

    /**
     * @param json with its lock, or who has it
     * @param database whether it answers or not
     */
    public GuardedStart(Attached json, Attached database, SwitchoverSettings settings, Surroundings surroundings) {
        Reconciler reconciler = new Reconciler();
        AsideFiles aside = surroundings.aside();
        StartLog log = surroundings.log();
        this.surroundings = surroundings;
        this.lookout = new Lookout(json, database);
        this.options = new GuardOptions(settings.startStale(), settings.force(), settings.adopt());
        this.change = new AuthorityChange(reconciler, surroundings, settings.switchTimeout());
        this.contact = new Contact(reconciler, aside, settings.switchTimeout(), log);
        this.serving = new Serving(settings.switchTimeout(), log);
        this.mirror = MirrorSettings.DEFAULTS.withDeadlines(settings.switchTimeout(), settings.closeTimeout());
        this.keepsAuthority = false;
    }

    private GuardedStart(GuardedStart of) {
        this.surroundings = of.surroundings;
        this.lookout = of.lookout;
        this.options = GuardOptions.NONE;
        this.change = of.change;
        this.contact = of.contact;
        this.serving = of.serving;
        this.mirror = of.mirror;
        this.keepsAuthority = true;
    }

    /**
     * The same for an instance that has served already and does so again: the wanted store must be the authority still. Neither a
     * change of authority nor what the operator allowed the first start is done, and {@link #start} throws {@link FencedException}
     * instead.
     */
    public GuardedStart keepingTheAuthority() {
        return new GuardedStart(this);
    }

    /**
     * Starts one collection. When it returns {@link Started.Serving}, everything the former authority acknowledged is in the
     * primary, and the primary takes this instance's writes.
     *
     * @throws StartRefusedException with code, facts and remedy; what was sealed on the way is open again, or taken up by the
     *     next start
     * @throws FencedException if {@link #keepingTheAuthority} and another store is, or is about to be, the authority
     * @throws StoreUnavailableException if {@link #keepingTheAuthority} and a store that has to be asked does not answer; it can
     *     be tried again
     */
    public Started start(CollectionSchema<?, ?> schema, Phase wanted) {
        Preparation preparation = new Preparation(surroundings, serving, mirror, options);
        boolean started = false;
        try {
            Started how = start(schema, wanted, preparation);
            started = true;
            return how;
        } finally {
            if (!started) {
                takeBack(schema, wanted, preparation);
            }
        }
    }

    private void takeBack(CollectionSchema<?, ?> schema, Phase wanted, Preparation preparation) {
        try {
            preparation.takeBack(schema, () -> lookout.look(schema, wanted));
        } catch (StorageException | LostRaceException e) {
            surroundings
                    .log()
                    .warn(
                            schema.name(),
                            "PostgreSQL may still record what is pending; the next start ends it: " + e.getMessage());
        }
    }

    private Started start(CollectionSchema<?, ?> schema, Phase wanted, Preparation preparation) {
        for (int i = 0; i < TURNS; i++) {
            Turn turn = lookout.look(schema, wanted);
            Verdict verdict = Guard.decide(wanted, turn.json(), turn.database(), options);
            if (keepsAuthority && !verdict.keeps(wanted.primary())) {
                requireKnown(turn, wanted.primary().other());
                if (!(verdict instanceof Verdict.Refuse)) {
                    throw changed(turn);
                }
            }
            try {
                if (verdict instanceof Verdict.Serve serve) {
                    return serving.serve(turn, serve.authority(), serve.compareAgain());
                }
                if (verdict instanceof Verdict.ServeStale stale) {
                    return new Started.Stale(wanted, stale.reason());
                }
                if (verdict instanceof Verdict.ChangeAuthority step && !preparation.isDone()) {
                    preparation.prepare(turn, step.from(), step.to());
                    continue;
                }
                carryOut(turn, verdict);
            } catch (LostRaceException | FencedException | UnknownOutcomeException e) {
                // Somebody else was faster, or it cannot be known whether we were: the ledgers tell.
                continue;
            } catch (StoreUnavailableException e) {
                throw keepsAuthority ? e : interrupted(schema, e);
            }
        }
        throw noProgress(schema);
    }

    /** Who has served already can wait, and need not decide by half of what there is to know. */
    private static void requireKnown(Turn turn, Store other) {
        if (turn.of(other) instanceof Observation.Unreachable) {
            throw new StoreUnavailableException(
                    other,
                    other.label() + " does not answer, and without it nobody knows who leads " + turn.collection()
                            + ": " + said(turn, other.other()),
                    null);
        }
    }

    /**
     * Makes the other store's entry that of a mirror of the serving one, after the same checks as at start: for a mirror that
     * appears later. Both stores must be open, JSON with its lock.
     *
     * @return the authority's entry; its mirroring says whether everything has to be compared
     * @throws StartRefusedException if the stores do not belong together; mirroring stays away
     * @throws FencedException if the store is no longer the authority, or only a new start may settle what was found
     * @throws StoreUnavailableException if a store does not answer
     */
    public LedgerEntry joinMirror(CollectionSchema<?, ?> schema, Phase phase) {
        for (int i = 0; i < TURNS; i++) {
            Turn turn = lookout.look(schema, phase);
            if (!turn.present(phase.primary().other())) {
                throw mirrorAway(phase);
            }
            if (!turn.present(phase.primary())) {
                throw new StoreUnavailableException(
                        phase.primary(), phase.primary().label() + " does not answer. It is asked again", null);
            }
            Verdict verdict = Guard.decide(phase, turn.json(), turn.database(), options);
            if (!mayHappenWhileServing(verdict)) {
                throw new FencedException(
                        schema.name(),
                        "The authority of " + schema.name() + " has changed; restart this instance. Found: " + verdict);
            }
            try {
                if (verdict instanceof Verdict.Serve serve) {
                    return joined(serving.serve(turn, serve.authority(), serve.compareAgain()));
                }
                carryOut(turn, verdict);
            } catch (LostRaceException | FencedException | UnknownOutcomeException e) {
                continue;
            }
        }
        throw noProgress(schema);
    }

    private static LedgerEntry joined(Started.Serving serving) {
        if (!serving.mirrorJoined()) {
            throw mirrorAway(serving.phase());
        }
        return serving.authority();
    }

    private static StoreUnavailableException mirrorAway(Phase phase) {
        return new StoreUnavailableException(
                phase.primary().other(), "The mirror cannot join, it does not answer. It is asked again", null);
    }

    private static boolean mayHappenWhileServing(Verdict verdict) {
        return verdict instanceof Verdict.Serve
                || verdict instanceof Verdict.Join
                || verdict instanceof Verdict.TakeBack
                || verdict instanceof Verdict.Confirm
                || verdict instanceof Verdict.Reopen
                || verdict instanceof Verdict.Refuse;
    }

    private void carryOut(Turn turn, Verdict verdict) {
        if (verdict instanceof Verdict.ChangeAuthority step) {
            change.change(turn, step.from(), step.to());
        } else if (verdict instanceof Verdict.Finish step) {
            change.finish(turn, step.to());
        } else if (verdict instanceof Verdict.Reopen step) {
            change.reopen(turn, step.store());
        } else if (verdict instanceof Verdict.Confirm step) {
            change.confirm(turn, step.authority());
        } else if (verdict instanceof Verdict.FirstContact step) {
            contact.first(turn, step.authority(), step.other());
        } else if (verdict instanceof Verdict.Join step) {
            contact.join(turn, step.mirror(), step.content());
        } else if (verdict instanceof Verdict.TakeBack step) {
            contact.takeBack(turn, step.forced());
        } else if (verdict instanceof Verdict.Force step) {
            contact.force(turn, step.store(), step.epoch());
        } else if (verdict instanceof Verdict.Refuse refuse) {
            throw refuse.toException(turn.collection());
        } else {
            throw new IllegalStateException("no step: " + verdict);
        }
    }

    private static FencedException changed(Turn turn) {
        return new FencedException(
                turn.collection(),
                "Collection " + turn.collection() + " has been switched over by another instance ("
                        + said(turn, Store.JSON) + "; " + said(turn, Store.POSTGRESQL)
                        + "); restart this instance with the flags of the phase it is to serve");
    }

    private static String said(Turn turn, Store store) {
        return store.label() + "'s ledger: "
                + turn.entry(store)
                        .map(entry -> entry.state() + ", epoch " + entry.epoch())
                        .orElse("not seen");
    }

    private static StartRefusedException interrupted(CollectionSchema<?, ?> schema, StoreUnavailableException cause) {
        return new StartRefusedException(
                "STORE-WENT-AWAY",
                List.of(
                        "collection " + schema.name(),
                        cause.store().label() + " stopped answering during the start: " + cause.getMessage()),
                "Start again when it answers; what was begun is taken up.",
                cause);
    }

    private static StartRefusedException noProgress(CollectionSchema<?, ?> schema) {
        return new StartRefusedException(
                "NO-PROGRESS",
                List.of("collection " + schema.name(), "another start kept changing the ledgers"),
                "Start one instance at a time when the phase changes, then the others.",
                null);
    }
}
