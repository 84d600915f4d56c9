package dev.switchover.dualwrite.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.testing.MemoryPair;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;

/** Tests that start mirrors on a {@link MemoryPair}; they are closed behind each test. */
abstract class RunningMirrors {

    static final Duration LONG = Duration.ofSeconds(5);

    final List<Mirror> started = new CopyOnWriteArrayList<>();
    /** Collections whose authority was lost. */
    final List<String> lost = new CopyOnWriteArrayList<>();

    private final MirrorSettings usual;

    RunningMirrors(MirrorSettings usual) {
        this.usual = usual;
    }

    @AfterEach
    void close() {
        started.forEach(Mirror::close);
    }

    Mirror start(MemoryPair pair, MirrorSettings settings) {
        MirrorListener listener = new MirrorListener() {
            @Override
            public void authorityLost(CollectionSchema<?, ?> schema, String reason) {
                lost.add(schema.name());
            }
        };
        Mirror mirror = new Mirror(
                pair.primary(),
                pair.mirror(),
                pair.schemas(),
                schema -> pair.mirror().prepare(),
                listener,
                settings,
                Clock.systemUTC());
        started.add(mirror);
        mirror.start();
        return mirror;
    }

    Mirror inSync(MemoryPair pair) {
        return inSync(pair, usual);
    }

    Mirror inSync(MemoryPair pair, MirrorSettings settings) {
        Mirror mirror = start(pair, settings);
        assertThat(mirror.awaitInSync(LONG)).isTrue();
        await().until(() -> mirror.status().health() == MirrorCondition.IN_SYNC);
        return mirror;
    }
}
