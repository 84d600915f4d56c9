package dev.switchover.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A PostgreSQL server of a test's own, made to be stopped, killed, copied and promoted, which nobody may do to the shared one of
 * {@link TestDatabase}. Taken from the embedded binaries; with any other kind of test server the test is skipped, and says so. Not
 * thread-safe. It forces to disk.
 */
public final class TestCluster implements AutoCloseable {

    private static final String DATABASE = "app";
    private static final String LOGIN = "postgres";

    private final Path binaries;
    private final Path data;
    private final int port;

    private TestCluster(Path binaries, Path data, int port) {
        this.binaries = binaries;
        this.data = data;
        this.port = port;
    }

    /**
     * A running server with an empty database.
     *
     * @param settings as {@code name = value}
     */
    public static TestCluster start(String... settings) {
        Path binaries = TestServer.embeddedBinaries();
        try {
            Path data = Files.createTempDirectory("switchover-cluster").resolve("data");
            TestCluster cluster = new TestCluster(binaries, data, freePort());
            cluster.run("initdb", "-A", "trust", "-U", LOGIN, "-D", data.toString(), "-E", "UTF-8", "--no-sync");
            cluster.configure("fsync = on", "max_connections = 40", "unix_socket_directories = ''");
            cluster.configure("port = " + cluster.port);
            cluster.configure(settings);
            cluster.begin();
            cluster.execute("postgres", "CREATE DATABASE " + DATABASE + " TEMPLATE template0 ENCODING 'UTF8'");
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A running copy that follows this server; this one is stopped and started again for the copy. */
    public TestCluster standby(String name) {
        stop();
        try {
            Path copy = Files.createTempDirectory("switchover-standby").resolve("data");
            copy(data, copy);
            TestCluster standby = new TestCluster(binaries, copy, freePort());
            Files.createFile(copy.resolve("standby.signal"));
            standby.configure(
                    "port = " + standby.port,
                    "primary_conninfo = 'host=127.0.0.1 port=" + port + " user=" + LOGIN + " application_name=" + name
                            + "'");
            begin();
            standby.begin();
            return standby;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on a commit is acknowledged only when the standby of this name has it too. */
    public void waitFor(String standby) {
        execute("ALTER SYSTEM SET synchronous_standby_names = '" + standby + "'");
        reload();
        String state = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'";
        for (int i = 0; i < 600 && !query(state).equals("1"); i++) {
            LockSupport.parkNanos(50_000_000);
        }
        if (!query(state).equals("1")) {
            throw new IllegalStateException("The standby " + standby + " does not follow");
        }
    }

    /** More lines for the server's configuration; the later one counts. */
    public void configure(String... settings) {
        try {
            Files.write(data.resolve("postgresql.conf"), List.of(settings), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Has the running server read its configuration again. */
    public void reload() {
        run("pg_ctl", "-D", data.toString(), "reload");
    }

    /** {@code host:port}. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** As people write {@code DATABASE_URL}. */
    public String url() {
        return "postgresql://" + LOGIN + ":unused@" + address() + "/" + DATABASE;
    }

    /** The same for several servers. */
    public static String url(TestCluster... servers) {
        String hosts =
                String.join(",", Stream.of(servers).map(TestCluster::address).toList());
        return "postgresql://" + LOGIN + ":unused@" + hosts + "/" + DATABASE;
    }

    /** A new connection, of a superuser. */
    public Connection connect() throws SQLException {
        return connect(DATABASE);
    }

    private Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address() + "/" + database + "?connectTimeout=5&socketTimeout=30", LOGIN, "");
    }

    public void execute(String sql) {
        execute(DATABASE, sql);
    }

    private void execute(String database, String sql) {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The server at " + address() + " refused: " + sql, e);
        }
    }

    /** The first column of the first row. */
    public String query(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        } catch (SQLException e) {
            throw new IllegalStateException("The server at " + address() + " refused: " + sql, e);
        }
    }

    /** Starts a server that was stopped or killed. */
    public void begin() {
        Path log = data.resolveSibling("log");
        run("pg_ctl", "-D", data.toString(), "-l", log.toString(), "-w", "-t", "60", "start");
    }

    /** Stops it in order. */
    public void stop() {
        run("pg_ctl", "-D", data.toString(), "-m", "fast", "-w", "-t", "60", "stop");
    }

    /** {@code kill -9} of the server and everybody who works for it. */
    public void kill() {
        List<ProcessHandle> processes = processes();
        processes.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle process : processes) {
            process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
    }

    /** {@code SIGSTOP}: connections stay open, and nobody answers. */
    public void suspend() {
        signal("-STOP");
    }

    /** {@code SIGCONT}. */
    public void resume() {
        signal("-CONT");
    }

    /** Makes a standby the primary, and waits for that. */
    public void promote() {
        run("pg_ctl", "-D", data.toString(), "-w", "-t", "60", "promote");
    }

    private void signal(String signal) {
        List<String> command = new ArrayList<>(List.of("kill", signal));
        processes().forEach(process -> command.add(Long.toString(process.pid())));
        execute(command);
    }

    private List<ProcessHandle> processes() {
        try {
            Path file = data.resolve("postmaster.pid");
            if (!Files.exists(file)) {
                return List.of();
            }
            long pid = Long.parseLong(Files.readAllLines(file).get(0).strip());
            List<ProcessHandle> found = new ArrayList<>();
            ProcessHandle.of(pid).ifPresent(postmaster -> {
                found.add(postmaster);
                postmaster.descendants().forEach(found::add);
            });
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kills the server and removes its files. */
    @Override
    public void close() {
        kill();
        Path root = data.getParent();
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name", "").equals("root")) {
            command.addAll(List.of("unshare", "-U")); // the server refuses to run as root
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        execute(command);
    }

    private static void execute(List<String> command) {
        try {
            Path output = Files.createTempFile("switchover-cluster", ".out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(120, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed:\n" + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** For a test that needs a server it may kill. */
    static Path skip(String reason) {
        System.err.println("SKIPPED: " + reason);
        return Assumptions.abort(reason);
    }
}
