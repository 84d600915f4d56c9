package dev.switchover.postgres;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.MirrorChange;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Records as {@code COPY} reads them, encoded while the server stores those before. Documents go in its binary form, which the
 * server need not search for escapes; columns are of types whose binary form is the server's own affair. Used once.
 */
final class CopyRows {

    private static final int BUFFER = 1 << 16;
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int DOCUMENT_FIELDS = 4;
    private static final int END = -1;

    private final RecordTable table;
    private final boolean binary;
    private byte[] buffer = new byte[BUFFER + 4_096];
    private int size;

    private CopyRows(RecordTable table) {
        this.table = table;
        this.binary = table.document();
    }

    /** Sends all of them, none of which may be an absence or an envelope. */
    static void send(Connection connection, RecordTable table, List<MirrorChange> piece) throws SQLException {
        CopyRows rows = new CopyRows(table);
        CopyIn copy = connection
                .unwrap(PGConnection.class)
                .getCopyAPI()
                .copyIn("COPY " + table.name() + " (" + table.idColumn() + ", " + RecordTable.VERSION + ", "
                        + RecordTable.ORDER + ", " + table.valueNames() + ") FROM STDIN"
                        + (rows.binary ? " (FORMAT binary)" : ""));
        try {
            rows.send(copy, piece);
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
        if (binary) {
            raw(SIGNATURE);
            number(0, Integer.BYTES); // no flags
            number(0, Integer.BYTES); // no more header
        }
        for (MirrorChange change : piece) {
            RawRecord record = Objects.requireNonNull(change.record());
            if (binary) {
                document(change, record);
            } else {
                columns(change, record);
            }
            if (size >= BUFFER) {
                copy.writeToCopy(buffer, 0, size);
                size = 0;
            }
        }
        if (binary) {
            number(END, Short.BYTES);
        }
        copy.writeToCopy(buffer, 0, size);
    }

    private void document(MirrorChange change, RawRecord record) {
        number(DOCUMENT_FIELDS, Short.BYTES);
        id(table.idParameter(change.id()));
        field(record.version());
        field(record.order());
        field(record.body());
    }

    private void id(String id) {
        switch (table.schema().idType()) {
            case LONG -> field(Long.parseLong(id));
            case STRING, COMPOSED -> field(id.getBytes(StandardCharsets.UTF_8));
            case UUID -> {
                UUID uuid = UUID.fromString(id);
                number(2 * Long.BYTES, Integer.BYTES);
                number(uuid.getMostSignificantBits(), Long.BYTES);
                number(uuid.getLeastSignificantBits(), Long.BYTES);
            }
        }
    }

    private void field(long value) {
        number(Long.BYTES, Integer.BYTES);
        number(value, Long.BYTES);
    }

    private void field(byte[] value) {
        number(value.length, Integer.BYTES);
        raw(value);
    }

    /** The lowest so many bytes of it, the highest of them first. */
    private void number(long value, int bytes) {
        room(bytes);
        for (int shift = Byte.SIZE * (bytes - 1); shift >= 0; shift -= Byte.SIZE) {
            buffer[size++] = (byte) (value >> shift);
        }
    }

    private void raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, buffer, size, bytes.length);
        size += bytes.length;
    }

    private void columns(MirrorChange change, RawRecord record) {
        escape(table.idParameter(change.id()).getBytes(StandardCharsets.UTF_8));
        put('\t');
        ascii(Long.toString(record.version()));
        put('\t');
        ascii(Long.toString(record.order()));
        for (@Nullable String cell : table.parameters(record.body())) {
            put('\t');
            if (cell == null) {
                ascii("\\N");
            } else {
                escape(cell.getBytes(StandardCharsets.UTF_8));
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
