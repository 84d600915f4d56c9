package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong now = new AtomicLong();

    @Test
    void elsewhereThanOnATerminalThereIsALineNowAndThen() {
        try (ProgressDisplay display = new ProgressDisplay(terminal(false), now::get)) {
            display.at("export expenses", 0, OptionalLong.of(100_000), 0, false);
            display.at("export expenses", 10, OptionalLong.of(100_000), 500, false);
            now.addAndGet(Duration.ofSeconds(6).toNanos());
            display.at("export expenses", 20_000, OptionalLong.of(100_000), 1000, false);
            display.at("export expenses", 100_000, OptionalLong.of(100_000), 1000, true);
            display.at("export notes", 7, OptionalLong.empty(), 3, false);
        }

        assertThat(text().lines())
                .containsExactly(
                        "export expenses: 0 of about 100,000",
                        "export expenses: 20,000 of about 100,000, 1,000 a second, 1 min 20 s left",
                        "export expenses: 100,000, done, 1,000 a second",
                        "export notes: 7, 3 a second");
    }

    @Test
    void onATerminalThereIsABarWithRateAndTime() {
        try (ProgressDisplay display = new ProgressDisplay(terminal(true))) {
            display.at("export expenses", 50_000, OptionalLong.of(100_000), 1000, false);
            display.at("export expenses", 100_000, OptionalLong.of(100_000), 1000, true);
        }

        assertThat(text()).contains("export expenses", "100%", "/s");
    }

    private Terminal terminal(boolean interactive) {
        return new Terminal(
                InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(written, true, StandardCharsets.UTF_8),
                interactive);
    }

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }
}
