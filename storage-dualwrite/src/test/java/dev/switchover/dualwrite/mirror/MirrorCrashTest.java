package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.testing.Faults.Fault;
import dev.switchover.dualwrite.testing.MemoryDisk;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The process dies at each moment of each call to either store, in both directions. Some of what the mirror lacks is marked, the
 * rest is loaded.
 */
class MirrorCrashTest {

    private static final Duration LONG = Duration.ofSeconds(10);
    private static final MirrorSettings SETTINGS = MirrorSettings.DEFAULTS
            .withTimeout(LONG)
            .withBatchRecords(5)
            .withManyDiffer(5)
            .withPauses(Duration.ofMillis(2), Duration.ofMillis(2), Duration.ofMillis(2))
            .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(2));

    @ParameterizedTest
    @CsvSource({"JSON,true", "JSON,false", "POSTGRESQL,true", "POSTGRESQL,false"})
    void acknowledgedWritesSurviveACrashAndReachTheMirror(Store primary, boolean onThePrimary) {
        crashAtEvery(13, primary, onThePrimary);
    }

    @Tag("slow")
    @ParameterizedTest
    @CsvSource({"JSON,true", "JSON,false", "POSTGRESQL,true", "POSTGRESQL,false"})
    void acknowledgedWritesSurviveACrashAtEveryMoment(Store primary, boolean onThePrimary) {
        crashAtEvery(1, primary, onThePrimary);
    }

    private static void crashAtEvery(int stride, Store primary, boolean onThePrimary) {
        boolean crashed;
        int n = 1;
        do {
            MemoryPair pair = new MemoryPair(primary);
            for (int i = 1; i <= 12; i++) {
                pair.save(i, "before");
            }
            MemoryDisk disk = onThePrimary ? pair.primaryDisk() : pair.mirrorDisk();
            AtomicBoolean died = new AtomicBoolean();
            Fault fault = disk.faults().at(n, call -> {
                died.set(true);
                pair.primary().die();
                pair.mirror().die();
            });
            Life life = new Life(pair, died);
            life.run();
            fault.close();
            crashed = died.get();
            pair.crash();
            try (Mirror next = mirror(pair)) {
                assertThat(next.awaitInSync(LONG)).as("moment %d", n).isTrue();
                assertThat(pair.areEqual()).as("moment %d", n).isTrue();
                assertThat(MemoryPair.bodies(pair.primary(), pair.expenses()))
                        .as("moment %d", n)
                        .containsAllEntriesOf(life.acknowledged);
            }
            n += stride;
        } while (crashed);
        assertThat(n).as("moments").isGreaterThan(100);
    }

    private static Mirror mirror(MemoryPair pair) {
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> pair.mirror().prepare(),
                MirrorListener.NONE,
                SETTINGS,
                Clock.systemUTC());
        mirror.start();
        return mirror;
    }

    /** What one process does until it dies. */
    private static final class Life {
        private final MemoryPair pair;
        private final AtomicBoolean died;
        private final Map<String, String> acknowledged = new HashMap<>();

        private Life(MemoryPair pair, AtomicBoolean died) {
            this.pair = pair;
            this.died = died;
        }

        private void run() {
            try (Mirror mirror = mirror(pair)) {
                awaitInSync(mirror);
                for (int i = 1; i <= 6; i++) {
                    put(mirror, i);
                }
                mirror.offer(pair.write(pair.put(pair.expenses(), 20, "unit"), pair.put(pair.incomes(), 20, "unit")));
                // Neither handed over: as if by another instance.
                put(null, 30);
                put(null, 3);
                awaitInSync(mirror);
            } catch (StorageException e) {
                // The process has died.
            }
        }

        private void awaitInSync(Mirror mirror) {
            boolean inSync;
            do {
                inSync = mirror.awaitInSync(Duration.ofMillis(50));
            } while (!inSync && !died.get());
        }

        private void put(@Nullable Mirror mirror, int id) {
            Write.Put put = (Write.Put) pair.put(pair.expenses(), id, "life");
            // A write whose answer got lost may have happened or not.
            acknowledged.remove(Integer.toString(id));
            var written = pair.write(put);
            acknowledged.put(Integer.toString(id), new String(put.body(), StandardCharsets.UTF_8));
            if (mirror != null) {
                mirror.offer(written);
            }
        }
    }
}
