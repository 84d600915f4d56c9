package dev.switchover.json.journal;

import dev.switchover.json.binary.ByteReader;
import dev.switchover.json.binary.ByteWriter;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.List;

/** Changes as bytes: the payload of a frame. A kind's number and fields never change their meaning. */
public final class ChangeCodec {

    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int MARK = 3;
    private static final int UNMARK = 4;
    private static final int PARK = 5;
    private static final int RETRY = 6;
    private static final int COUNTERS = 7;
    private static final int ENTRY = 8;
    private static final int SEEN = 9;
    private static final int HISTORY = 10;
    private static final int TOKEN = 11;
    private static final int NOTED = 12;
    private static final int RESERVED = 13;

    private ChangeCodec() {}

    static void write(ByteWriter to, long millis, List<Change> changes) {
        to.number(millis).number(changes.size());
        for (Change change : changes) {
            write(to, change);
        }
    }

    static Frame read(long sequence, ByteReader from) {
        long millis = from.number();
        int count = from.count();
        List<Change> changes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            changes.add(readChange(from));
        }
        if (!from.atEnd()) {
            throw new IllegalStateException("frame " + sequence + " has more in it than its changes");
        }
        return new Frame(sequence, millis, List.copyOf(changes));
    }

    private static void write(ByteWriter to, Change change) {
        // Java 17 has no switch over types yet.
        if (change instanceof Change.Put put) {
            key(to, PUT, put, put.id())
                    .number(put.version())
                    .number(put.order())
                    .bytes(put.body());
        } else if (change instanceof Change.Delete delete) {
            key(to, DELETE, delete, delete.id()).number(delete.version());
        } else if (change instanceof Change.Mark mark) {
            key(to, MARK, mark, mark.id())
                    .number(mark.version())
                    .number(mark.unit())
                    .number(mark.since());
        } else if (change instanceof Change.Unmark unmark) {
            key(to, UNMARK, unmark, unmark.id()).number(unmark.version());
        } else if (change instanceof Change.Park park) {
            key(to, PARK, park, park.id()).number(park.version()).text(park.reason());
        } else if (change instanceof Change.Retry retry) {
            key(to, RETRY, retry, retry.id());
        } else if (change instanceof Change.Counters counters) {
            head(to, COUNTERS, counters).number(counters.version()).number(counters.highestId());
        } else if (change instanceof Change.Reserved reserved) {
            head(to, RESERVED, reserved).number(reserved.highestId());
        } else if (change instanceof Change.Entry entry) {
            LedgerCodec.write(head(to, ENTRY, entry), entry.entry());
        } else if (change instanceof Change.Seen seen) {
            LedgerCodec.write(head(to, SEEN, seen), seen.position());
        } else if (change instanceof Change.History history) {
            head(to, HISTORY, history).text(history.line());
        } else if (change instanceof Change.Token token) {
            head(to, TOKEN, token).text(token.token());
        } else if (change instanceof Change.Noted noted) {
            head(to, NOTED, noted).text(noted.phase().name());
        } else {
            throw new AssertionError(change.getClass());
        }
    }

    private static ByteWriter head(ByteWriter to, int kind, Change change) {
        return to.octet(kind).text(change.collection());
    }

    private static ByteWriter key(ByteWriter to, int kind, Change change, RecordId id) {
        return head(to, kind, change).text(id.text());
    }

    private static Change readChange(ByteReader from) {
        int kind = from.octet();
        String collection = from.text();
        return switch (kind) {
            case PUT -> new Change.Put(collection, id(from), from.number(), from.number(), from.bytes());
            case DELETE -> new Change.Delete(collection, id(from), from.number());
            case MARK -> new Change.Mark(collection, id(from), from.number(), from.number(), from.number());
            case UNMARK -> new Change.Unmark(collection, id(from), from.number());
            case PARK -> new Change.Park(collection, id(from), from.number(), from.text());
            case RETRY -> new Change.Retry(collection, id(from));
            case COUNTERS -> new Change.Counters(collection, from.number(), from.number());
            case RESERVED -> new Change.Reserved(collection, from.number());
            case ENTRY -> new Change.Entry(collection, LedgerCodec.readEntry(from));
            case SEEN -> new Change.Seen(collection, LedgerCodec.readPosition(from));
            case HISTORY -> new Change.History(collection, from.text());
            case TOKEN -> new Change.Token(collection, from.text());
            case NOTED -> new Change.Noted(collection, from.constant(Phase.class));
            default -> throw new IllegalStateException("a change of kind " + kind + ", unknown to this version");
        };
    }

    private static RecordId id(ByteReader from) {
        return new RecordId(from.text());
    }
}
