package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.State;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a change of authority does before it seals anything. */
class PreparationTest {

    private World world;

    @BeforeEach
    void begin() {
        world = new World();
    }

    /** Remembers every step, and does something at one of them. */
    private static final class Told implements StartLog {
        private final List<String> lines = new ArrayList<>();
        private String beginning = "nothing";
        private Consumer<String> then = line -> {};

        void at(String lineBeginsWith, Runnable action) {
            beginning = lineBeginsWith;
            then = line -> action.run();
        }

        @Override
        public void step(String collection, String message) {
            lines.add(message);
            if (message.startsWith(beginning)) {
                then.accept(message);
            }
        }

        @Override
        public void warn(String collection, String message) {
            lines.add("warning: " + message);
        }

        @Override
        public void at(Progress.Step step) {}

        boolean sealed() {
            return lines.stream().anyMatch(line -> line.startsWith("sealing"));
        }
    }

    private Told told() {
        Told told = new Told();
        world.log = told;
        return told;
    }

    private World.Process databaseAloneWith(int records) {
        World.Process old = world.process();
        old.serve(Phase.JSON_ONLY);
        old.put(Phase.JSON_ONLY, 1, "once in JSON");
        World.Process serving = world.process();
        serving.serve(Phase.DB_ONLY);
        for (int id = 1; id <= records; id++) {
            serving.put(Phase.DB_ONLY, id, "number " + id);
        }
        return serving;
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"JSON_ONLY", "JSON_PRIMARY"})
    void whatTheOldOneTookMeanwhileIsAllThatIsCopiedSealed(Phase wanted) {
        World.Process old = databaseAloneWith(200);
        Told told = told();
        told.at("JSON has caught up", () -> {
            old.put(Phase.DB_ONLY, 5, "while the newcomer prepared");
            old.put(Phase.DB_ONLY, 201, "new while the newcomer prepared");
            old.delete(Phase.DB_ONLY, 6);
        });

        world.process().serve(wanted);

        world.assertNothingLost(wanted);
        world.assertOneAuthority(wanted);
        assertThat(told.lines).anyMatch(line -> line.endsWith("; 3 copied to JSON"));
        assertThat(world.records(Store.JSON)).containsEntry("5", "while the newcomer prepared");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aRecordThatEitherStoreCouldNotHoldStopsTheChangeBeforeTheSeal(Store authority) {
        Phase before = authority == Store.JSON ? Phase.JSON_ONLY : Phase.DB_ONLY;
        Phase after = authority == Store.JSON ? Phase.DB_ONLY : Phase.JSON_ONLY;
        World.Process old = world.process();
        old.serve(before);
        for (int id = 1; id <= 12; id++) {
            old.put(before, id, "good");
        }
        for (int id = 101; id <= 112; id++) {
            tamper(authority, id, "{\"id\":" + id + ",\"a\":{\"b\":\"\\u0000\"}}");
        }
        LedgerEntry entry = entry(authority);
        Told told = told();

        StartRefusedException refused = refused("PREFLIGHT-FAILED", after);

        assertThat(refused.facts())
                .contains("collection things", "id 101 at /a/b: holds a NUL character, which PostgreSQL cannot store")
                .anyMatch(fact -> fact.startsWith("12 records of " + authority.label()))
                .filteredOn(fact -> fact.startsWith("id "))
                .hasSize(10);
        assertThat(told.sealed()).isFalse();
        assertThat(entry(authority).sameControl(entry)).isTrue();
        old.put(before, 1, "and it serves on");
    }

    @Test
    void anIdInTheBodyThatIsNotTheRowsIsRefused() {
        databaseAloneWith(3);
        tamper(Store.POSTGRESQL, 2, "{\"id\":7}");
        tamper(Store.POSTGRESQL, 3, "{\"text\":\"no id, and an array has no keys\"}");

        assertThat(refused("PREFLIGHT-FAILED", Phase.JSON_ONLY).facts())
                .anyMatch(fact -> fact.startsWith("id 2 at /id: "))
                .anyMatch(fact -> fact.startsWith("id 3 at /id: "));
    }

    @Test
    void aDiskWithoutRoomStopsTheChangeBeforeTheSealAndBeforeAnythingIsCopied() {
        World.Process old = databaseAloneWith(50);
        world.space = () -> OptionalLong.of(100_000);
        Told told = told();

        StartRefusedException refused = refused("DISK-SPACE", Phase.JSON_PRIMARY);

        assertThat(refused).hasMessageContaining("room for 100000 bytes").hasMessageContaining("journal");
        assertThat(told.sealed()).isFalse();
        assertThat(world.records(Store.JSON)).hasSize(1);
        assertThat(entry(Store.POSTGRESQL).mirroring()).isEqualTo(Mirroring.OFF);
        old.put(Phase.DB_ONLY, 1, "and it serves on");
        world.space = OptionalLong::empty;
        world.process().serve(Phase.JSON_PRIMARY);
        world.assertNothingLost(Phase.JSON_PRIMARY);
    }

    @Test
    void aMirrorThatCannotBeReachedLeavesTheDatabaseAsItWas() {
        World.Process old = databaseAloneWith(20);
        Told told = told();
        try (Faults.Fault broken = world.json.faults().unreachable(Call.to(Operation.APPLY))) {
            assertThat(refused("PREPARE-FAILED", Phase.JSON_ONLY)).hasMessageContaining("nothing was sealed");
        }

        assertThat(told.sealed()).isFalse();
        assertServedAloneAgain(old);
        world.process().serve(Phase.JSON_ONLY);
        world.assertNothingLost(Phase.JSON_ONLY);
    }

    @Test
    void aMirrorThatIsAwayForAMomentIsTriedAgain() {
        databaseAloneWith(20);
        try (Faults.Fault broken = world.json.faults().once(Faults.Moment.BEFORE, Call.to(Operation.APPLY), call -> {
            throw new StoreUnavailableException(Store.JSON, "a moment only", null);
        })) {
            world.process().serve(Phase.JSON_ONLY);
        }
        world.assertNothingLost(Phase.JSON_ONLY);
    }

    /** What the sealed copy fails on is taken back as well: the reopened database marks nothing that nobody carries over. */
    @Test
    void aCopyThatFailsBehindTheSealLeavesTheDatabaseAsItWas() {
        World.Process old = databaseAloneWith(20);
        Told told = told();
        told.at("sealing", () -> tamper(Store.JSON, 3, "{\"id\":3,\"text\":\"edited\"}"));
        try (Faults.Fault broken = world.json.faults().unreachable(Call.to(Operation.LOAD))) {
            assertThat(refused("SWITCHOVER-FAILED", Phase.JSON_ONLY)).hasMessageContaining("is the authority again");
        }

        assertThat(entry(Store.POSTGRESQL).mirroring()).isEqualTo(Mirroring.OFF);
        assertThat(entry(Store.POSTGRESQL).serves()).isTrue();
        world.process().serve(Phase.DB_ONLY);
        world.assertNothingLost(Phase.DB_ONLY);
    }

    @Test
    void aRecordThatJsonRefusesIsNamedAndNothingIsLeftParked() {
        World.Process old = databaseAloneWith(20);
        try (Faults.Fault refuses = world.json.faults().refuses(new RecordId("7"), "no")) {
            assertThat(refused("PARKED-RECORDS", Phase.JSON_ONLY)).hasMessageContaining(": 7");
        }

        assertServedAloneAgain(old);
        assertThat(old.databaseStore.pending().parked(THINGS)).isEmpty();
        world.process().serve(Phase.JSON_ONLY);
        world.assertNothingLost(Phase.JSON_ONLY);
    }

    @Test
    void asLongAsMirroringIsOnNothingIsForgotten() {
        databaseAloneWith(20);
        List<Mirroring> forgotten = new ArrayList<>();
        try (Faults.Fault refuses = world.json.faults().refuses(new RecordId("7"), "no");
                Faults.Fault seen = world.database
                        .faults()
                        .on(
                                Faults.Moment.BEFORE,
                                Call.to(Operation.DISCARD),
                                call -> forgotten.add(entry(Store.POSTGRESQL).mirroring()))) {
            refused("PARKED-RECORDS", Phase.JSON_ONLY);
        }

        assertThat(forgotten).containsExactly(Mirroring.OFF);
    }

    @Test
    void whatACrashedPreparationLeftEndsWithTheNextOneThatFails() {
        World.Process old = databaseAloneWith(20);
        World.Process dying = world.process();
        Told told = told();
        told.at("JSON has caught up", dying::die);
        catchThrowableOfType(StartRefusedException.class, () -> dying.serve(Phase.JSON_ONLY));
        assertThat(entry(Store.POSTGRESQL).mirroring()).isNotEqualTo(Mirroring.OFF);
        told.at("nothing", () -> {});
        old.put(Phase.DB_ONLY, 8, "after the crash");

        try (Faults.Fault broken = world.json.faults().unreachable(Call.to(Operation.APPLY))) {
            refused("PREPARE-FAILED", Phase.JSON_ONLY);
        }

        assertServedAloneAgain(old);
    }

    /** Whatever a dead newcomer left, the next start of the old phase marks nothing that nobody carries over. */
    @Test
    void aCrashAnywhereWhilePreparingEndsWithTheNextStartOfTheOldPhase() {
        boolean crashed = true;
        for (int n = 1; crashed; n++) {
            world = new World();
            databaseAloneWith(3);
            World.Process dying = world.process();
            Told told = told();
            try (World.At crash = world.new At(n, call -> dying.die())) {
                catchThrowableOfType(StartRefusedException.class, () -> dying.serve(Phase.JSON_PRIMARY));
                crashed = crash.reached() && !told.sealed();
            }
            if (crashed) {
                world.process().serve(Phase.DB_ONLY);
                assertThat(entry(Store.POSTGRESQL).mirroring())
                        .as("crash at " + n)
                        .isEqualTo(Mirroring.OFF);
                world.assertNothingLost(Phase.DB_ONLY);
                world.process().serve(Phase.JSON_ONLY);
                world.assertNothingLost(Phase.JSON_ONLY);
            }
        }
    }

    @Test
    void aMirrorThatWasOnStaysOnWhenPreparingFails() {
        world.process().serve(Phase.JSON_ONLY);
        World.Process old = world.process();
        old.serve(Phase.DB_PRIMARY);
        old.put(Phase.DB_PRIMARY, 4, "pending");
        try (Faults.Fault broken = world.json.faults().unreachable(Call.to(Operation.APPLY))) {
            refused("PREPARE-FAILED", Phase.JSON_ONLY);
        }

        assertThat(entry(Store.POSTGRESQL).mirroring()).isEqualTo(Mirroring.ON);
        assertThat(old.databaseStore.pending().summary(THINGS).count()).isEqualTo(1);
        world.process().serve(Phase.JSON_ONLY);
        world.assertNothingLost(Phase.JSON_ONLY);
    }

    @Test
    void aJsonCopyThatIsCompleteIsNotMirroredFirst() {
        World.Process old = world.process();
        old.serve(Phase.JSON_ONLY);
        old.put(Phase.JSON_ONLY, 1, "one");
        world.process().serve(Phase.DB_ONLY);
        Told told = told();

        world.process().serve(Phase.JSON_ONLY);

        assertThat(told.lines).contains("JSON has everything").noneMatch(line -> line.contains("caught up"));
        world.assertNothingLost(Phase.JSON_ONLY);
    }

    /** A park that came between the last look and the seal. */
    private World.Process sealedWithAParkedRecord() {
        World.Process old = world.process();
        LedgerEntry authority = old.serve(Phase.JSON_PRIMARY).authority();
        old.put(Phase.JSON_PRIMARY, 5, "parked");
        World.Process dying = world.process();
        Told told = told();
        told.at(
                "sealing",
                () -> old.jsonStore
                        .pending()
                        .take(List.of(THINGS), 10, 1000)
                        .records()
                        .forEach(taken -> old.jsonStore
                                .pending()
                                .park(new Fence(authority.epoch(), authority.term()), taken.mark(), "no")));
        try (Faults.Fault dies =
                world.database.faults().on(Faults.Moment.BEFORE, Call.to(Operation.LOAD), call -> dying.die())) {
            catchThrowableOfType(StartRefusedException.class, () -> dying.serve(Phase.DB_ONLY));
        }
        told.at("nothing", () -> {});
        assertThat(entry(Store.JSON).state()).isEqualTo(State.SEALED);
        assertThat(old.jsonStore.pending().parked(THINGS)).hasSize(1);
        return old;
    }

    @Test
    void aSealedStoreWithParkedRecordsIsFinishedIfTheyAreTakenNow() {
        World.Process old = sealedWithAParkedRecord();

        world.process().serve(Phase.DB_ONLY);

        world.assertNothingLost(Phase.DB_ONLY);
        world.assertOneAuthority(Phase.DB_ONLY);
        assertThat(old.jsonStore.pending().parked(THINGS)).isEmpty();
    }

    @Test
    void aSealedStoreWithParkedRecordsIsReopenedIfTheyAreStillRefused() {
        sealedWithAParkedRecord();
        try (Faults.Fault refuses = world.database.faults().refuses(new RecordId("5"), "too long")) {
            assertThat(refused("SWITCHOVER-FAILED", Phase.DB_ONLY)).hasMessageContaining("JSON is the authority again");
        }
        world.assertOneAuthority(Phase.JSON_ONLY);
    }

    @Test
    void aSealedStoreWithParkedRecordsIsReopenedInTheOtherDirection() {
        sealedWithAParkedRecord();

        world.process().serve(Phase.JSON_PRIMARY);

        world.assertNothingLost(Phase.JSON_PRIMARY);
        world.assertOneAuthority(Phase.JSON_PRIMARY);
        refused("PARKED-RECORDS", Phase.DB_ONLY);
    }

    private void assertServedAloneAgain(World.Process old) {
        LedgerEntry entry = entry(Store.POSTGRESQL);
        assertThat(entry.serves()).isTrue();
        assertThat(entry.mirroring()).isEqualTo(Mirroring.OFF);
        assertThat(old.databaseStore.ledger().hasLiveLease(THINGS)).isFalse();
        long pending = old.databaseStore.pending().summary(THINGS).count();
        old.put(Phase.DB_ONLY, 2, "and it serves on");
        assertThat(old.databaseStore.pending().summary(THINGS).count()).isEqualTo(pending);
    }

    private void tamper(Store store, long id, String body) {
        world.disk(store).tamper(THINGS, new RawRecord(new RecordId(Long.toString(id)), id, id, World.bytes(body)));
    }

    private LedgerEntry entry(Store store) {
        return world.entry(store).orElseThrow();
    }

    private StartRefusedException refused(String code, Phase wanted) {
        StartRefusedException refused = catchThrowableOfType(
                StartRefusedException.class, () -> world.process().serve(wanted));
        assertThat(refused).as("refusal").isNotNull();
        assertThat(refused.code()).as(refused.getMessage()).isEqualTo(code);
        return refused;
    }
}
