package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static dev.switchover.dualwrite.backup.SourceInMemory.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Overwritten;
import dev.switchover.storage.spi.PendingBatch;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Restoration;
import dev.switchover.storage.spi.Restored;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both stores promise of a restore, below everything that asks for one. */
class StoreRestoreTest {

    @TempDir
    Path directory;

    private TestDatabase database;
    private RecordStore store;
    private final List<String> told = new ArrayList<>();
    private final Overwritten overwritten = new Overwritten() {
        @Override
        public void accept(RawRecord old) {
            told.add(old.id().text() + " " + new String(old.body(), StandardCharsets.UTF_8).contains("stored"));
        }

        @Override
        public void close() {
            told.add("kept");
        }
    };

    private void open(Store which) {
        if (which == Store.JSON) {
            store = JsonStore.open(JsonSettings.of(directory), List.of(THINGS));
        } else {
            database = TestDatabase.create();
            store = PostgresStore.open(PostgresSettings.of(DatabaseUrl.parse(database.url())), List.of(THINGS));
            store.prepare();
        }
        LedgerEntry entry = LedgerEntry.first(UUID.randomUUID(), Position.NONE).with(Mirroring.ON);
        assertThat(store.ledger().compareAndSet(THINGS, null, entry, "test")).isTrue();
        store.serve(THINGS, 1);
        store.write(List.of(put("a", "stored"), put("b", "stored"), put("c", "stored")));
        acknowledgeAll();
    }

    @AfterEach
    void close() {
        store.close();
        if (database != null) {
            database.close();
        }
    }

    private static Write put(String id, String text) {
        String body = "{\"id\":\"" + id + "\",\"text\":\"" + text + "\"}";
        return new Write.Put(THINGS, new RecordId(id), body.getBytes(StandardCharsets.UTF_8), Expected.ANY);
    }

    private PendingBatch pending() {
        return store.pending().take(List.of(THINGS), 100, 1 << 20);
    }

    private void acknowledgeAll() {
        store.pending()
                .acknowledge(
                        java.util.Map.of(THINGS, new dev.switchover.storage.spi.Fence(1, 0)),
                        pending().records().stream().map(one -> one.mark()).toList());
        assertThat(pending().records()).isEmpty();
    }

    private Restored restore(boolean newerStays, boolean together, RawRecord... wanted) {
        Restoration one = new Restoration(
                THINGS, newerStays, () -> RecordCursor.of(List.of(wanted).iterator()), () -> overwritten, 500, 0);
        return store.restore(List.of(one), together).get(0);
    }

    private List<String> texts() {
        return store.list(THINGS, Query.all()).stream()
                .map(record -> record.id() + " "
                        + new String(record.body(), StandardCharsets.UTF_8).replaceAll(".*\"text\":\"(.*)\".*", "$1"))
                .toList();
    }

    private long version(String id) {
        return store.find(THINGS, new RecordId(id)).orElseThrow().version();
    }

    private RawRecord asStored(String id) {
        return store.find(THINGS, new RecordId(id)).orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void theStoreHoldsWhatIsWantedAndNothingElse(Store which) {
        open(which);
        long b = version("b");
        RawRecord equal = asStored("b");
        Restored done = restore(
                false,
                true,
                SourceInMemory.record("a", 1, 400, "{\"id\":\"a\",\"text\":\"moved last\"}"),
                equal,
                SourceInMemory.record("d", 1, 1, "{\"id\":\"d\",\"text\":\"first\"}"));
        assertThat(done).isEqualTo(new Restored(THINGS, 2, 1, 1));
        assertThat(told).containsExactly("a true", "c true", "kept");
        assertThat(texts()).containsExactlyInAnyOrder("d first", "b stored", "a moved last");
        assertThat(texts().get(2)).isEqualTo("a moved last");
        assertThat(version("b")).as("what is equal stays as it is").isEqualTo(b);
        assertThat(version("a"))
                .as("never below what is said to have been given")
                .isGreaterThan(500);

        PendingBatch marks = pending();
        assertThat(marks.records()).extracting(one -> one.mark().id().text()).containsExactlyInAnyOrder("a", "c", "d");
        assertThat(marks.records())
                .extracting(one -> one.mark().unit())
                .as("one unit of work")
                .doesNotContain(0L)
                .containsOnly(marks.records().get(0).mark().unit());
        assertThat(store.write(List.of(put("e", "next"))).get(0).version()).isGreaterThan(version("a"));
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void inPiecesEachMarkStandsAlone(Store which) {
        open(which);
        restore(false, false, thing("a", 1, "x"), thing("z", 2, "y"));
        assertThat(pending().records()).extracting(one -> one.mark().unit()).containsOnly(0L);
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatIsNewerOrNotWantedStaysIfAskedFor(Store which) {
        open(which);
        Restored done = restore(
                true, true, thing("a", 0, "older"), thing("b", version("b") + 1, "newer"), thing("d", 1, "not there"));
        assertThat(done).isEqualTo(new Restored(THINGS, 2, 0, 2));
        assertThat(texts()).containsExactlyInAnyOrder("a stored", "b newer", "c stored", "d not there");
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void aStoreThatIsNotServedIsNotRestored(Store which) {
        open(which);
        LedgerEntry entry = store.ledger().read(THINGS).orElseThrow();
        assertThat(store.ledger()
                        .compareAndSet(THINGS, entry, entry.with(dev.switchover.storage.spi.State.SEALED, 2), "sealed"))
                .isTrue();
        assertThatThrownBy(() -> restore(false, true, thing("a", 1, "x"))).isInstanceOf(FencedException.class);
        assertThat(texts()).containsExactly("a stored", "b stored", "c stored");
    }

    /** What cannot be kept must not be overwritten. */
    @ParameterizedTest
    @EnumSource(Store.class)
    void ifWhatIsOverwrittenCannotBeKeptNothingChanges(Store which) {
        open(which);
        Overwritten full = new Overwritten() {
            @Override
            public void accept(RawRecord old) {}

            @Override
            public void close() {
                throw new dev.switchover.storage.BackupException(null, "no room");
            }
        };
        Restoration one = new Restoration(
                THINGS, false, () -> RecordCursor.of(List.of(thing("a", 1, "x")).iterator()), () -> full, 500, 0);
        assertThatThrownBy(() -> store.restore(List.of(one), true))
                .isInstanceOf(dev.switchover.storage.BackupException.class);
        assertThat(texts()).containsExactly("a stored", "b stored", "c stored");
        assertThat(pending().records()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void whatFailsHalfWayChangesNothing(Store which) {
        open(which);
        RecordCursor breaking = new RecordCursor() {
            private int next;

            @Override
            public boolean hasNext() {
                return true;
            }

            @Override
            public RawRecord next() {
                if (next == 2_500) {
                    throw new dev.switchover.storage.BackupException(null, "the file was changed");
                }
                return thing(String.format("n%05d", next++), 1, "x");
            }

            @Override
            public void close() {}
        };
        assertThatThrownBy(() -> store.restore(
                        List.of(new Restoration(THINGS, false, () -> breaking, () -> overwritten, 500, 0)), true))
                .isInstanceOf(dev.switchover.storage.BackupException.class);
        assertThat(texts()).containsExactly("a stored", "b stored", "c stored");
        assertThat(pending().records()).isEmpty();
    }
}
