package dev.switchover.dualwrite.mirror;

import static dev.switchover.dualwrite.testing.MemoryPair.bodies;
import static dev.switchover.dualwrite.testing.MemoryPair.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Mirroring;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A mirror that lacks everything, of which what is beyond a few records is loaded. */
class DirectLoadTest extends RunningMirrors {

    private static final int FEW = 5;
    private static final int ALL = 40;

    private final MemoryPair pair = new MemoryPair(Store.JSON);
    private final List<RecordId> loaded = new CopyOnWriteArrayList<>();

    DirectLoadTest() {
        super(MirrorSettings.DEFAULTS
                .withTimeout(LONG)
                .withManyDiffer(FEW)
                .withPauses(Duration.ofMillis(50), Duration.ofMillis(20), Duration.ofMinutes(1))
                .withDeadlines(Duration.ofSeconds(2), Duration.ofSeconds(5)));
    }

    @BeforeEach
    void writeSome() {
        for (int i = 1; i <= ALL; i++) {
            pair.save(i, "before");
        }
        pair.mirrorDisk().faults().on(Moment.DURING, Call.to(Operation.LOAD), call -> loaded.addAll(call.ids()));
    }

    private Mirroring mirroring() {
        return pair.primary().ledger().read(pair.expenses()).orElseThrow().mirroring();
    }

    @Test
    void whatTheMirrorLacksIsLoadedWithoutMarks() {
        List<RecordId> marked = new CopyOnWriteArrayList<>();
        pair.primaryDisk().faults().on(Moment.DURING, Call.to(Operation.MARK), call -> marked.addAll(call.ids()));
        inSync(pair);

        assertThat(pair.areEqual()).isTrue();
        assertThat(mirroring()).isEqualTo(Mirroring.ON);
        assertThat(marked).hasSize(FEW);
        assertThat(loaded).hasSize(ALL - FEW).doesNotContainAnyElementsOf(marked);
    }

    @Test
    void aRecordThatIsPendingIsLeftToItsMarkWithTheRestOfItsUnit() {
        pair.primaryDisk()
                .faults()
                .once(
                        Moment.BEFORE,
                        Call.to(Operation.AMONG),
                        call -> pair.write(
                                pair.put(pair.expenses(), 3, "unit"),
                                pair.put(pair.expenses(), 20, "unit"),
                                pair.put(pair.incomes(), 1, "unit")));
        inSync(pair);

        assertThat(loaded).hasSize(ALL - FEW - 1).doesNotContain(id(20));
        assertThat(pair.areEqual()).isTrue();
    }

    @Test
    void whatIsWrittenOrDeletedDuringTheLoadReachesTheMirror() {
        pair.mirrorDisk().faults().once(Moment.DURING, Call.to(Operation.LOAD), call -> {
            pair.save(20, "written meanwhile");
            pair.remove(21);
            pair.save(100, "new");
        });
        inSync(pair);
        await().until(pair::areEqual);

        assertThat(loaded).contains(id(20), id(21));
        assertThat(bodies(pair.mirror(), pair.expenses()))
                .doesNotContainKey("21")
                .containsKey("100");
    }

    @Test
    void whatTheMirrorRefusesIsParkedAndTheRestArrives() {
        try (var refusal = pair.mirrorDisk().faults().refuses(id(7), "23514")) {
            Mirror mirror = start(pair, MirrorSettings.DEFAULTS.withManyDiffer(FEW));
            assertThat(mirror.awaitInSync(LONG)).isTrue();

            assertThat(pair.primary().pending().parked(pair.expenses()))
                    .extracting(parked -> parked.mark().id())
                    .containsExactly(id(7));
            assertThat(bodies(pair.mirror(), pair.expenses())).hasSize(ALL - 1);
        }
    }

    @Test
    void aLoadThatFailsIsBegunAgain() {
        try (var away = pair.mirrorDisk().faults().unreachable(Call.to(Operation.LOAD))) {
            Mirror mirror = start(pair, MirrorSettings.DEFAULTS.withManyDiffer(FEW));
            await().until(() -> mirror.status().health() == MirrorCondition.DEGRADED);
            assertThat(mirroring()).isEqualTo(Mirroring.SYNCING);
        }
        await().until(() -> mirroring() == Mirroring.ON);
        assertThat(pair.areEqual()).isTrue();
    }

    /** Nothing acknowledges what was loaded, so a mirror put back to before it would look like one that is in step. */
    @Test
    void theStoresNoteEachOthersPositionAfterTheLoadAndBeforeMirroringIsOn() {
        List<String> order = new CopyOnWriteArrayList<>();
        pair.mirrorDisk().faults().on(Moment.DURING, Call.to(Operation.LOAD), call -> order.add("load"));
        pair.mirrorDisk().faults().on(Moment.DURING, Call.to(Operation.REMEMBER), call -> order.add("token"));
        pair.primaryDisk().faults().on(Moment.DURING, Call.to(Operation.NOTE_SEEN), call -> order.add("noted"));
        pair.primaryDisk().faults().on(Moment.BEFORE, Call.to(Operation.COMPARE_AND_SET), call -> {
            if (order.contains("load")) {
                order.add("on");
            }
        });
        inSync(pair);

        List<String> since = order.subList(order.lastIndexOf("load"), order.size());
        assertThat(since).startsWith("load", "token", "noted", "on");
    }
}
