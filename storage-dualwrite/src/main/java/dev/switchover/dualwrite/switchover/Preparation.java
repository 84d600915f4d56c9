package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.guard.Guard;
import dev.switchover.dualwrite.guard.GuardOptions;
import dev.switchover.dualwrite.guard.Verdict;
import dev.switchover.dualwrite.mirror.MirrorListener;
import dev.switchover.dualwrite.mirror.MirrorSettings;
import dev.switchover.dualwrite.preflight.RecordSurvey;
import dev.switchover.dualwrite.preflight.Volume;
import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.reconcile.UnknownDrift;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingSummary;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * Rule 2, step 1: whatever can be found out or done about a change of authority while the old authority still serves. One object
 * prepares one collection in one start. Used by one thread.
 *
 * <p>Catching up is for PostgreSQL's records on their way to JSON: instances that hold no lock may be serving from the database
 * meanwhile. JSON serves nobody but the holder of its lock, which is the start itself; nothing can be saved by copying before the
 * seal what is copied right behind it.
 *
 * <p>A crash leaves, at worst, a database that records writes as pending though nobody carries them over. The next start of any
 * phase ends that: it prepares again, follows, or sets mirroring off. An instance in {@code DB_ONLY} ends it, too, once it finds
 * the directory free.
 */
final class Preparation {

    /** How often, in one start, a store may be away at the wrong moment. */
    private static final int ATTEMPTS = 4;

    private final Reconciler reconciler = new Reconciler();
    private final Surroundings surroundings;
    private final StartLog log;
    private final Serving serving;
    private final MirrorSettings mirror;
    private final GuardOptions options;
    private boolean done;
    private int attempts;
    /** Whether mirroring was off and may be on now because of us. */
    private boolean mirroringBegan;

    Preparation(Surroundings surroundings, Serving serving, MirrorSettings mirror, GuardOptions options) {
        this.surroundings = surroundings;
        this.log = surroundings.log();
        this.serving = serving;
        this.mirror = mirror;
        this.options = options;
    }

    boolean isDone() {
        return done;
    }

    /**
     * Changes no authority. Afterwards the ledgers have to be looked at again.
     *
     * @throws StartRefusedException if the change must not begin; the old authority serves on
     */
    void prepare(Turn turn, Store from, Store to) {
        while (!done) {
            try {
                prepareOnce(turn, from, to);
                done = true;
            } catch (FencedException | UnknownOutcomeException | StartRefusedException e) {
                throw e;
            } catch (StoreUnavailableException e) {
                // Nothing has been sealed, so nobody waits for us but the start itself.
                if (!isTriedAgain(turn, e)) {
                    throw failed(turn, from, e);
                }
            } catch (StorageException e) {
                throw failed(turn, from, e);
            }
        }
    }

    private void prepareOnce(Turn turn, Store from, Store to) {
        Parked.requireNone(turn, from);
        RecordSurvey survey = survey(turn, from);
        if (to == Store.JSON) {
            catchUp(turn, survey.volume());
        }
    }

    private boolean isTriedAgain(Turn turn, StoreUnavailableException why) {
        attempts++;
        if (attempts == ATTEMPTS) {
            return false;
        }
        Duration pause = surroundings.pause().multipliedBy(1L << (attempts - 1));
        log.warn(
                turn.collection(),
                "preparing is tried again in " + pause.toMillis() + " ms: " + String.valueOf(why.getMessage()));
        return surroundings.catchUp().pause(pause);
    }

    private RecordSurvey survey(Turn turn, Store from) {
        log.step(turn.collection(), "checking every record of " + from.label());
        RecordSurvey survey = RecordSurvey.of(StoreView.of(turn.store(from)), turn.schema());
        if (survey.refused() > 0) {
            throw PrepareRefusals.preflightFailed(turn.collection(), from, survey);
        }
        return survey;
    }

    private void catchUp(Turn turn, Volume all) {
        log.step(turn.collection(), "comparing PostgreSQL, while it serves, with JSON");
        Differing differing = new Differing();
        UnknownDrift unknown = new UnknownDrift(turn.store(Store.POSTGRESQL), turn.schema(), differing::overwrites);
        reconciler.compare(
                turn.store(Store.POSTGRESQL),
                turn.store(Store.JSON),
                turn.schema(),
                difference -> {
                    differing.lacks(difference);
                    unknown.accept(difference);
                },
                log);
        unknown.force();
        requireRoom(turn, all, differing);
        if (differing.records == 0) {
            log.step(turn.collection(), "JSON has everything");
            return;
        }
        mirror(turn, differing);
    }

    /** What a comparison found: how much JSON lacks, and how much of its own nobody knew to be superseded. */
    private static final class Differing {
        private long records;
        private Volume missing = Volume.NONE;
        private Volume overwritten = Volume.NONE;

        void lacks(Difference difference) {
            if (difference.kind().isDrift()) {
                records++;
                RawRecord record = difference.left();
                missing = record == null ? missing : missing.plus(record);
            }
        }

        void overwrites(Difference difference) {
            RawRecord record = difference.right();
            overwritten = record == null ? overwritten : overwritten.plus(record);
        }
    }

    private void requireRoom(Turn turn, Volume all, Differing differing) {
        RoomNeeded needed =
                RoomNeeded.of(turn.schema().definition().jsonLayout(), all, differing.missing, differing.overwritten);
        if (!needed.fitsOneFile()) {
            throw PrepareRefusals.fileTooLarge(turn.collection(), needed);
        }
        OptionalLong usable = surroundings.space().usable();
        if (usable.isEmpty()) {
            log.warn(turn.collection(), "the file system does not say how much room is left for JSON");
        } else if (usable.getAsLong() < needed.bytes()) {
            throw PrepareRefusals.diskSpace(turn.collection(), usable.getAsLong(), needed);
        }
    }

    /** JSON follows as a mirror for a while, as in {@code DB_PRIMARY}. */
    private void mirror(Turn turn, Differing differing) {
        LedgerEntry authority = turn.required(Store.POSTGRESQL);
        Verdict verdict = Guard.decide(Phase.DB_PRIMARY, turn.json(), turn.database(), options);
        if (!(verdict instanceof Verdict.Serve serve)) {
            throw new LostRaceException("PostgreSQL no longer leads");
        }
        boolean compareAgain = serve.compareAgain();
        if (differing.overwritten.records() > 0 && (authority.mirroring() != Mirroring.ON || compareAgain)) {
            saveAside(turn);
        }
        mirroringBegan |= authority.mirroring() == Mirroring.OFF || isLeftOver(turn);
        serving.join(turn, Store.POSTGRESQL, compareAgain);
        MirrorListener listener = new MirrorListener() {
            @Override
            public void comparing(Progress.Step step) {
                log.at(step);
            }
        };
        boolean all = surroundings
                .catchUp()
                .run(
                        turn.store(Store.POSTGRESQL),
                        turn.store(Store.JSON),
                        turn.schema(),
                        listener,
                        mirror,
                        surroundings.clock());
        Parked.requireNone(turn, Store.POSTGRESQL);
        PendingSummary left = turn.store(Store.POSTGRESQL).pending().summary(turn.schema());
        log.step(
                turn.collection(),
                "JSON has caught up with PostgreSQL, " + left.count() + " ids pending"
                        + (all ? "" : "; writers are faster than the mirror"));
    }

    /** Mirroring in a phase without a mirror is what a preparation that crashed has left. */
    private static boolean isLeftOver(Turn turn) {
        return turn.store(Store.POSTGRESQL)
                .ledger()
                .lastPhase(turn.schema())
                .filter(phase -> phase == Phase.DB_ONLY)
                .isPresent();
    }

    /** Before a mirror overwrites what nobody knows to be older: it may have been edited or restored behind our back. */
    private void saveAside(Turn turn) {
        String reason = "differed from PostgreSQL without being pending";
        try (AsideFiles.Aside file = surroundings.aside().open(turn.schema(), reason)) {
            UnknownDrift unknown = new UnknownDrift(turn.store(Store.POSTGRESQL), turn.schema(), file);
            Counts counts = reconciler.compare(
                    turn.store(Store.POSTGRESQL), turn.store(Store.JSON), turn.schema(), unknown, log);
            unknown.force();
            file.force();
            log.step(
                    turn.collection(),
                    counts + "; " + file.records() + " older records of JSON are saved in " + file.where());
        }
    }

    /**
     * The start did not end with JSON as the authority: if PostgreSQL leads, it marks nothing that nobody carries over.
     *
     * @param look not asked where nothing was begun: a database that does not answer is not waited for in vain
     */
    void takeBack(CollectionSchema<?, ?> schema, Supplier<Turn> look) {
        if (!mirroringBegan) {
            return;
        }
        Turn now = look.get();
        if (!now.present(Store.POSTGRESQL)) {
            return;
        }
        LedgerEntry entry = now.stored(Store.POSTGRESQL);
        if (entry != null && entry.serves() && entry.mirroring() != Mirroring.OFF) {
            now.store(Store.POSTGRESQL)
                    .ledger()
                    .renewLease(schema, new Fence(entry.epoch(), entry.term()), Duration.ZERO);
            LedgerEntry off = serving.mirroringOff(now, Store.POSTGRESQL);
            if (off.mirroring() == Mirroring.OFF) {
                // Not earlier: as long as mirroring is on, what differs has to be pending or parked.
                Parked.forget(now, Store.POSTGRESQL);
            }
            log.step(schema.name(), "PostgreSQL serves on alone, as before");
        }
    }

    private static StartRefusedException failed(Turn turn, Store from, StorageException cause) {
        return new StartRefusedException(
                "PREPARE-FAILED",
                List.of(
                        "collection " + turn.collection(),
                        "from " + from.label() + " to " + from.other().label(),
                        String.valueOf(cause.getMessage()),
                        "nothing was sealed, " + from.label() + " is the authority as before"),
                "Remove the cause and start again, or start with the flags of the phase before.",
                cause);
    }
}
