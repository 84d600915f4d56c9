package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static dev.switchover.dualwrite.switchover.World.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedStartTest {

    @TempDir
    Path directory;

    private World world;

    @BeforeEach
    void begin() {
        world = new World(directory);
    }

    static Stream<Arguments> flips() {
        return Stream.of(Phase.values()).flatMap(a -> Stream.of(Phase.values()).map(b -> Arguments.of(a, b)));
    }

    @ParameterizedTest
    @MethodSource("flips")
    void everyPhaseLeadsToEveryOtherAndBackWithoutLosingARecord(Phase before, Phase now) {
        world.existing(world.json, 1, "one");
        world.acknowledged.put("1", "one");
        Phase[] path = {before, now, before, now};
        World.Process last = null;
        for (int i = 0; i < path.length; i++) {
            World.Process process = world.process();
            Started.Serving started = process.serve(path[i]);

            assertThat(started.authority().serves()).isTrue();
            world.assertNothingLost(path[i]);
            world.assertOneAuthority(path[i]);
            process.put(path[i], 100 + i, "new in " + i);
            process.put(path[i], 1, "changed in " + i);
            process.delete(path[i], 99 + i);
            if (last != null && path[i].primary() != path[i - 1].primary()) {
                assertFenced(last, path[i - 1]);
            }
            last = process;
        }
    }

    private static void assertFenced(World.Process process, Phase phase) {
        assertThatThrownBy(() -> process.put(phase, 7, "late")).isInstanceOf(FencedException.class);
    }

    @Test
    void idsAndVersionsGoOnAfterDeletingTheNewestAndFlipping() {
        World.Process first = world.process();
        first.serve(Phase.JSON_ONLY);
        long id = first.jsonStore.nextId(THINGS);
        first.put(Phase.JSON_ONLY, id, "x");
        first.delete(Phase.JSON_ONLY, id);

        World.Process second = world.process();
        second.serve(Phase.DB_ONLY);
        assertThat(second.databaseStore.nextId(THINGS)).isGreaterThan(id);
        second.put(Phase.DB_ONLY, 50, "y");

        World.Process third = world.process();
        third.serve(Phase.JSON_PRIMARY);
        assertThat(third.jsonStore.nextId(THINGS)).isGreaterThan(50);
        third.put(Phase.JSON_PRIMARY, 51, "z");
    }

    @Test
    void aMirrorThatWasEditedBehindOurBackDoesNotWinAndItsRecordsAreSavedAside() throws IOException {
        World.Process first = world.process();
        first.serve(Phase.JSON_ONLY);
        first.put(Phase.JSON_ONLY, 1, "right");
        World.Process second = world.process();
        second.serve(Phase.DB_ONLY);
        second.put(Phase.DB_ONLY, 2, "more");
        world.existing(world.json, 1, "edited by hand");

        world.process().serve(Phase.JSON_ONLY);

        world.assertNothingLost(Phase.JSON_ONLY);
        assertThat(aside()).contains("edited by hand");
    }

    @Test
    void mirroringBeginsSyncingAndEndsWithItsPhase() {
        world.process().serve(Phase.JSON_PRIMARY);
        assertThat(entry(Store.JSON).mirroring()).isEqualTo(Mirroring.SYNCING);
        assertThat(entry(Store.POSTGRESQL).state()).isEqualTo(State.MIRROR);

        world.process().serve(Phase.JSON_ONLY);
        assertThat(entry(Store.JSON).mirroring()).isEqualTo(Mirroring.OFF);
    }

    /** Found by the model: the end of a comparison may arrive after mirroring ended and began again. */
    @Test
    void theEndOfAnEarlierComparisonDoesNotEndTheNextOne() {
        World.Process worker = world.process();
        worker.serve(Phase.JSON_PRIMARY);
        LedgerEntry compared = entry(Store.JSON);
        world.process().serve(Phase.JSON_ONLY);
        world.process().serve(Phase.JSON_PRIMARY);

        boolean changed = worker.jsonStore
                .ledger()
                .compareAndSet(THINGS, compared, compared.with(Mirroring.ON), "everything was compared");

        assertThat(changed).isFalse();
        assertThat(entry(Store.JSON).mirroring()).isEqualTo(Mirroring.SYNCING);
    }

    @Test
    void afterASwitchoverBothAreEqualSoMirroringIsOnAtOnce() {
        world.process().serve(Phase.JSON_ONLY);
        Started.Serving started = world.process().serve(Phase.DB_PRIMARY);

        assertThat(started.authority().mirroring()).isEqualTo(Mirroring.ON);
        assertThat(started.mirrorJoined()).isTrue();
        assertThat(entry(Store.JSON).state()).isEqualTo(State.MIRROR);
        assertThat(entry(Store.JSON).term()).isEqualTo(started.authority().term());
    }

    @Test
    void aLiveWorkerElsewhereKeepsMirroringOn() {
        World.Process worker = world.process();
        Started.Serving started = worker.serve(Phase.DB_PRIMARY);
        LedgerEntry authority = started.authority();
        worker.databaseStore
                .ledger()
                .renewLease(THINGS, new Fence(authority.epoch(), authority.term()), Duration.ofMinutes(1));

        World.Process beside = world.process();
        beside.start(new Attached.Locked("pid 1"), new Attached.Open(beside.databaseStore))
                .start(THINGS, Phase.DB_ONLY);

        assertThat(entry(Store.POSTGRESQL).mirroring()).isNotEqualTo(Mirroring.OFF);
    }

    @Test
    void jsonPrimaryStartsWithoutItsDatabaseAndTheMirrorJoinsLater() {
        world.process().serve(Phase.JSON_PRIMARY);
        World.Process process = world.process();
        GuardedStart start = process.start();
        try (Faults.Fault away = world.database.faults().unreachable()) {
            Started.Serving started = (Started.Serving) start.start(THINGS, Phase.JSON_PRIMARY);
            assertThat(started.mirrorJoined()).isFalse();
            process.put(Phase.JSON_PRIMARY, 1, "meanwhile");
            assertThatThrownBy(() -> start.joinMirror(THINGS, Phase.JSON_PRIMARY))
                    .isInstanceOf(StoreUnavailableException.class);
        }

        LedgerEntry authority = start.joinMirror(THINGS, Phase.JSON_PRIMARY);

        assertThat(authority.serves()).isTrue();
        process.put(Phase.JSON_PRIMARY, 2, "after");
        assertThat(entry(Store.POSTGRESQL).state()).isEqualTo(State.MIRROR);
    }

    @Test
    void aDatabaseOfAnotherDirectoryDoesNotJoin() {
        World.Process process = world.process();
        process.start(new Attached.Open(process.jsonStore), new Attached.NotConfigured())
                .start(THINGS, Phase.JSON_ONLY);
        World elsewhere = new World(directory);
        World.Process other = elsewhere.process();
        other.serve(Phase.DB_ONLY);
        GuardedStart mixed =
                world.process().start(new Attached.Open(process.jsonStore), new Attached.Open(other.databaseStore));

        for (Phase phase : Phase.values()) {
            assertRefused("LINEAGE-DIFFERS", () -> mixed.start(THINGS, phase));
        }
        assertRefused("LINEAGE-DIFFERS", () -> mixed.joinMirror(THINGS, Phase.JSON_PRIMARY));
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"DB_PRIMARY", "DB_ONLY"})
    void aDatabasePhaseRefusesToStartWithoutItsDatabaseUnlessToldTo(Phase phase) {
        world.process().serve(Phase.JSON_ONLY);
        world.process().serve(phase);
        try (Faults.Fault away = world.database.faults().unreachable()) {
            assertRefused("DATABASE-UNREACHABLE", () -> world.process().serve(phase));
            World.Process stale = world.process(settings("START_STALE", "true"));
            assertThat(stale.start().start(THINGS, phase)).isInstanceOf(Started.Stale.class);
        }
    }

    @Test
    void jsonThatNeverWasACopyIsNoReasonToStartStale() {
        world.process().serve(Phase.DB_ONLY);
        try (Faults.Fault away = world.database.faults().unreachable()) {
            World.Process stale = world.process(settings("START_STALE", "true"));
            assertRefused("DATABASE-UNREACHABLE", () -> stale.serve(Phase.DB_ONLY));
        }
    }

    @Test
    void jsonOnlyAfterDatabaseOnlyIsRefusedWithoutTheDatabaseAndForcedByItsEpochOnce() throws IOException {
        world.process().serve(Phase.JSON_ONLY);
        World.Process database = world.process();
        database.serve(Phase.DB_ONLY);
        database.put(Phase.DB_ONLY, 5, "only in the database");
        try (Faults.Fault away = world.database.faults().unreachable()) {
            StartRefusedException refused =
                    assertRefused("AUTHORITY-UNREACHABLE", () -> world.process().serve(Phase.JSON_ONLY));
            String epoch = refused.remedy().replaceAll("(?s).*SWITCHOVER_FORCE=(\\d+).*", "$1");
            World.Process forced = world.process(settings("FORCE", epoch));
            assertThat(forced.serve(Phase.JSON_ONLY).authority().epoch()).isEqualTo(Long.parseLong(epoch));
            world.acknowledged.clear();
            forced.put(Phase.JSON_ONLY, 6, "after the loss");
        }

        world.process().serve(Phase.JSON_PRIMARY);

        assertFenced(database, Phase.DB_ONLY);
        assertThat(aside()).contains("only in the database");
        world.assertNothingLost(Phase.JSON_PRIMARY);
        World.Process again = world.process();
        again.serve(Phase.DB_ONLY);
        world.assertNothingLost(Phase.DB_ONLY);
        world.assertOneAuthority(Phase.DB_ONLY);
    }

    @Test
    void aPrimaryPutBackFromABackupIsRefusedUntilTheOperatorNamesTheRightStore() throws IOException {
        World.Process first = world.process();
        first.serve(Phase.JSON_PRIMARY);
        MemoryDisk.Snapshot backup = world.json.snapshot();
        World.Process second = world.process();
        second.serve(Phase.JSON_PRIMARY);
        world.json.restoreTo(backup);

        for (Phase phase : Phase.values()) {
            assertRefused("WENT-BACK-IN-TIME", () -> world.process().serve(phase));
        }
        world.existing(world.json, 9, "from the backup");
        world.process(settings("ADOPT", "database")).serve(Phase.JSON_PRIMARY);

        world.assertNothingLost(Phase.JSON_PRIMARY);
        world.assertOneAuthority(Phase.JSON_PRIMARY);
        assertThat(aside()).contains("from the backup");
    }

    @Test
    void aMirrorPutBackFromABackupIsComparedAgain() {
        world.process().serve(Phase.JSON_ONLY);
        world.process().serve(Phase.DB_PRIMARY);
        MemoryDisk.Snapshot backup = world.json.snapshot();
        world.process().serve(Phase.DB_PRIMARY);
        assertThat(entry(Store.POSTGRESQL).mirroring()).isEqualTo(Mirroring.ON);
        LedgerEntry authority = entry(Store.POSTGRESQL);
        World.Process worker = world.process();
        worker.databaseStore
                .ledger()
                .noteSeen(
                        THINGS,
                        new Fence(authority.epoch(), authority.term()),
                        worker.jsonStore.ledger().remember(THINGS));
        world.json.restoreTo(backup);

        assertThat(world.process().serve(Phase.DB_PRIMARY).authority().mirroring())
                .isEqualTo(Mirroring.SYNCING);
    }

    @Test
    void unknownRowsAreAdoptedIfEqualAndRefusedIfNot() {
        world.existing(world.json, 1, "same");
        world.existing(world.database, 1, "same");
        world.existing(world.database, 2, "extra");
        assertRefused("UNKNOWN-CONTENT", () -> world.process().serve(Phase.JSON_PRIMARY));
        assertThat(world.entry(Store.JSON)).isEmpty();
        assertThat(world.entry(Store.POSTGRESQL)).isEmpty();

        world.database.tamper(THINGS, new RecordId("2"));
        world.process().serve(Phase.JSON_PRIMARY);
        world.assertOneAuthority(Phase.JSON_PRIMARY);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theOperatorSaysWhichUnknownRecordsAreRight(Store right) throws IOException {
        world.existing(world.json, 1, "of json");
        world.existing(world.database, 1, "of the database");

        world.process(settings("ADOPT", right == Store.JSON ? "json" : "database"))
                .serve(Phase.DB_ONLY);

        String wanted = right == Store.JSON ? "of json" : "of the database";
        String other = right == Store.JSON ? "of the database" : "of json";
        assertThat(world.records(Store.POSTGRESQL)).isEqualTo(Map.of("1", wanted));
        assertThat(aside()).contains(other).doesNotContain(wanted);
    }

    @Test
    void parkedRecordsBlockASwitchoverByName() {
        World.Process process = world.process();
        LedgerEntry authority = process.serve(Phase.JSON_PRIMARY).authority();
        process.put(Phase.JSON_PRIMARY, 5, "refused there");
        process.jsonStore
                .pending()
                .take(List.of(THINGS), 10, 1000)
                .records()
                .forEach(taken -> process.jsonStore
                        .pending()
                        .park(new Fence(authority.epoch(), authority.term()), taken.mark(), "no"));

        StartRefusedException refused =
                assertRefused("PARKED-RECORDS", () -> world.process().serve(Phase.DB_ONLY));

        assertThat(refused).hasMessageContaining("1 records").hasMessageContaining(": 5");
        world.assertOneAuthority(Phase.JSON_PRIMARY);
    }

    @Test
    void aCopyThatFailsReopensTheOldAuthority() {
        World.Process process = world.process();
        process.serve(Phase.JSON_ONLY);
        process.put(Phase.JSON_ONLY, 3, "x");
        try (Faults.Fault refuses = world.database.faults().refuses(new RecordId("3"), "too long")) {
            StartRefusedException refused =
                    assertRefused("SWITCHOVER-FAILED", () -> world.process().serve(Phase.DB_ONLY));
            assertThat(refused).hasMessageContaining("JSON is the authority again");
            world.assertOneAuthority(Phase.JSON_ONLY);
        }

        world.process().serve(Phase.DB_ONLY);
        world.assertNothingLost(Phase.DB_ONLY);
    }

    @Test
    void aDatabaseThatDiesHalfWayLeavesAChangeThatEitherDirectionTakesUp() {
        World.Process process = world.process();
        process.serve(Phase.JSON_ONLY);
        process.put(Phase.JSON_ONLY, 3, "x");
        try (Faults.Fault away = world.database.faults().unreachable(Call.to(Call.Operation.LOAD))) {
            assertRefused("SWITCHOVER-FAILED", () -> world.process().serve(Phase.DB_ONLY));
        }
        world.process().serve(Phase.JSON_ONLY);
        world.assertNothingLost(Phase.JSON_ONLY);
        world.assertOneAuthority(Phase.JSON_ONLY);
    }

    @Test
    void aLockedDirectoryIsNamedWhereItIsNeeded() {
        world.process().serve(Phase.JSON_ONLY);
        World.Process process = world.process();
        GuardedStart start =
                process.start(new Attached.Locked("pid 42 on host h"), new Attached.Open(process.databaseStore));

        for (Phase phase : Phase.values()) {
            assertThat(assertRefused("DIRECTORY-LOCKED", () -> start.start(THINGS, phase)))
                    .hasMessageContaining("pid 42");
        }
    }

    @Test
    void aDirectoryWhoseLedgerWasRemovedIsNotAdoptedAgain() {
        world.process().serve(Phase.JSON_PRIMARY);
        World fresh = new World(directory);
        fresh.existing(fresh.json, 1, "file");
        GuardedStart start = world.process()
                .start(new Attached.Open(fresh.process().jsonStore), new Attached.Open(world.process().databaseStore));

        for (Phase phase : Phase.values()) {
            assertRefused("LEDGER-MISSING", () -> start.start(THINGS, phase));
        }
    }

    @Test
    void thePhaseIsNotedWhereALaterStartCanReadIt() {
        World.Process process = world.process();
        process.serve(Phase.DB_PRIMARY);

        assertThat(process.jsonStore.ledger().lastPhase(THINGS)).contains(Phase.DB_PRIMARY);
        assertThat(process.databaseStore.ledger().lastPhase(THINGS)).contains(Phase.DB_PRIMARY);
    }

    private LedgerEntry entry(Store store) {
        return world.entry(store).orElseThrow();
    }

    private static StartRefusedException assertRefused(String code, Runnable start) {
        StartRefusedException refused = catchThrowableOfType(StartRefusedException.class, start::run);
        assertThat(refused).as("refusal").isNotNull();
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        return refused;
    }

    private String aside() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
