package dev.switchover.examples.benchmarks.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DelayingProxyTest {

    private static final Duration LONG = Duration.ofMillis(40);

    @Test
    void everyByteArrivesInBothDirectionsInItsOrder() throws Exception {
        byte[] sent = new byte[3_000_000];
        new Random(1).nextBytes(sent);
        try (ServerSocket server = echo();
                DelayingProxy proxy = proxy(server, LONG);
                Socket client = new Socket(proxy.host(), proxy.port())) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> send(client, sent));
            byte[] answered = client.getInputStream().readAllBytes();
            writing.join();
            assertThat(answered).isEqualTo(sent);
        }
    }

    @Test
    void anAnswerTakesTheRoundTripLonger() throws Exception {
        try (ServerSocket server = echo();
                DelayingProxy proxy = proxy(server, LONG);
                Socket client = new Socket(proxy.host(), proxy.port())) {
            for (int i = 0; i < 3; i++) {
                long asked = System.nanoTime();
                client.getOutputStream().write(i);
                assertThat(client.getInputStream().read()).isEqualTo(i);
                assertThat(System.nanoTime() - asked).isGreaterThanOrEqualTo(LONG.toNanos());
            }
        }
    }

    /** The second chunk is taken from the sender while the first one, due in an hour, is still under way. */
    @Test
    void whatFollowsIsReadWhileTheFirstIsUnderWay() throws Exception {
        DelayLine line = new DelayLine(Duration.ofHours(1).toNanos());
        CountDownLatch read = new CountDownLatch(5);
        Thread filling = new Thread(() -> fill(line, read));
        filling.setDaemon(true);
        filling.start();
        Thread draining = new Thread(() -> drain(line));
        draining.setDaemon(true);
        draining.start();
        read.await();
        line.abandon();
        filling.join();
        assertThat(draining.isAlive()).isTrue();
    }

    @Test
    void whatIsSwallowedIsNeverAnsweredAndEndsNothing() throws Exception {
        try (ServerSocket server = echo();
                DelayingProxy proxy = proxy(server, Duration.ZERO);
                Socket before = new Socket(proxy.host(), proxy.port())) {
            before.getOutputStream().write(1);
            assertThat(before.getInputStream().read()).isEqualTo(1);
            proxy.swallow();
            try (Socket after = new Socket(proxy.host(), proxy.port())) {
                for (Socket client : List.of(before, after)) {
                    client.getOutputStream().write(2);
                    client.setSoTimeout(200);
                    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
                }
            }
        }
    }

    @Test
    void closingEndsItsConnections() throws Exception {
        try (ServerSocket server = echo();
                DelayingProxy proxy = proxy(server, Duration.ZERO);
                Socket client = new Socket(proxy.host(), proxy.port())) {
            client.getOutputStream().write(7);
            assertThat(client.getInputStream().read()).isEqualTo(7);
            proxy.close();
            assertThat(ended(client)).isTrue();
        }
    }

    private static boolean ended(Socket client) {
        try {
            return client.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    private static void fill(DelayLine line, CountDownLatch read) {
        try {
            line.fill(new InputStream() {
                @Override
                public int read() {
                    throw new UnsupportedOperationException("Chunks only");
                }

                @Override
                public int read(byte[] into, int offset, int length) {
                    read.countDown();
                    return 1;
                }
            });
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void drain(DelayLine line) {
        try {
            line.drain(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
            client.shutdownOutput();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static DelayingProxy proxy(ServerSocket server, Duration roundTrip) throws IOException {
        return DelayingProxy.open(server.getInetAddress().getHostAddress(), server.getLocalPort(), roundTrip);
    }

    /** Sends back what it gets, to each client. */
    private static ServerSocket echo() throws IOException {
        ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        start(() -> {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                start(() -> {
                    try (client) {
                        client.getInputStream().transferTo(client.getOutputStream());
                    }
                });
            }
        });
        return listening;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException ended) {
                // The client or the test is gone.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
