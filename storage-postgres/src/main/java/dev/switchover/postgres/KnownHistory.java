package dev.switchover.postgres;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Written;
import org.jspecify.annotations.Nullable;

/** What this process has seen in a collection it serves: the server must never have less. Thread-safe. */
final class KnownHistory {

    private final CollectionSchema<?, ?> schema;
    private long counter;
    private long acknowledged;
    private String token = "";
    private @Nullable Put last;

    KnownHistory(CollectionSchema<?, ?> schema) {
        this.schema = schema;
    }

    /** The last record stored by this process, and its version. */
    record Put(RecordId id, long version) {}

    /** All of it at one moment. */
    record Facts(
            CollectionSchema<?, ?> schema,
            long counter,
            String token,
            @Nullable Put last) {

        /** What the server lacks of this, or null if it has everything. */
        @Nullable
        String lostIn(Found found, boolean sameTimeline) {
            if (found.counter == null) {
                return "it has no ledger entry any more";
            }
            if (found.counter < counter) {
                return "its version counter says " + found.counter + ", it has been " + counter;
            }
            if (!token.isEmpty() && !found.remembers) {
                return "its history lacks what this process has read in it";
            }
            if (last == null) {
                return null;
            }
            // Somebody else may have deleted it, which is told apart only where nothing newer is known of. A counter
            // may
            // have jumped over what was lost, so on a new timeline the last record is what decides.
            boolean lost =
                    found.stored == null ? !sameTimeline && last.version == counter : found.stored < last.version;
            return lost ? "the last record written to it is not there" : null;
        }
    }

    /**
     * What the server says.
     *
     * @param counter of the versions; null if there is no ledger entry
     * @param remembers whether the token is in its history
     * @param stored the version of the last record; null if it is not there
     */
    record Found(
            @Nullable Long counter,
            boolean remembers,
            @Nullable Long stored) {}

    synchronized void saw(LedgerEntry entry) {
        counter = Math.max(counter, entry.position().version());
        token = entry.position().token();
    }

    /** @param ours whether records have versions of their own, for nobody else writes to their table */
    synchronized void acknowledged(Written written, boolean ours) {
        if (written.version() > acknowledged) {
            acknowledged = written.version();
            counter = Math.max(counter, acknowledged);
            last = written.record() == null || !ours ? null : new Put(written.id(), written.version());
        }
    }

    /** The highest version acknowledged. */
    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized Facts facts() {
        return new Facts(schema, counter, token, last);
    }
}
