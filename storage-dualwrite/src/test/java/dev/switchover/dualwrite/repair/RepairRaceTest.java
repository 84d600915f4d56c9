package dev.switchover.dualwrite.repair;

import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.dualwrite.repair.Repair.Wish;
import dev.switchover.dualwrite.report.ReportFiles;
import dev.switchover.dualwrite.report.Reports;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the comparison and the mark: nothing of the mirror is given up that was not saved aside. */
class RepairRaceTest {

    @TempDir
    Path directory;

    private final MemoryPair pair = new MemoryPair(Store.JSON);
    private boolean compared;

    @BeforeEach
    void drift() {
        pair.mirroring(Mirroring.ON);
        for (int i = 1; i <= 3; i++) {
            pair.save(i, "note " + i);
            pair.mirrorDisk().tamper(pair.expenses(), tampered(i, "tampered"));
        }
        LedgerEntry entry = pair.primary().ledger().read(pair.expenses()).orElseThrow();
        List<RecordId> all = List.of(id(1), id(2), id(3));
        assertThat(pending()).containsExactlyInAnyOrderElementsOf(all);
        pair.primary()
                .pending()
                .acknowledge(
                        Map.of(pair.expenses(), new Fence(entry.epoch(), entry.term())),
                        pair.primary().pending().marks(pair.expenses(), 10));
    }

    private static RawRecord tampered(long number, String note) {
        byte[] body = ("{\"id\":" + number + ",\"note\":\"" + note + "\"}").getBytes(StandardCharsets.UTF_8);
        return new RawRecord(id(number), number, number, body);
    }

    private List<RecordId> pending() {
        return pair.primary().pending().marks(pair.expenses(), 10).stream()
                .map(mark -> mark.id())
                .toList();
    }

    private RepairReport repair() {
        Reports reports = new Reports(new ReportFiles(directory), null);
        return new Repair(directory, reports, Clock.systemUTC())
                .run(
                        pair.primary(),
                        pair.mirror(),
                        pair.expenses(),
                        Wish.NOTHING_DELETED,
                        step -> compared |= step.finished(),
                        () -> false);
    }

    private List<String> saved(RepairReport report) throws IOException {
        return Files.readAllLines(Path.of(report.file()));
    }

    @Test
    void whatCannotBeSavedAsideIsLeftThoughItCouldBeReadWhenItWasCompared() throws IOException {
        pair.mirrorDisk().faults().on(Moment.BEFORE, call -> saves(call, 2), call -> {
            throw new InvalidRecordException("expenses", "2", "", "somebody made it unreadable just now");
        });

        RepairReport report = repair();

        assertThat(pending()).containsExactlyInAnyOrder(id(1), id(3));
        assertThat(report.repaired()).isEqualTo(2);
        assertThat(report.leftUnreadable()).isEqualTo(1);
        assertThat(report.savedAside()).isEqualTo(2);
        assertThat(saved(report)).hasSize(2).noneMatch(line -> line.contains("\"id\":\"2\""));
    }

    @Test
    void whatIsSavedAsideIsWhatIsOverwrittenAndNotWhatWasCompared() throws IOException {
        pair.mirrorDisk()
                .faults()
                .once(
                        Moment.BEFORE,
                        call -> saves(call, 2),
                        call -> pair.mirrorDisk().tamper(pair.expenses(), tampered(2, "tampered again")));

        assertThat(saved(repair())).hasSize(3).anyMatch(line -> line.contains("tampered again"));
    }

    @Test
    void nothingIsMarkedBeforeWhatItCostsIsSaved() {
        pair.primaryDisk()
                .faults()
                .once(
                        Moment.BEFORE,
                        Call.to(Operation.MARK),
                        call -> assertThat(directory
                                        .resolve(".switchover/aside")
                                        .toFile()
                                        .listFiles())
                                .singleElement()
                                .satisfies(file -> assertThat(file)
                                        .content()
                                        .contains("\"id\":\"1\"", "\"id\":\"2\"", "\"id\":\"3\"")));

        assertThat(repair().repaired()).isEqualTo(3);
    }

    @Test
    void aNewTermOfTheMirrorWorkerIsNoHindrance() {
        AtomicInteger marks = new AtomicInteger();
        pair.primaryDisk().faults().on(Moment.BEFORE, Call.to(Operation.MARK), call -> {
            if (marks.incrementAndGet() < 3) {
                LedgerEntry entry =
                        pair.primary().ledger().read(pair.expenses()).orElseThrow();
                pair.primary().ledger().compareAndSet(pair.expenses(), entry, entry.withTerm(entry.term() + 1), "test");
            }
        });

        assertThat(repair().repaired()).isEqualTo(3);
        assertThat(pending()).hasSize(3);
        assertThat(marks).hasValue(3);
    }

    @Test
    void wherePendingIsNoLongerRecordedNothingIsMarked() {
        pair.mirrorDisk().faults().once(Moment.BEFORE, call -> saves(call, 2), call -> pair.mirroring(Mirroring.OFF));

        assertThatThrownBy(this::repair)
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("no longer records what is pending");
        assertThat(pending()).isEmpty();
    }

    /** It is found again to be saved, after everything was compared. */
    private boolean saves(Call call, long number) {
        return compared && call.operation() == Operation.FIND && call.ids().contains(id(number));
    }
}
