package dev.switchover.dualwrite.reconcile;

import static dev.switchover.dualwrite.testing.MemoryPair.bodies;
import static dev.switchover.dualwrite.testing.MemoryPair.content;
import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.Mirroring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReconcilerTest {

    private static final Fence FENCE = new Fence(1, 0);

    private final MemoryPair pair = new MemoryPair(Store.JSON);
    private final Reconciler reconciler = new Reconciler();

    @BeforeEach
    void writeSome() {
        for (int i = 1; i <= 5; i++) {
            pair.save(i, "note " + i);
        }
    }

    private static RawRecord record(long number, long version, long order, String note) {
        byte[] body = ("{\"id\":" + number + ",\"note\":\"" + note + "\"}").getBytes(StandardCharsets.UTF_8);
        return new RawRecord(id(number), version, order, body);
    }

    /** In the mirror: 1 as it is, 2 of another version, 3 in another place, 4 changed, 5 missing, 6 and 10 extra. */
    private void differ() {
        pair.mirrorDisk().tamper(pair.expenses(), record(1, 1, 1, "note 1"));
        pair.mirrorDisk().tamper(pair.expenses(), record(2, 1, 2, "note 2"));
        pair.mirrorDisk().tamper(pair.expenses(), record(3, 3, 9, "note 3"));
        pair.mirrorDisk().tamper(pair.expenses(), record(4, 4, 4, "other"));
        pair.mirrorDisk().tamper(pair.expenses(), record(6, 6, 6, "extra"));
        pair.mirrorDisk().tamper(pair.expenses(), record(10, 6, 7, "extra"));
    }

    @Test
    void everyKindOfDifferenceIsFound() {
        differ();
        List<String> found = new ArrayList<>();
        Counts counts = reconciler.compare(
                pair.primary(),
                pair.mirror(),
                pair.expenses(),
                difference -> found.add(difference.toString()),
                Progress.NONE);
        assertThat(found).containsExactly("VERSION 2", "ORDER 3", "CONTENT 4", "MISSING 5", "EXTRA 6", "EXTRA 10");
        assertThat(counts).isEqualTo(new Counts(2, 1, 2, 1, 1, 0, 1));
    }

    @Test
    void whatDiffersBecomesPendingButNotWhatHasAnotherVersionOnly() {
        differ();
        reconciler.markDifferences(pair.primary(), pair.mirror(), pair.expenses(), FENCE, Progress.NONE);
        List<RecordId> pending =
                pair.primary().pending().take(List.of(pair.expenses()), 100, 1 << 20).records().stream()
                        .map(taken -> taken.mark().id())
                        .toList();
        assertThat(pending).containsExactlyInAnyOrder(id(3), id(4), id(5), id(6), id(10));
    }

    @Test
    void aComparisonOfAnEarlierWorkerMarksNothing() {
        differ();
        assertThatThrownBy(() -> reconciler.markDifferences(
                        pair.primary(), pair.mirror(), pair.expenses(), new Fence(1, 7), Progress.NONE))
                .isInstanceOf(FencedException.class);
        assertThat(pair.primary().pending().summary(pair.expenses()).count()).isZero();
    }

    @Test
    void copyingMakesTheReceiverEqualAndHandsOverWhatWasNotPendingBeforeItIsOverwritten() {
        pair.mirroring(Mirroring.ON);
        pair.save(4, "pending");
        differ();
        List<String> unexpected = new ArrayList<>();
        List<String> order = new ArrayList<>();
        pair.mirrorDisk().faults().on(Moment.DURING, Call.to(Operation.LOAD), call -> order.add("load"));
        Counts counts = reconciler.copy(
                pair.primary(),
                pair.mirror(),
                pair.expenses(),
                FENCE,
                Progress.NONE,
                new DifferenceSink() {
                    @Override
                    public void accept(Difference difference) {
                        unexpected.add(difference.toString());
                    }

                    @Override
                    public void force() {
                        order.add("force");
                    }
                },
                () -> order.add("opened"));
        assertThat(content(pair.mirror(), pair.expenses())).isEqualTo(content(pair.primary(), pair.expenses()));
        assertThat(unexpected).containsExactly("ORDER 3", "MISSING 5", "EXTRA 6", "EXTRA 10");
        assertThat(order).containsExactly("opened", "force", "load");
        assertThat(counts.different()).isEqualTo(5);
    }

    @Test
    void copyingManyRecordsToldInSteps() {
        for (int i = 1; i <= 3_000; i++) {
            pair.save(i, "many");
        }
        List<Progress.Step> steps = new ArrayList<>();
        reconciler.copy(pair.primary(), pair.mirror(), pair.expenses(), FENCE, steps::add, difference -> {}, () -> {});
        assertThat(bodies(pair.mirror(), pair.expenses())).hasSize(3_000);
        assertThat(steps.get(steps.size() - 1)).satisfies(last -> {
            assertThat(last.finished()).isTrue();
            assertThat(last.done()).isEqualTo(3_000);
            assertThat(last.total()).hasValue(3_000);
        });
    }

    @Test
    void idsAreWalkedByNumberAndNotByText() {
        for (long i : new long[] {9, 10, 11, 99, 100, -5}) {
            pair.save(i, "x");
            pair.mirrorDisk().tamper(pair.expenses(), record(i, 1, 1, "x"));
        }
        Counts counts =
                reconciler.compare(pair.primary(), pair.mirror(), pair.expenses(), difference -> {}, Progress.NONE);
        assertThat(counts.missing()).isEqualTo(5);
        assertThat(counts.extra()).isZero();
    }

    @Test
    void aFailingScanEndsTheComparison() {
        try (var fault = pair.mirrorDisk().faults().unreachable(Call.to(Operation.SCAN))) {
            assertThatThrownBy(() -> reconciler.compare(
                            pair.primary(), pair.mirror(), pair.expenses(), difference -> {}, Progress.NONE))
                    .isInstanceOf(StoreUnavailableException.class);
        }
    }

    @Test
    void whatIsPendingIsNoDrift() {
        pair.mirroring(Mirroring.ON);
        pair.save(7, "pending");
        Verification verification =
                reconciler.verify(pair.primary(), pair.mirror(), pair.expenses(), Duration.ofMillis(50), Progress.NONE);
        assertThat(verification.pending()).isEqualTo(1);
        assertThat(verification.counts().missing()).isEqualTo(5);
        assertThat(verification.drift())
                .extracting(finding -> finding.id().text())
                .containsExactly("1", "2", "3", "4", "5");
    }

    @Test
    void savedAsideRecordsCanBeReadBackAsTheyWere(@TempDir Path directory) throws Exception {
        Path file;
        try (SavedAside aside = new SavedAside(directory, pair.expenses(), "test", Clock.systemUTC())) {
            assertThat(aside.file()).isEmpty();
            aside.accept(new Difference(Difference.Kind.EXTRA, id(1), null, record(1, 2, 3, "häßlich\\n")));
            aside.accept(new Difference(Difference.Kind.MISSING, id(2), record(2, 2, 3, "x"), null));
            aside.force();
            file = aside.file().orElseThrow();
            assertThat(aside.records()).isEqualTo(1);
        }
        assertThat(file.getParent()).isEqualTo(directory.resolve(".switchover").resolve("aside"));
        assertThat(Files.readAllLines(file))
                .containsExactly(
                        "{\"collection\":\"expenses\",\"id\":\"1\",\"version\":2,\"order\":3,\"reason\":\"test\","
                                + "\"body\":\"{\\\"id\\\":1,\\\"note\\\":\\\"häßlich\\\\n\\\"}\"}");
    }

    /** The real disk, which notes which folders it made durable, and in which order. */
    private static final class NotingDisk implements Disk {

        private final List<String> noted = new ArrayList<>();

        @Override
        public void createDirectory(Path directory) throws IOException {
            noted.add("create " + directory.getFileName());
            Disk.real().createDirectory(directory);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            noted.add("force " + directory.getFileName());
            Disk.real().forceDirectory(directory);
        }

        @Override
        public DiskFile create(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void force(Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copyMode(Path model, Path file) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void rename(Path from, Path to) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(Path file) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void theFolderOfSavedAsideRecordsIsDurableBeforeAnythingIsInIt(@TempDir Path directory) {
        NotingDisk disk = new NotingDisk();
        try (SavedAside aside = new SavedAside(disk, directory, pair.expenses(), "test", Clock.systemUTC())) {
            aside.save(record(1, 2, 3, "kept"));
        }
        assertThat(disk.noted).containsExactly("create aside", "force aside");
    }
}
