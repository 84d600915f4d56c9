package dev.switchover.dualwrite.testing;

import dev.switchover.postgres.testing.TestDatabase;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Stands between a client and a server, and can do to their connections what networks and failing servers do. */
public final class TcpProxy implements AutoCloseable {

    private static final Pattern PORT = Pattern.compile("(?<=@[^:/]{1,200}:)\\d+(?=/)");

    private final String databaseUrl;
    private final int serverPort;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listening;
    private volatile boolean cut;
    private volatile boolean reset;
    private volatile boolean halfClosed;
    private volatile Duration delay = Duration.ZERO;
    private volatile String cutBehind = "";
    private volatile boolean closed;
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private volatile Runnable beforePassing = () -> {};

    public TcpProxy(int serverPort) {
        this("", serverPort);
    }

    private TcpProxy(String databaseUrl, int serverPort) {
        this.databaseUrl = databaseUrl;
        this.serverPort = serverPort;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
        daemon(this::accept);
    }

    /** In front of a database; {@link #url} leads through. */
    public static TcpProxy before(TestDatabase database) {
        Matcher port = PORT.matcher(database.url());
        if (!port.find()) {
            throw new IllegalStateException("not the URL of a test database");
        }
        return new TcpProxy(database.url(), Integer.parseInt(port.group()));
    }

    /** The database's URL by way of this. */
    public String url() {
        return PORT.matcher(databaseUrl).replaceFirst(String.valueOf(port));
    }

    private static ServerSocket listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    /** Ends all connections, and refuses new ones until {@link #mend}. */
    public void cut() {
        cut = true;
        sockets.forEach(TcpProxy::closeQuietly);
    }

    /** Takes bytes and passes none on until {@link #mend}. */
    public void hang() {
        hanging = new CountDownLatch(1);
    }

    /** From now on runs this before any bytes are passed on, in either direction, on the thread that passes them. */
    public void beforePassing(Runnable action) {
        beforePassing = action;
    }

    /** Ends all connections; new ones are refused by the system, for nobody listens. */
    public void refuse() {
        closeQuietly(listening);
        sockets.forEach(TcpProxy::closeQuietly);
    }

    /** Ends all connections, and new ones too, with a reset. */
    public void reset() {
        reset = true;
        sockets.forEach(TcpProxy::closeWithReset);
    }

    /** The server's side seems to have ended every connection, and goes on taking what the client sends. */
    public void halfClose() {
        halfClosed = true;
        for (Socket socket : sockets) {
            if (socket.getLocalPort() == port) {
                shutdownOutput(socket);
            }
        }
    }

    /** Everything takes this much longer, each way. */
    public void slow(Duration pause) {
        delay = pause;
    }

    /** Lets the next request that contains this text through, and cuts the connection instead of answering it. */
    public void cutAnswerTo(String text) {
        cutBehind = text;
    }

    public void mend() {
        cut = false;
        reset = false;
        halfClosed = false;
        delay = Duration.ZERO;
        cutBehind = "";
        hanging.countDown();
        if (listening.isClosed() && !closed) {
            listening = listen(port);
            daemon(this::accept);
        }
    }

    @Override
    public void close() {
        closed = true;
        cut();
        hanging.countDown();
        closeQuietly(listening);
    }

    private void accept() {
        ServerSocket door = listening;
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                if (cut) {
                    closeQuietly(client);
                    continue;
                }
                if (reset) {
                    closeWithReset(client);
                    continue;
                }
                Socket server = new Socket();
                sockets.add(client);
                sockets.add(server);
                server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), serverPort));
                if (cut || reset || door.isClosed()) { // whoever ended all may not have seen these two
                    closeWithReset(client);
                    closeQuietly(server);
                    continue;
                }
                if (halfClosed) {
                    shutdownOutput(client);
                }
                AtomicBoolean answerIsCut = new AtomicBoolean();
                daemon(() -> pump(client, server, request -> lookFor(request, answerIsCut)));
                daemon(() -> pump(server, client, answer -> !answerIsCut.get()));
            } catch (IOException e) {
                if (door.isClosed()) {
                    return;
                }
            }
        }
    }

    private boolean lookFor(String request, AtomicBoolean answerIsCut) {
        String wanted = cutBehind;
        if (!wanted.isEmpty() && request.contains(wanted)) {
            cutBehind = "";
            answerIsCut.set(true);
        }
        return true;
    }

    /** @param goesOn told what is to be passed on, by every char a byte; false ends the connection instead */
    private void pump(Socket from, Socket to, Predicate<String> goesOn) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int length = in.read(buffer);
            while (length >= 0) {
                hanging.await();
                beforePassing.run();
                if (!delay.isZero()) {
                    new CountDownLatch(1).await(delay.toMillis(), TimeUnit.MILLISECONDS);
                }
                if (!goesOn.test(new String(buffer, 0, length, StandardCharsets.ISO_8859_1))) {
                    return;
                }
                if (!to.isOutputShutdown()) {
                    out.write(buffer, 0, length);
                }
                length = in.read(buffer);
            }
        } catch (IOException e) {
            // One side is gone; the other one learns it below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sockets.remove(from);
            sockets.remove(to);
            closeQuietly(from);
            closeQuietly(to);
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone already.
        }
    }

    private static void closeWithReset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is gone already.
        }
        closeQuietly(socket);
    }

    private static void shutdownOutput(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            closeQuietly(socket);
        }
    }
}
