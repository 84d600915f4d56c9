package dev.switchover.dualwrite.switchover;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.dualwrite.mirror.CatchUp;
import dev.switchover.dualwrite.reconcile.Difference;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryStore;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Write;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Two disks, the processes that start on them one after the other, and what has been acknowledged so far. */
final class World {

    record Thing(long id) {}

    static final CollectionSchema<Thing, Long> THINGS = CollectionSchema.of(
            CollectionDefinition.of("things", Thing.class, Long.class).build());

    final MemoryDisk json = MemoryDisk.json();
    final MemoryDisk database = MemoryDisk.postgres();
    final Map<String, String> acknowledged = new TreeMap<>();
    private final AsideFiles aside;
    private long highestVersion;
    /** What later starts are told of the disk, and tell. */
    DiskSpace space = () -> OptionalLong.of(Long.MAX_VALUE);

    StartLog log = StartLog.silent();

    /** What is saved aside goes into files. */
    World(Path directory) {
        this.aside = AsideFiles.in(directory, Clock.systemUTC());
    }

    /** What is saved aside is counted only: forcing files takes most of the time otherwise. */
    World() {
        this.aside = (schema, reason) -> new Counting();
    }

    private static final class Counting implements AsideFiles.Aside {
        private long records;

        @Override
        public void accept(Difference difference) {
            records++;
        }

        @Override
        public long records() {
            return records;
        }

        @Override
        public String where() {
            return "memory";
        }

        @Override
        public void close() {}
    }

    MemoryDisk disk(Store store) {
        return store == Store.JSON ? json : database;
    }

    /** A process: its view of both stores. */
    final class Process {
        final MemoryStore jsonStore = json.open(THINGS);
        final MemoryStore databaseStore = database.open(THINGS);
        private final SwitchoverSettings settings;

        private Process(SwitchoverSettings settings) {
            this.settings = settings;
        }

        MemoryStore store(Store store) {
            return store == Store.JSON ? jsonStore : databaseStore;
        }

        GuardedStart start() {
            return start(new Attached.Open(jsonStore), new Attached.Open(databaseStore));
        }

        GuardedStart start(Attached ofJson, Attached ofDatabase) {
            Surroundings surroundings =
                    new Surroundings(aside, space, Clock.systemUTC(), log, CatchUp.REAL, Duration.ofMillis(1));
            return new GuardedStart(ofJson, ofDatabase, settings, surroundings);
        }

        Started.Serving serve(Phase phase) {
            return (Started.Serving) start().start(THINGS, phase);
        }

        /** It dies; what JSON had not forced is gone. */
        void die() {
            jsonStore.die();
            databaseStore.die();
            json.dropVolatile();
        }

        /** Writes to the phase's primary; acknowledged if it returns. */
        long put(Phase phase, long id, String body) {
            Written written = store(phase.primary())
                    .write(List.of(
                            new Write.Put(THINGS, new RecordId(Long.toString(id)), record(id, body), Expected.ANY)))
                    .get(0);
            acknowledged.put(Long.toString(id), body);
            return newVersion(written);
        }

        void delete(Phase phase, long id) {
            Written written = store(phase.primary())
                    .write(List.of(new Write.Delete(THINGS, new RecordId(Long.toString(id)), Expected.ANY)))
                    .get(0);
            acknowledged.remove(Long.toString(id));
            newVersion(written);
        }
    }

    /** No version is ever given twice. */
    private long newVersion(Written written) {
        if (written.version() != 0) {
            assertThat(written.version()).as("version of id " + written.id()).isGreaterThan(highestVersion);
            highestVersion = written.version();
        }
        return written.version();
    }

    Process process() {
        return process(SwitchoverSettings.DEFAULTS);
    }

    Process process(SwitchoverSettings settings) {
        return new Process(settings);
    }

    static SwitchoverSettings settings(String... nameAndValue) {
        Map<String, String> environment = new HashMap<>();
        for (int i = 0; i < nameAndValue.length; i += 2) {
            environment.put("SWITCHOVER_" + nameAndValue[i], nameAndValue[i + 1]);
        }
        return SwitchoverSettings.of(environment);
    }

    /** A file that was there before the library. */
    void existing(MemoryDisk disk, long id, String body) {
        disk.tamper(THINGS, new RawRecord(new RecordId(Long.toString(id)), id, id, record(id, body)));
    }

    Map<String, String> records(Store store) {
        Map<String, String> records = new TreeMap<>();
        disk(store)
                .open(THINGS)
                .records(THINGS)
                .forEach(record -> records.put(record.id().text(), text(record)));
        return records;
    }

    Optional<LedgerEntry> entry(Store store) {
        return disk(store).open(THINGS).ledger().read(THINGS);
    }

    void assertNothingLost(Phase phase) {
        assertThat(records(phase.primary())).as("records in " + phase.primary()).isEqualTo(acknowledged);
    }

    /** The primary of the phase is the authority, confirmed, and the other store is not. */
    void assertOneAuthority(Phase phase) {
        assertThat(entry(phase.primary()))
                .as("entry of " + phase.primary())
                .get()
                .matches(LedgerEntry::serves);
        assertThat(entry(phase.primary().other()).map(LedgerEntry::state))
                .as("entry of " + phase.primary().other())
                .get()
                .isNotEqualTo(State.ACTIVE);
    }

    /** Runs the action at the n-th moment of both disks together; tells afterwards whether it came to that. */
    final class At implements AutoCloseable {
        private final AtomicLong moments = new AtomicLong();
        private final List<Faults.Fault> faults;
        private final long n;

        At(long n, Consumer<Call> action) {
            this.n = n;
            Consumer<Call> counted = call -> {
                if (moments.incrementAndGet() == n) {
                    action.accept(call);
                }
            };
            faults = List.of(
                    json.faults().on(Faults.Moment.BEFORE, call -> true, counted),
                    json.faults().on(Faults.Moment.AFTER, call -> true, counted),
                    database.faults().on(Faults.Moment.BEFORE, call -> true, counted),
                    database.faults().on(Faults.Moment.AFTER, call -> true, counted));
        }

        boolean reached() {
            return moments.get() >= n;
        }

        @Override
        public void close() {
            faults.forEach(Faults.Fault::close);
        }
    }

    private static byte[] record(long id, String text) {
        return bytes("{\"id\":" + id + ",\"text\":\"" + text + "\"}");
    }

    private static String text(RawRecord record) {
        String body = new String(record.body(), StandardCharsets.UTF_8);
        return body.substring(body.indexOf("\"text\":\"") + 8, body.length() - 2);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
