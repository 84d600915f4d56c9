package dev.switchover.json.journal;

import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Position;

/** One step of a frame. All changes of a frame happen, or none. */
public sealed interface Change {

    /** The collection's name. */
    String collection();

    /** The record is now this. */
    record Put(String collection, RecordId id, long version, long order, byte[] body) implements Change {}

    /** The record is no more. */
    record Delete(String collection, RecordId id, long version) implements Change {}

    /** The id is pending, and not parked. {@code since} in milliseconds since the epoch. */
    record Mark(String collection, RecordId id, long version, long unit, long since) implements Change {}

    /** The id is neither pending nor parked, if its mark has this version. */
    record Unmark(String collection, RecordId id, long version) implements Change {}

    /** The mark, if it has this version, is parked. */
    record Park(String collection, RecordId id, long version, String reason) implements Change {}

    /** The mark is no longer parked. */
    record Retry(String collection, RecordId id) implements Change {}

    /** Both counters are at least this. */
    record Counters(String collection, long version, long highestId) implements Change {}

    /** Ids up to this one may have been issued. */
    record Reserved(String collection, long highestId) implements Change {}

    /** The ledger entry has these control fields and this {@code seen}. */
    record Entry(String collection, LedgerEntry entry) implements Change {}

    /** What the entry has seen of the other store. */
    record Seen(String collection, Position position) implements Change {}

    /** A line of the ledger's history. */
    record History(String collection, String line) implements Change {}

    /** A token in the store's own history. */
    record Token(String collection, String token) implements Change {}

    /** The phase of a start. */
    record Noted(String collection, Phase phase) implements Change {}
}
