package dev.switchover.dualwrite.switchover;

import static dev.switchover.dualwrite.switchover.World.THINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.PendingRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database goes back to an older copy of itself between any two calls of a start, which lives on. */
class PutBackHalfWayTest {

    @TempDir
    Path directory;

    /** Found by the model: the older copy still had the record pending, so its newer state in JSON was not saved aside. */
    @Test
    void aRecordJsonHasNewerIsNeverOverwrittenInSilence() {
        boolean reached = true;
        for (int n = 1; reached; n++) {
            Path aside = directory.resolve("json to be primary, moment " + n);
            World world = new World(aside);
            MemoryDisk.Snapshot older = newerInJsonThanInTheCopy(world);

            reached = startAndPutBack(world, Phase.JSON_ONLY, n, older);
            start(world, Phase.JSON_ONLY);

            assertThat(world.records(Store.JSON).getOrDefault("1", "") + savedIn(aside))
                    .as("put back at moment " + n)
                    .contains("newer");
        }
    }

    /** Found by the model: what JSON has noted of the database was replaced by what the older copy says. */
    @Test
    void aCopyThatLostWritesIsNoticedByTheNextStart() {
        boolean reached = true;
        for (int n = 1; reached; n++) {
            World world = new World(directory.resolve("noticed, moment " + n));
            MemoryDisk.Snapshot older = newerInJsonThanInTheCopy(world);
            World.Process last = world.process();
            last.serve(Phase.DB_PRIMARY);
            last.put(Phase.DB_PRIMARY, 2, "only in the database");

            reached = startAndPutBack(world, Phase.DB_PRIMARY, n, older);

            boolean whole = world.records(Store.POSTGRESQL).containsKey("2");
            assertThat(start(world, Phase.DB_PRIMARY))
                    .as("started on the older copy, put back at moment " + n)
                    .isEqualTo(whole);
        }
    }

    private static MemoryDisk.Snapshot newerInJsonThanInTheCopy(World world) {
        world.process().serve(Phase.JSON_ONLY);
        World.Process process = world.process();
        process.serve(Phase.DB_PRIMARY);
        process.put(Phase.DB_PRIMARY, 1, "older");
        MemoryDisk.Snapshot older = world.database.snapshot();
        process.put(Phase.DB_PRIMARY, 1, "newer");
        carryOver(process);
        return older;
    }

    /** What a mirror worker does: applies, forces, acknowledges, and lets both stores note each other's position. */
    private static void carryOver(World.Process process) {
        LedgerEntry leads = process.databaseStore.ledger().read(THINGS).orElseThrow();
        LedgerEntry follows = process.jsonStore.ledger().read(THINGS).orElseThrow();
        Fence there = new Fence(follows.epoch(), follows.term());
        Fence here = new Fence(leads.epoch(), leads.term());
        List<PendingRecord> pending = process.databaseStore
                .pending()
                .take(List.of(THINGS), 100, 1_000_000)
                .records();
        process.jsonStore
                .mirrorTarget()
                .apply(
                        Map.of(THINGS, there),
                        pending.stream()
                                .map(one -> new MirrorChange(
                                        THINGS, one.mark().id(), one.mark().version(), one.present()))
                                .toList(),
                        Map.of());
        process.jsonStore.mirrorTarget().force(Map.of());
        process.databaseStore
                .pending()
                .acknowledge(
                        Map.of(THINGS, here),
                        pending.stream().map(PendingRecord::mark).toList());
        process.jsonStore
                .ledger()
                .noteSeen(THINGS, there, process.databaseStore.ledger().remember(THINGS));
        process.databaseStore
                .ledger()
                .noteSeen(THINGS, here, process.jsonStore.ledger().remember(THINGS));
    }

    /** @return whether the start came as far as the n-th moment */
    private static boolean startAndPutBack(World world, Phase phase, int n, MemoryDisk.Snapshot older) {
        try (World.At at = world.new At(n, call -> world.database.restoreTo(older))) {
            start(world, phase);
            return at.reached();
        }
    }

    /** @return whether it serves */
    private static boolean start(World world, Phase phase) {
        try {
            world.process().serve(phase);
            return true;
        } catch (StartRefusedException e) {
            return false;
        }
    }

    private static String savedIn(Path directory) {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.exists(directory) ? Files.walk(directory) : Stream.empty()) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }
}
