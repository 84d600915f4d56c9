package dev.switchover.examples.expenses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoppingTest {

    @TempDir
    Path directory;

    @Test
    void aRequestInFlightIsFinishedAndItsExpenseKept() throws Exception {
        RunningService service = RunningService.start(directory, Map.of());
        byte[] body = ServiceClient.expense("2026-03-01", "1.10").getBytes(StandardCharsets.UTF_8);
        try (Socket inFlight = connect(service)) {
            OutputStream out = inFlight.getOutputStream();
            out.write(
                    ("POST /api/v1/expense HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            out.write(body, 0, 10);
            out.flush();
            // Only once the service has answered another request is the first one surely in.
            service.client().get("/api/v1/health");

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(service::close);
            Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> !accepts(service));
            out.write(body, 10, body.length - 10);
            out.flush();

            assertThat(new String(inFlight.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 200")
                    .contains("\"status\":\"created\"");
            stopped.get(15, TimeUnit.SECONDS);
        }
        assertThat(Files.readString(directory.resolve("expenses.json"))).contains("1.10");
        assertThatThrownBy(() -> connect(service)).isInstanceOf(IOException.class);
    }

    private static boolean accepts(RunningService service) {
        try (Socket probe = connect(service)) {
            return probe.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private static Socket connect(RunningService service) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), service.port());
    }
}
