package dev.switchover.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Between client and server: counts requests, hangs, and drops the answer to a chosen request. */
final class TestProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final String host;
    private final int port;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile CountDownLatch hang = new CountDownLatch(0);
    private volatile String cutBehind = "";
    private volatile String hangBehind = "";
    private volatile long hangMillis;

    TestProxy(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon("accept", this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** How many packets clients have sent: every one is a wait for an answer. */
    int requests() {
        return requests.get();
    }

    /** From now on nothing gets through, and no connection is refused. */
    void hang() {
        hang = new CountDownLatch(1);
    }

    /** The same for a while. */
    void hangFor(Duration time) {
        hang();
        CountDownLatch begun = hang;
        daemon("silence", () -> {
            try {
                Thread.sleep(time.toMillis());
                begun.countDown();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** The same, as soon as a request that contains this text has got through. */
    void hangBehind(String text, Duration time) {
        hangMillis = time.toMillis();
        hangBehind = text;
    }

    void goOn() {
        hang.countDown();
    }

    /** Lets the next request that contains this text through, and cuts the connection instead of answering it. */
    void cutAnswerTo(String text) {
        cutBehind = text;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Socket server = new Socket(host, port);
                sockets.add(client);
                sockets.add(server);
                if (listener.isClosed()) { // close() may have looked at the sockets before these were there
                    client.close();
                    server.close();
                    return;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                AtomicBoolean cutting = new AtomicBoolean(); // of this connection: a pool opens others meanwhile
                daemon("up", () -> pump(client, server, true, cutting));
                daemon("down", () -> pump(server, client, false, cutting));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void pump(Socket from, Socket to, boolean up, AtomicBoolean cutting) {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hang.await();
                if (up) {
                    requests.incrementAndGet();
                    String request = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                    if (!cutBehind.isEmpty() && request.contains(cutBehind)) {
                        cutBehind = "";
                        cutting.set(true);
                    }
                    if (!hangBehind.isEmpty() && request.contains(hangBehind)) {
                        hangBehind = "";
                        hangFor(Duration.ofMillis(hangMillis));
                    }
                } else if (cutting.get()) {
                    from.close();
                    to.close();
                    return;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException | InterruptedException e) {
            // The other direction notices it too.
        }
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, "test-proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        hang.countDown();
        try {
            listener.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
