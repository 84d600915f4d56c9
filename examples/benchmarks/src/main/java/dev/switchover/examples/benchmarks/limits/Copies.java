package dev.switchover.examples.benchmarks.limits;

import dev.switchover.examples.benchmarks.stage.Database;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * Binary {@code COPY} by a client and nothing else, of a table that has the library's columns and indexes:
 * <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>.
 */
public final class Copies {

    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int BUFFER = 1 << 16;

    private final Database database;

    public Copies(Database database) {
        this.database = database;
    }

    public void createTable() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE entries (id bigint PRIMARY KEY, body json NOT NULL, version bigint NOT NULL,"
                            + " position bigint NOT NULL)");
            statement.execute("CREATE INDEX ON entries (position, id)");
        }
    }

    /**
     * Writes rows as the server takes them, in as many files, one after the other.
     *
     * @param rows as {@code Psql.writeRows} has written them
     * @param count how many there are
     * @param into names of the files
     */
    public static void writeRows(Path rows, int count, List<Path> into) throws IOException {
        try (Stream<String> lines = Files.lines(rows)) {
            Iterator<String> line = lines.iterator();
            int each = (count + into.size() - 1) / into.size();
            for (Path file : into) {
                try (DataOutputStream out =
                        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), BUFFER))) {
                    out.write(SIGNATURE);
                    out.writeLong(0); // no flags, no further header
                    for (int i = 0; i < each && line.hasNext(); i++) {
                        String row = line.next();
                        int tab = row.indexOf('\t');
                        long id = Long.parseLong(row.substring(0, tab));
                        byte[] body =
                                row.substring(tab + 1).replace("\\\\", "\\").getBytes(StandardCharsets.UTF_8);
                        out.writeShort(4);
                        writeLong(out, id);
                        out.writeInt(body.length);
                        out.write(body);
                        writeLong(out, id);
                        writeLong(out, id);
                    }
                    out.writeShort(-1);
                }
            }
        }
    }

    private static void writeLong(DataOutputStream out, long value) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(value);
    }

    /** Each of them by a connection of its own, all at once. */
    public void load(List<Path> files) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Path file : files) {
            all.add(CompletableFuture.runAsync(() -> {
                try (Connection connection = connect();
                        InputStream in = Files.newInputStream(file)) {
                    connection
                            .unwrap(PGConnection.class)
                            .getCopyAPI()
                            .copyIn("COPY entries FROM STDIN (FORMAT binary)", in, BUFFER);
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }));
        }
        all.forEach(CompletableFuture::join);
    }

    /** @param query what is read; the rows go nowhere */
    public void drain(String query) throws SQLException, IOException {
        read(query, OutputStream.nullOutputStream());
    }

    /** Into a file, hashed, forced; then read back and hashed again. */
    public void export(String query, Path file) throws SQLException, IOException {
        MessageDigest digest = WholeText.digest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            try (OutputStream out = new DigestOutputStream(
                    new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER) {
                        @Override
                        public void close() throws IOException {
                            flush(); // the channel is forced first
                        }
                    },
                    digest)) {
                read(query, out);
            }
            channel.force(true);
        }
        if (!MessageDigest.isEqual(digest.digest(), WholeText.hash(file))) {
            throw new IllegalStateException("What was read back is not what was written");
        }
    }

    /** Reads it again and compares it, byte by byte, with what {@link #export} has written. */
    public void compare(String query, Path file) throws SQLException, IOException {
        try (InputStream expected = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            read(query, new OutputStream() {
                @Override
                public void write(int one) throws IOException {
                    write(new byte[] {(byte) one}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    byte[] other = expected.readNBytes(length);
                    if (!Arrays.equals(bytes, offset, offset + length, other, 0, other.length)) {
                        throw new IOException("The two sides differ");
                    }
                }
            });
            if (expected.read() >= 0) {
                throw new IllegalStateException("The two sides differ");
            }
        }
    }

    /**
     * Reads all rows and compares the text of each with that of its record in a file, byte by byte.
     *
     * @param query of id and body, in the order of the file
     * @param file an array of all records
     */
    public void compareRecords(String query, Path file) throws SQLException, IOException {
        try (CompactText records = new CompactText(file)) {
            read(query, new OutputStream() {
                private int before = '[';

                @Override
                public void write(int one) {
                    throw new UnsupportedOperationException("Whole rows only");
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    // The header comes with the first row; a row has two fields, the end has none.
                    ByteBuffer row = ByteBuffer.wrap(bytes, offset, length);
                    if (before == '[') {
                        row.position(offset + SIGNATURE.length + Long.BYTES);
                    }
                    if (row.getShort() != 2) {
                        return;
                    }
                    row.position(row.position() + Integer.BYTES + Long.BYTES);
                    int body = row.getInt();
                    records.require(before);
                    records.require(bytes, row.position(), body);
                    before = ',';
                }
            });
            records.require(']');
        }
    }

    private void read(String query, OutputStream out) throws SQLException, IOException {
        try (Connection connection = connect()) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY (" + query + ") TO STDOUT (FORMAT binary)", out);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }
}
