package dev.switchover.dualwrite.switchover;

import dev.switchover.dualwrite.guard.Histories;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;
import java.util.List;
import java.util.Optional;

/**
 * Notes how far a store has come without losing what shows that it went back. Whatever is noted takes the place of what was noted
 * before, so the store is asked once more whether it still has that, after the token of the new note was written into it: a copy
 * that is put back later lacks the new token, one that was put back earlier lacks the old one.
 */
final class Onward {

    private Onward() {}

    /**
     * Writes a token into the store's history and returns the position that carries it.
     *
     * @param noted what the new position takes the place of
     * @throws StartRefusedException if the store lacks what was noted of it
     */
    static Position remember(Turn turn, Store store, Position noted) {
        Position now = turn.store(store).ledger().remember(turn.schema());
        require(turn, store, noted);
        return now;
    }

    /** @throws StartRefusedException if the store lacks what was noted of it: a backup has been put back meanwhile */
    static void require(Turn turn, Store store, Position noted) {
        boolean remembers = turn.store(store).ledger().remembers(turn.schema(), noted.token());
        Optional<Position> present =
                turn.store(store).ledger().read(turn.schema()).map(LedgerEntry::position);
        if (present.isEmpty() || Histories.wentBack(present.get(), remembers, noted)) {
            throw new StartRefusedException(
                    "WENT-BACK-IN-TIME",
                    List.of(
                            "collection " + turn.collection(),
                            store.label() + " lost what it held when this start began"),
                    "Was a backup put back just now? Start again when it is complete.",
                    null);
        }
    }
}
