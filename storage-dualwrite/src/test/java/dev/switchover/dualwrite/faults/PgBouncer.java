package dev.switchover.dualwrite.faults;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;

/**
 * A PgBouncer in transaction mode before the test server: every transaction may get another session, and no session state
 * survives one. It needs the program {@code pgbouncer} on the PATH (Debian and Ubuntu: {@code apt-get install pgbouncer});
 * without it, and with a test server that is not the embedded one, the test is skipped, and says so.
 */
final class PgBouncer implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("postgresql://([^:]*):([^@]*)@([^:/]+):(\\d+)/");

    private final Path program;
    private final Path folder;
    private final int port;
    private final Matcher server;
    private Process process;

    private PgBouncer(Path program, Path folder, int port, Matcher server) {
        this.program = program;
        this.folder = folder;
        this.port = port;
        this.server = server;
    }

    /** Before the server of this database, and all others there. */
    static PgBouncer before(TestDatabase database, Path folder) {
        Path program = program();
        Matcher server = URL.matcher(database.url());
        if (!server.find()) {
            throw new IllegalStateException("not the URL of a test database");
        }
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            PgBouncer pooler = new PgBouncer(program, folder, socket.getLocalPort(), server);
            socket.close();
            pooler.write();
            pooler.start();
            return pooler;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path program() {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> {
                    String reason = "there is no pgbouncer on the PATH; install it to run this test (Debian: apt-get"
                            + " install pgbouncer)";
                    System.err.println("SKIPPED: " + reason);
                    return Assumptions.abort(reason);
                });
    }

    /** Fewer sessions than the library has connections. */
    private void write() throws IOException {
        Files.writeString(folder.resolve("users.txt"), "\"" + server.group(1) + "\" \"" + server.group(2) + "\"\n");
        Files.writeString(
                folder.resolve("pgbouncer.ini"),
                String.join(
                        "\n",
                        "[databases]",
                        "* = host=" + server.group(3) + " port=" + server.group(4),
                        "[pgbouncer]",
                        "listen_addr = 127.0.0.1",
                        "listen_port = " + port,
                        "unix_socket_dir =",
                        "auth_type = trust",
                        "auth_file = " + folder.resolve("users.txt"),
                        "pool_mode = transaction",
                        "default_pool_size = 4",
                        "max_client_conn = 200",
                        ""));
        // It does not run as root, and whoever it runs as has to be able to read this.
        for (Path path = folder; path != null && Files.isWritable(path) && path.getNameCount() > 1; ) {
            path.toFile().setReadable(true, false);
            path.toFile().setExecutable(true, false);
            path = path.getParent();
        }
    }

    void start() throws IOException {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name", "").equals("root")) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(
                program.toString(), "-q", folder.resolve("pgbouncer.ini").toString()));
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(this::answers);
    }

    private boolean answers() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("pgbouncer ended: " + Files.readString(folder.resolve("log")));
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }

    /** Of a database of the server, through this pooler. */
    String url(TestDatabase database) {
        return database.url().replace("@" + server.group(3) + ":" + server.group(4), "@127.0.0.1:" + port);
    }

    @Override
    public void close() {
        kill();
    }
}
