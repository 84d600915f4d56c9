package dev.switchover.postgres;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.MirrorChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Records as {@code COPY} reads them, encoded while the server stores those before. Used once. */
final class CopyRows {

    private static final int BUFFER = 1 << 16;

    private final RecordTable table;
    private byte[] buffer = new byte[BUFFER + 4_096];
    private int size;

    private CopyRows(RecordTable table) {
        this.table = table;
    }

    /** Sends all of them, none of which may be an absence or an envelope. */
    static void send(Connection connection, RecordTable table, List<MirrorChange> piece) throws SQLException {
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table.name() + " (" + table.idColumn() + ", " + RecordTable.VERSION + ", "
                        + RecordTable.ORDER + ", " + table.valueNames() + ") FROM STDIN");
        try {
            new CopyRows(table).send(copy, piece);
            if (copy.endCopy() != piece.size()) {
                throw new SQLException("COPY took fewer rows than it was sent");
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private void send(CopyIn copy, List<MirrorChange> piece) throws SQLException {
        for (MirrorChange change : piece) {
            row(change, Objects.requireNonNull(change.record()));
            if (size >= BUFFER) {
                copy.writeToCopy(buffer, 0, size);
                size = 0;
            }
        }
        copy.writeToCopy(buffer, 0, size);
    }

    private void row(MirrorChange change, RawRecord record) {
        escape(table.idParameter(change.id()).getBytes(StandardCharsets.UTF_8));
        put('\t');
        ascii(Long.toString(record.version()));
        put('\t');
        ascii(Long.toString(record.order()));
        if (table.document()) {
            put('\t');
            escape(record.body());
        } else {
            for (@Nullable String cell : table.parameters(record.body())) {
                put('\t');
                if (cell == null) {
                    ascii("\\N");
                } else {
                    escape(cell.getBytes(StandardCharsets.UTF_8));
                }
            }
        }
        put('\n');
    }

    private void escape(byte[] text) {
        room(2 * text.length);
        byte[] to = buffer;
        int at = size;
        for (byte next : text) {
            if (next > '\r' && next != '\\' || next < 0) {
                to[at++] = next;
                continue;
            }
            switch (next) {
                case '\\' -> {
                    to[at++] = '\\';
                    to[at++] = '\\';
                }
                case '\t' -> {
                    to[at++] = '\\';
                    to[at++] = 't';
                }
                case '\n' -> {
                    to[at++] = '\\';
                    to[at++] = 'n';
                }
                case '\r' -> {
                    to[at++] = '\\';
                    to[at++] = 'r';
                }
                default -> to[at++] = next;
            }
        }
        size = at;
    }

    private void ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            buffer[size++] = (byte) text.charAt(i);
        }
    }

    private void put(char ascii) {
        room(1);
        buffer[size++] = (byte) ascii;
    }

    private void room(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, Math.addExact(size, bytes)));
        }
    }
}
