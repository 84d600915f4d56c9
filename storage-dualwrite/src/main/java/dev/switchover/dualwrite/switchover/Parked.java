package dev.switchover.dualwrite.switchover;

import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.ParkedRecord;
import java.util.List;
import java.util.stream.Collectors;

/** Records the other store refuses, when the authority is to change. */
final class Parked {

    private Parked() {}

    /** @throws StartRefusedException if there are any: an authority that serves is not sealed for a copy that will fail */
    static void requireNone(Turn turn, Store from) {
        List<ParkedRecord> parked = turn.store(from).pending().parked(turn.schema());
        if (!parked.isEmpty()) {
            throw refusal(turn.collection(), from, parked);
        }
    }

    static StartRefusedException refusal(String collection, Store from, List<ParkedRecord> parked) {
        String ids = parked.stream()
                .limit(10)
                .map(record -> record.mark().id().toString())
                .collect(Collectors.joining(", "));
        return new StartRefusedException(
                "PARKED-RECORDS",
                List.of(
                        "collection " + collection,
                        parked.size() + " records are refused by "
                                + from.other().label() + ": " + ids + (parked.size() > 10 ? ", …" : "")),
                "Change or delete them, retry them once the cause is gone, or discard them (what is discarded is saved aside);"
                        + " then start again.",
                null);
    }

    /** The other store has them by now, or mirroring ends: a mark would only stand in the way of a later switchover. */
    static void forget(Turn turn, Store from) {
        List<RecordId> ids = turn.store(from).pending().parked(turn.schema()).stream()
                .map(record -> record.mark().id())
                .toList();
        if (!ids.isEmpty()) {
            turn.store(from).pending().discard(turn.schema(), ids);
        }
    }
}
