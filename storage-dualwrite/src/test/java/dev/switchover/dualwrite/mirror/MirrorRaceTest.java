package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.reconcile.Verification;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Written;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several writers of the same few ids; what they hand over comes late, out of order, or not at all. */
class MirrorRaceTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final MirrorSettings SETTINGS = MirrorSettings.DEFAULTS
            .withTimeout(LONG)
            .withBatchRecords(8)
            .withPauses(Duration.ofMillis(5), Duration.ofMillis(1), Duration.ofMillis(5));

    @ParameterizedTest
    @EnumSource(Store.class)
    void noOlderStateIsLeftBehind(Store primary) throws Exception {
        for (long seed = 1; seed <= 15; seed++) {
            race(primary, seed, 150);
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(Store.class)
    void noOlderStateIsLeftBehindInManyRounds(Store primary) throws Exception {
        for (long seed = 100; seed <= 400; seed++) {
            race(primary, seed, 300);
        }
    }

    private static void race(Store primary, long seed, int writes) throws Exception {
        MemoryPair pair = new MemoryPair(primary);
        List<String> backwards = watchForOlderStates(pair);
        try (Mirror mirror = start(pair)) {
            assertThat(mirror.awaitInSync(LONG)).isTrue();
            inParallel(4, writer -> {
                Random random = new Random(seed * 31 + writer);
                List<List<Written>> late = new ArrayList<>();
                for (int i = 0; i < writes; i++) {
                    late.add(write(pair, random));
                    if (random.nextInt(3) == 0) {
                        mirror.offer(late.remove(random.nextInt(late.size())));
                    }
                }
                late.forEach(mirror::offer);
            });
            assertThat(mirror.awaitInSync(LONG)).as("seed %d", seed).isTrue();
            assertThat(backwards).as("seed %d", seed).isEmpty();
            assertThat(pair.areEqual()).as("seed %d", seed).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(Store.class)
    void verifyRaisesNoFalseAlarmUnderLiveWritesAndFindsRealDrift(Store primary) throws Exception {
        MemoryPair pair = new MemoryPair(primary);
        try (Mirror mirror = start(pair)) {
            for (int i = 1_000; i < 1_100; i++) {
                pair.save(i, "quiet");
            }
            assertThat(mirror.awaitInSync(LONG)).isTrue();
            AtomicBoolean stop = new AtomicBoolean();
            List<Verification> verifications = new ArrayList<>();
            inParallel(4, writer -> {
                Random random = new Random(writer);
                if (writer > 0) {
                    while (!stop.get()) {
                        mirror.offer(write(pair, random));
                    }
                    return;
                }
                try {
                    for (int i = 0; i < 40; i++) {
                        verifications.add(new Reconciler().verify(pair.primary(), pair.mirror(), pair.expenses()));
                    }
                    byte[] other = "{\"id\":1001,\"note\":\"other\"}".getBytes(StandardCharsets.UTF_8);
                    pair.mirrorDisk().tamper(pair.expenses(), id(1_000));
                    pair.mirrorDisk().tamper(pair.expenses(), new RawRecord(id(1_001), 2, 2, other));
                    pair.mirrorDisk().tamper(pair.expenses(), new RawRecord(id(5_000), 2, 2, other));
                    verifications.add(new Reconciler().verify(pair.primary(), pair.mirror(), pair.expenses()));
                } finally {
                    stop.set(true);
                }
            });
            Verification last = verifications.remove(verifications.size() - 1);
            assertThat(verifications).allMatch(Verification::clean);
            assertThat(last.drift().stream().map(finding -> finding.kind() + " " + finding.id()))
                    .containsExactlyInAnyOrder("MISSING 1000", "CONTENT 1001", "EXTRA 5000");
            assertThat(last.counts().different()).isEqualTo(3);
        }
    }

    private static Mirror start(MemoryPair pair) {
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> {},
                MirrorListener.NONE,
                SETTINGS,
                Clock.systemUTC());
        mirror.start();
        return mirror;
    }

    private static List<Written> write(MemoryPair pair, Random random) {
        int id = 1 + random.nextInt(4);
        return switch (random.nextInt(5)) {
            case 0 -> pair.remove(id);
            case 1 ->
                pair.write(
                        pair.put(pair.expenses(), id, "unit " + random.nextInt(1_000)),
                        pair.put(pair.incomes(), id, "unit " + random.nextInt(1_000)));
            default -> pair.save(id, "note " + random.nextInt(1_000));
        };
    }

    /** Records of the mirror whose version fell. */
    private static List<String> watchForOlderStates(MemoryPair pair) {
        List<String> backwards = new ArrayList<>();
        Map<RecordId, Long> last = new ConcurrentHashMap<>();
        pair.mirrorDisk().faults().on(Moment.AFTER, Call.to(Operation.APPLY), call -> {
            for (RawRecord record : pair.mirror().records(pair.expenses())) {
                Long before = last.put(record.id(), record.version());
                if (before != null && before > record.version()) {
                    backwards.add(record.id() + " from " + before + " to " + record.version());
                }
            }
        });
        return backwards;
    }

    private interface Work {
        void run(int worker);
    }

    private static void inParallel(int workers, Work work) throws InterruptedException, ExecutionException {
        ExecutorService executor = Executors.newFixedThreadPool(workers);
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                int worker = i;
                futures.add(executor.submit(() -> work.run(worker)));
            }
            for (Future<?> future : futures) {
                future.get();
            }
        } finally {
            executor.shutdownNow();
        }
    }
}
