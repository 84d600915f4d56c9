package dev.switchover.examples.benchmarks.stage;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A longer way to a server: what arrives goes on, in both directions, a fixed time after it arrived. Its throughput does not
 * suffer, as that of a long cable does not. Threads: two for each direction of each connection. It can also let nothing
 * through any more, as a server that hangs.
 */
public final class DelayingProxy implements AutoCloseable {

    private final String host;
    private final int port;
    private final long oneWayNanos;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean swallowing;
    private volatile boolean closed;

    private DelayingProxy(String host, int port, Duration roundTrip, ServerSocket listening) {
        this.host = host;
        this.port = port;
        this.oneWayNanos = roundTrip.toNanos() / 2;
        this.listening = listening;
    }

    /**
     * Listens on this machine alone, on a port of its own.
     *
     * @param roundTrip how much longer an answer takes; half of it on each way
     */
    public static DelayingProxy open(String host, int port, Duration roundTrip) throws IOException {
        ServerSocket listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        DelayingProxy proxy = new DelayingProxy(host, port, roundTrip, listening);
        start("benchmark-proxy-accept", proxy::accept);
        return proxy;
    }

    public String host() {
        return listening.getInetAddress().getHostAddress();
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** From now on takes all that is sent, from old connections and new ones, and hands nothing on; no connection is refused or ended. */
    public void swallow() {
        swallowing = true;
    }

    private void accept() {
        while (!closed) {
            try {
                connect(listening.accept());
            } catch (IOException refused) {
                // The server is away, or this is closed: the client sees its connection end, as it does without a
                // proxy.
            }
        }
    }

    private void connect(Socket client) throws IOException {
        open.add(client);
        try {
            Socket server = new Socket(host, port);
            open.add(server);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            forward(client, server);
            forward(server, client);
        } catch (IOException refused) {
            drop(client);
            throw refused;
        }
        if (closed) {
            dropAll();
        }
    }

    private void forward(Socket from, Socket to) {
        DelayLine line = new DelayLine(oneWayNanos);
        start("benchmark-proxy-in", () -> {
            try {
                line.fill(from.getInputStream());
            } catch (IOException broken) {
                drop(from);
                drop(to);
            }
        });
        start("benchmark-proxy-out", () -> {
            try {
                line.drain(unlessSwallowing(to.getOutputStream()));
                to.shutdownOutput();
            } catch (IOException broken) {
                drop(from);
                drop(to);
            } finally {
                line.abandon();
            }
        });
    }

    private OutputStream unlessSwallowing(OutputStream out) {
        return new FilterOutputStream(out) {
            @Override
            public void write(byte[] bytes) throws IOException {
                if (!swallowing) {
                    out.write(bytes);
                }
            }
        };
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void drop(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            // Nothing is left to be closed.
        }
    }

    private void dropAll() {
        open.forEach(this::drop);
    }

    /** Ends every connection; what is on its way is lost. */
    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        dropAll();
    }
}
