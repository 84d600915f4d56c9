package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.journal.Change;
import dev.switchover.json.records.CollectionState;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CopyTimeTest {

    private static final Instant SEEN = Instant.ofEpochMilli(7_000);

    private final CollectionState state = new CollectionState(Book.schema());

    @Test
    void withoutALedgerItIsTheLastWrite() {
        state.restoreLastWrite(5_000);
        assertThat(CopyTime.of(state)).isEqualTo(Instant.ofEpochMilli(5_000));
    }

    @Test
    void ofAnAuthorityItIsTheLastWriteWhateverItHasSeen() {
        entry(State.ACTIVE, new Position("t", 3, "token", SEEN));
        assertThat(CopyTime.of(state)).isEqualTo(Instant.ofEpochMilli(5_000));
    }

    @Test
    void ofAMirrorItIsTheMomentUpToWhichItIsComplete() {
        entry(State.MIRROR, new Position("t", 3, "token", SEEN));
        assertThat(CopyTime.of(state)).isEqualTo(SEEN);
    }

    @Test
    void ofAMirrorThatHasSeenNothingItIsTheLastWrite() {
        entry(State.MIRROR, Position.NONE);
        assertThat(CopyTime.of(state)).isEqualTo(Instant.ofEpochMilli(5_000));
    }

    private void entry(State of, Position seen) {
        LedgerEntry entry =
                LedgerEntry.first(new UUID(1, 1), Position.NONE).with(of, 1).withSeen(seen);
        state.apply(1, 5_000, new Change.Entry("books", entry));
        state.restoreLastWrite(5_000);
    }
}
