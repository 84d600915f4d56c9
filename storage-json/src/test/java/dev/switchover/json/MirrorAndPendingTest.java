package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.PendingRecord;
import dev.switchover.storage.spi.PendingSet;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import dev.switchover.storage.spi.Token;
import dev.switchover.storage.spi.Written;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MirrorAndPendingTest {

    private static final Fence FENCE = new Fence(1, 0);

    private final CollectionSchema<Book, Long> books = Book.schema();
    private final CollectionSchema<Book, Long> shelf = Book.schema("shelf", JsonLayout.objectKeyedById());

    @TempDir
    Path directory;

    private JsonStore primary(Path home) {
        JsonStore store = Book.serving(Book.open(home, books, shelf));
        for (CollectionSchema<?, ?> schema : store.schemas()) {
            LedgerEntry entry = store.ledger().read(schema).orElseThrow();
            store.ledger().compareAndSet(schema, entry, entry.with(Mirroring.ON), "test");
        }
        return store;
    }

    private JsonStore mirror(Path home) {
        JsonStore store = Book.open(home, books);
        LedgerEntry first = LedgerEntry.first(UUID.randomUUID(), Position.NONE);
        store.ledger().compareAndSet(books, null, first.with(State.MIRROR, 1), "test");
        return store;
    }

    private List<PendingMark> marks(JsonStore store) {
        return store.pending().take(List.of(books, shelf), 100, Long.MAX_VALUE).records().stream()
                .map(PendingRecord::mark)
                .toList();
    }

    @Test
    void whatIsAcknowledgedIsRememberedOfTheMirrorOnceAPositionWasNoted() {
        try (JsonStore store = primary(directory)) {
            Book.save(store, books, 1, "one");
            store.pending().acknowledge(Map.of(books, FENCE), marks(store));
            assertThat(seenVersion(store)).as("nothing was noted").isZero();

            store.ledger().noteSeen(books, FENCE, new Position("there", 1, "t", Instant.EPOCH));
            long version = Book.save(store, books, 2, "two").version();
            List<PendingMark> marks = marks(store);
            store.pending().acknowledge(Map.of(books, FENCE), marks);
            assertThat(seenVersion(store)).isEqualTo(version);

            PendingMark unknown = new PendingMark(books, new RecordId("9"), version + 7, 0, Instant.EPOCH);
            store.pending().acknowledge(Map.of(books, FENCE), List.of(marks.get(0), unknown));
            assertThat(seenVersion(store)).as("no mark was removed").isEqualTo(version);
        }
    }

    @Test
    void oldTokensAreForgottenAndTakenForKnown() {
        try (JsonStore store = primary(directory)) {
            String first = store.ledger().remember(books).token();
            for (int i = 1; i < Token.KEPT; i++) {
                store.ledger().remember(books);
            }
            String last = store.ledger().remember(books).token();
            assertThat(Token.number(last)).isEqualTo(Token.KEPT + 1);
            assertThat(store.ledger().remembers(books, last)).isTrue();
            assertThat(store.ledger().remembers(books, first))
                    .as("too old to tell")
                    .isTrue();
            assertThat(store.ledger().remembers(books, Token.after(first)))
                    .as("young enough to tell")
                    .isFalse();
            assertThat(store.ledger().remembers(books, Token.after(last)))
                    .as("not reached yet")
                    .isFalse();
        }
    }

    private long seenVersion(JsonStore store) {
        return store.ledger().read(books).orElseThrow().seen().version();
    }

    @Test
    void recordsAreGivenAsTheyAreUnlessTheyArePendingOrParked() {
        try (JsonStore store = primary(directory)) {
            RecordId one = Book.save(store, books, 1, "one").id();
            store.pending().acknowledge(Map.of(books, FENCE), marks(store));
            RecordId two = Book.save(store, books, 2, "two").id();
            RecordId three = Book.save(store, books, 3, "three").id();
            store.pending().park(FENCE, marks(store).get(1), "refused");

            List<RawRecord> unmarked = store.pending().unmarked(books, List.of(new RecordId("9"), three, two, one));
            assertThat(unmarked).extracting(RawRecord::id).containsExactly(one);
            assertThat(unmarked.get(0).body())
                    .isEqualTo(store.find(books, one).orElseThrow().body());
        }
    }

    @Test
    void aWriteIsPendingUntilItsVersionIsAcknowledgedAlsoAfterACrash() throws IOException {
        Path crashed = directory.resolve("crashed");
        try (JsonStore store = primary(directory.resolve("home"))) {
            assertThat(Book.save(store, books, 1, "one").pending()).isTrue();
            PendingMark old = marks(store).get(0);
            Book.save(store, books, 1, "one again");
            Book.save(store, books, 2, "two");
            store.pending().acknowledge(Map.of(books, FENCE), List.of(old));
            assertThat(marks(store)).extracting(PendingMark::version).containsExactly(2L, 3L);
            store.pending()
                    .acknowledge(Map.of(books, FENCE), List.of(marks(store).get(0)));
            assertThat(store.pending().summary(books).count()).isEqualTo(1);
            Crash.copy(directory.resolve("home"), crashed);
        }
        try (JsonStore store = Book.open(crashed, books, shelf)) {
            assertThat(marks(store)).extracting(PendingMark::version).containsExactly(3L);
            assertThat(store.pending().among(books, List.of(new RecordId("1"), new RecordId("2"))))
                    .containsExactly(new RecordId("2"));
        }
    }

    private List<String> firstTaken(JsonStore store) {
        return store.pending().take(List.of(books, shelf), 1, 1).records().stream()
                .map(pending ->
                        pending.mark().schema().name() + " " + pending.mark().id())
                .sorted()
                .toList();
    }

    @Test
    void whatReplacesMarksOfUnitsOfWorkIsTakenWithThemAlsoAfterACrash() throws IOException {
        Path crashed = directory.resolve("crashed");
        String[] joined = {"books 1", "books 2", "books 3", "books 4", "shelf 1", "shelf 2", "shelf 3"};
        try (JsonStore store = primary(directory.resolve("home"))) {
            store.write(List.of(Book.put(books, 1, "a"), Book.put(shelf, 1, "a")));
            long older = marks(store).get(0).version();
            Written single = store.write(List.of(Book.put(books, 1, "single"))).get(0);
            assertThat(single.behind()).isEqualTo(older);
            assertThat(firstTaken(store)).containsExactly("books 1", "shelf 1");

            store.write(List.of(Book.put(books, 2, "b"), Book.put(shelf, 2, "b")));
            Book.save(store, books, 9, "alone");
            List<Written> third =
                    store.write(List.of(Book.put(books, 1, "c"), Book.delete(shelf, 2), Book.put(books, 3, "c")));
            assertThat(third).extracting(written -> written.behind() != 0).containsExactly(true, true, false);
            store.write(List.of(Book.put(books, 4, "d"), Book.put(shelf, 3, "d"), Book.put(books, 3, "d")));
            assertThat(firstTaken(store)).containsExactly(joined);
            assertThat(store.write(List.of(Book.put(books, 9, "still alone")))
                            .get(0)
                            .behind())
                    .isZero();
            Crash.copy(directory.resolve("home"), crashed);
        }
        try (JsonStore store = Book.open(crashed, books, shelf)) {
            assertThat(firstTaken(store)).containsExactly(joined);
        }
    }

    @Test
    void unitsOfWorkThatShareARecordAreJoinedUpToABound() {
        try (JsonStore store = primary(directory)) {
            int each = PendingSet.JOINED_AT_MOST / 3;
            for (int unit = 0; unit < 4; unit++) {
                int from = 1 + unit * each;
                store.write(IntStream.range(from, from + each)
                        .mapToObj(id -> Book.put(books, id == from ? 1 : id, "unit"))
                        .toList());
            }
            List<PendingRecord> first =
                    store.pending().take(List.of(books), 1, 1).records();
            assertThat(first).hasSizeBetween(2 * each - 3, PendingSet.JOINED_AT_MOST);
            assertThat(store.pending().summary(books).count()).isEqualTo(4L * each - 3);
        }
    }

    @Test
    void aUnitOfWorkIsTakenWholeBeyondTheBounds() {
        try (JsonStore store = primary(directory)) {
            store.write(List.of(Book.put(books, 1, "a"), Book.put(shelf, 1, "b"), Book.delete(shelf, 7)));
            Book.save(store, books, 2, "single");
            List<PendingRecord> taken =
                    store.pending().take(List.of(books, shelf), 1, 1).records();
            assertThat(taken)
                    .extracting(pending -> pending.mark().schema().name())
                    .containsExactly("books", "shelf");
            assertThat(taken.get(0).mark().unit())
                    .isEqualTo(taken.get(1).mark().unit())
                    .isNotZero();
            assertThat(marks(store)).hasSize(3);
            assertThat(marks(store).get(2).unit()).isZero();
        }
    }

    @Test
    void parkedRecordsWaitUntilTheyChangeAreRetriedOrDiscarded() {
        try (JsonStore store = primary(directory)) {
            for (long id = 1; id <= 3; id++) {
                Book.save(store, books, id, "x");
            }
            for (PendingMark mark : marks(store)) {
                store.pending().park(FENCE, mark, "refused");
            }
            assertThat(marks(store)).isEmpty();
            assertThat(store.pending().parked(books)).hasSize(3);
            Book.save(store, books, 1, "changed");
            assertThat(store.pending().retry(books, List.of(new RecordId("2"), new RecordId("9"))))
                    .isEqualTo(1);
            assertThat(store.pending().discard(books, List.of(new RecordId("3"), new RecordId("1"))))
                    .isEqualTo(1);
            assertThat(marks(store)).extracting(mark -> mark.id().text()).containsExactlyInAnyOrder("1", "2");
            assertThat(store.pending().summary(books).parked()).isZero();
        }
    }

    @Test
    void aMarkMadeByAComparisonHasAVersionOfItsOwnAlsoForARecordThatIsNotThere() {
        try (JsonStore store = primary(directory)) {
            store.pending().mark(books, FENCE, List.of(new RecordId("5"), RecordId.ENVELOPE));
            assertThat(marks(store)).extracting(PendingMark::version).containsExactly(1L, 2L);
            assertThat(Book.save(store, books, 5, "five").version()).isEqualTo(3);
            List<PendingMark> found = marks(store);
            store.pending().mark(books, FENCE, List.of(new RecordId("5")));
            store.pending().acknowledge(Map.of(books, FENCE), found);
            assertThat(marks(store)).extracting(PendingMark::version).containsExactly(4L);
            for (Fence fence : List.of(new Fence(1, 1), new Fence(2, 0))) {
                assertThatThrownBy(() -> store.pending().mark(books, fence, List.of(new RecordId("6"))))
                        .isInstanceOf(FencedException.class);
                assertThatThrownBy(() -> store.pending().acknowledge(Map.of(books, fence), marks(store)))
                        .isInstanceOf(FencedException.class);
            }
            assertThat(marks(store)).hasSize(1);
        }
    }

    @Test
    void aMirrorTakesOverVersionsOrderDeletionsAndHighestIds() throws IOException {
        Path crashed = directory.resolve("crashed");
        try (JsonStore store = mirror(directory.resolve("home"))) {
            RawRecord record = new RawRecord(new RecordId("7"), 30, 20, Book.body(7, "seven"));
            store.mirrorTarget()
                    .apply(
                            Map.of(books, FENCE),
                            List.of(
                                    new MirrorChange(books, record.id(), 31, record),
                                    new MirrorChange(books, new RecordId("8"), 40, null)),
                            Map.of(books, 12L));
            store.mirrorTarget().force(Map.of());
            store.ledger().noteSeen(books, FENCE, new Position("db", 40, "t", Instant.ofEpochSecond(99)));
            Crash.copy(directory.resolve("home"), crashed);
        }
        try (JsonStore store = Book.open(crashed, books)) {
            assertThat(Book.all(store, books)).containsExactly("30/20 {\"id\":7,\"title\":\"seven\"}");
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            assertThat(entry.position().version()).isEqualTo(40);
            assertThat(entry.highestId()).isEqualTo(12);
            assertThat(store.copyTime(books)).isEqualTo(Instant.ofEpochSecond(99));
            assertThat(marks2(store)).isEmpty();
            store.ledger()
                    .compareAndSet(books, entry, entry.with(State.ACTIVE, 2).confirm(), "switch");
            store.serve(books, 2);
            assertThat(store.nextId(books)).isEqualTo(13);
            assertThat(Book.save(store, books, 13, "next").version()).isEqualTo(41);
        }
    }

    private List<PendingRecord> marks2(JsonStore store) {
        return store.pending().take(List.of(books), 100, Long.MAX_VALUE).records();
    }

    @Test
    void aWorkerOfAnotherTermOrEpochIsFencedAndSoIsAMirrorOfAnAuthority() {
        try (JsonStore store = mirror(directory)) {
            MirrorChange change = new MirrorChange(books, new RecordId("1"), 1, null);
            for (Fence fence : List.of(new Fence(2, 0), new Fence(1, 1))) {
                assertThatThrownBy(() -> store.mirrorTarget().apply(Map.of(books, fence), List.of(change), Map.of()))
                        .isInstanceOf(FencedException.class);
                assertThatThrownBy(() -> store.ledger().noteSeen(books, fence, Position.NONE))
                        .isInstanceOf(FencedException.class);
            }
            store.serve(books, 1);
            assertThatThrownBy(() -> Book.save(store, books, 1, "one")).isInstanceOf(FencedException.class);
            assertThatThrownBy(() -> store.nextId(books)).isInstanceOf(FencedException.class);
        }
    }

    @Test
    void writesOfAnotherEpochAreFenced() {
        try (JsonStore store = Book.open(directory, books)) {
            assertThatThrownBy(() -> Book.save(store, books, 1, "one")).isInstanceOf(FencedException.class);
            Book.serving(store);
            Book.save(store, books, 1, "one");
            LedgerEntry entry = store.ledger().read(books).orElseThrow();
            assertThat(store.ledger().compareAndSet(books, entry, entry.with(State.SEALED, 2), "seal"))
                    .isTrue();
            assertThat(store.ledger().compareAndSet(books, entry, entry.with(State.SEALED, 3), "late"))
                    .isFalse();
            store.ledger().quiesce(books, Duration.ofSeconds(1));
            assertThatThrownBy(() -> Book.save(store, books, 2, "two")).isInstanceOf(FencedException.class);
            assertThat(store.history(books))
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("epoch 2 SEALED")
                    .endsWith(": seal");
        }
    }

    @Test
    void loadingIsDurableAndInTheFileWhenItReturns() {
        try (JsonStore store = mirror(directory)) {
            assertThat(load(store, 1, 2_500)).isEqualTo(2_500);
            assertThat(directory.resolve("books.json")).content().contains("\"id\":2500");
        }
    }

    private MirrorChange change(long id) {
        RecordId name = new RecordId("" + id);
        return new MirrorChange(books, name, id, new RawRecord(name, id, id, Book.body(id, "t")));
    }

    private long load(JsonStore store, int first, int last) {
        return store.mirrorTarget()
                .load(
                        books,
                        FENCE,
                        IntStream.rangeClosed(first, last)
                                .mapToObj(this::change)
                                .iterator());
    }

    @Test
    void aLoadInManyPartsDoesNotWriteTheWholeFileForEach() throws IOException {
        try (JsonStore store = mirror(directory)) {
            Set<Long> lengths = new HashSet<>();
            for (int part = 0; part < 64; part++) {
                load(store, part * 100 + 1, part * 100 + 100);
                lengths.add(Files.size(directory.resolve("books.json")));
            }
            // At 1, 2, 3, 4 parts and then only by the schedule, at most once a second.
            assertThat(lengths).hasSizeLessThan(32);
        }
    }

    @Test
    void idsIssuedAreNeverIssuedAgainNotEvenAfterACrash() throws IOException {
        Path crashed = directory.resolve("crashed");
        long last;
        try (JsonStore store = Book.serving(Book.open(directory.resolve("home"), books))) {
            assertThat(store.nextId(books)).isEqualTo(1);
            last = store.nextId(books);
            Crash.copy(directory.resolve("home"), crashed);
        }
        try (JsonStore store = Book.serving(Book.open(crashed, books))) {
            assertThat(store.nextId(books)).isGreaterThan(last);
        }
        try (JsonStore store = Book.serving(Book.open(directory.resolve("home"), books))) {
            assertThat(store.nextId(books))
                    .as("after an orderly end there is no gap")
                    .isEqualTo(last + 1);
        }
    }

    @Test
    void theLedgerRemembersTokensAndThePhase() throws IOException {
        Path crashed = directory.resolve("crashed");
        Position position;
        try (JsonStore store = Book.serving(Book.open(directory.resolve("home"), books))) {
            position = store.ledger().remember(books);
            store.ledger().notePhase(books, Phase.JSON_PRIMARY);
            Crash.copy(directory.resolve("home"), crashed);
        }
        try (JsonStore store = Book.open(crashed, books)) {
            assertThat(store.ledger().remembers(books, position.token())).isTrue();
            assertThat(store.ledger().remembers(books, "")).isTrue();
            assertThat(store.ledger().remembers(books, "another")).isFalse();
            assertThat(store.ledger().lastPhase(books)).contains(Phase.JSON_PRIMARY);
            assertThat(store.ledger().read(books).orElseThrow().position().timeline())
                    .isEqualTo(position.timeline());
        }
    }

    /** Looking at all of it for each of its records takes minutes; the time is no measure, only an end. */
    @Test
    @Timeout(60)
    void aLargeUnitOfWorkIsTakenInOneGo() {
        int many = 60_000;
        try (JsonStore store = primary(directory)) {
            store.write(IntStream.rangeClosed(1, many)
                    .mapToObj(id -> Book.put(books, id, "one of many"))
                    .toList());
            List<PendingRecord> taken = store.pending()
                    .take(List.of(books, shelf), many + 1, Long.MAX_VALUE)
                    .records();
            assertThat(taken).hasSize(many);
            assertThat(taken).extracting(pending -> pending.mark().version()).isSorted();
        }
    }
}
