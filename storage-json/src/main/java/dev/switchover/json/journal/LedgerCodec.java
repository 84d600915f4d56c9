package dev.switchover.json.journal;

import dev.switchover.json.binary.ByteReader;
import dev.switchover.json.binary.ByteWriter;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Position;
import dev.switchover.storage.spi.State;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;

/**
 * Ledger entries and positions as bytes, in the journal and in checkpoints. An entry's own position and highest id are not
 * written: they are what the collection's counters say when it is read.
 */
public final class LedgerCodec {

    private LedgerCodec() {}

    public static void write(ByteWriter to, LedgerEntry entry) {
        to.fixed(entry.lineage().getMostSignificantBits())
                .fixed(entry.lineage().getLeastSignificantBits())
                .number(entry.epoch())
                .text(entry.fork())
                .text(entry.state().name())
                .flag(entry.confirmed())
                .text(entry.mirroring().name())
                .number(entry.term());
        write(to, entry.seen());
    }

    public static LedgerEntry readEntry(ByteReader from) {
        UUID lineage = new UUID(from.fixed(), from.fixed());
        long epoch = from.number();
        String fork = from.text();
        State state = from.constant(State.class);
        boolean confirmed = from.flag();
        Mirroring mirroring = from.constant(Mirroring.class);
        long term = from.number();
        Position seen = readPosition(from);
        return new LedgerEntry(lineage, epoch, fork, state, confirmed, mirroring, term, Position.NONE, seen, 0);
    }

    public static void write(ByteWriter to, Position position) {
        to.text(position.timeline())
                .number(position.version())
                .text(position.token())
                .fixed(position.time().getEpochSecond())
                .number(position.time().getNano());
    }

    public static Position readPosition(ByteReader from) {
        return new Position(from.text(), from.number(), from.text(), moment(from.fixed(), from.number()));
    }

    private static Instant moment(long seconds, long nanos) {
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalStateException("a position's time beyond all times", e);
        }
    }
}
