package dev.switchover.dualwrite.shadow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.shadow.ShadowReads.Counted;
import dev.switchover.dualwrite.testing.Call;
import dev.switchover.dualwrite.testing.Call.Operation;
import dev.switchover.dualwrite.testing.Faults;
import dev.switchover.dualwrite.testing.Faults.Moment;
import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.Query;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.RecordAccess;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ShadowReadsTest {

    private final MemoryPair pair = new MemoryPair(Store.JSON);
    private final ShadowReads shadow = new ShadowReads(100);

    @BeforeEach
    void bothHoldTheSame() {
        for (long id = 1; id <= 3; id++) {
            pair.save(id, "x");
            RawRecord record = pair.primary()
                    .find(pair.expenses(), new RecordId(String.valueOf(id)))
                    .orElseThrow();
            pair.mirrorDisk().tamper(pair.expenses(), record);
        }
        pair.mirroring(Mirroring.ON);
    }

    @AfterEach
    void close() {
        shadow.close();
    }

    @Test
    void answersThatAreAlikeAreEqual() {
        read(store -> store.find(pair.expenses(), new RecordId("1")));
        read(store -> store.find(pair.expenses(), new RecordId("4")));
        read(store -> store.list(pair.expenses(), Query.all()));
        read(store -> store.count(pair.expenses(), Query.all()));
        assertThat(counted(4)).isEqualTo(new Counted(4, 0, 0, 0, 0));
    }

    @Test
    void driftIsAMismatchInEveryKindOfRead() {
        pair.mirrorDisk().tamper(pair.expenses(), new RecordId("2"));
        read(store -> store.find(pair.expenses(), new RecordId("2")));
        read(store -> store.list(pair.expenses(), Query.all()));
        read(store -> store.count(pair.expenses(), Query.all()));
        assertThat(counted(3)).isEqualTo(new Counted(3, 0, 3, 0, 0));
    }

    @Test
    void whatIsPendingIsNoMismatch() {
        pair.save(2, "newer");
        pair.save(5, "new");
        read(store -> store.find(pair.expenses(), new RecordId("2")));
        read(store -> store.list(pair.expenses(), Query.all()));
        read(store -> store.count(pair.expenses(), Query.all()));
        assertThat(counted(3)).isEqualTo(new Counted(3, 3, 0, 0, 0));
    }

    @Test
    void whatHasChangedSinceTheReadIsNoMismatch() {
        byte[] body = "{\"id\":2,\"note\":\"older\"}".getBytes(StandardCharsets.UTF_8);
        RecordId id = new RecordId("2");
        shadow.offer(
                pair.expenses(),
                pair.primary(),
                pair.mirror(),
                java.util.Optional.of(new RawRecord(id, 1, 1, body)),
                store -> store.find(pair.expenses(), id));
        assertThat(counted(1)).isEqualTo(new Counted(1, 1, 0, 0, 0));
    }

    @Test
    void beforeEverythingWasComparedNothingIsAMismatch() {
        pair.mirroring(Mirroring.SYNCING);
        pair.mirrorDisk().tamper(pair.expenses(), new RecordId("2"));
        read(store -> store.find(pair.expenses(), new RecordId("2")));
        assertThat(counted(1)).isEqualTo(new Counted(1, 1, 0, 0, 0));
    }

    @Test
    void nobodyWaitsForAMirrorThatHangsAndTheQueueIsBounded() {
        try (Faults.Hang hang = pair.mirrorDisk().faults().hang(Moment.BEFORE, Call.to(Operation.FIND))) {
            for (int i = 0; i < 200; i++) {
                read(store -> store.find(pair.expenses(), new RecordId("1")));
            }
            assertThat(shadow.counted(pair.expenses()).dropped()).isGreaterThanOrEqualTo(200 - 64 - 1);
        }
        await().until(() -> {
            Counted counted = shadow.counted(pair.expenses());
            return counted.compared() + counted.dropped() + counted.failed() == 200;
        });
    }

    @Test
    void aMirrorThatIsAwayIsAFailureAndNoMismatch() {
        try (Faults.Fault away = pair.mirrorDisk().faults().unreachable()) {
            read(store -> store.find(pair.expenses(), new RecordId("1")));
            await().until(() -> shadow.counted(pair.expenses()).failed() == 1);
        }
        assertThat(shadow.counted(pair.expenses()).compared()).isZero();
    }

    @Test
    void withoutAShareThereIsNoThread() {
        try (ShadowReads none = new ShadowReads(0)) {
            assertThat(none.isChosen()).isFalse();
        }
    }

    private <R> void read(Function<RecordAccess, R> call) {
        shadow.offer(pair.expenses(), pair.primary(), pair.mirror(), call.apply(pair.primary()), call);
    }

    private Counted counted(long compared) {
        await().until(() -> shadow.counted(pair.expenses()).compared() >= compared);
        return shadow.counted(pair.expenses());
    }
}
