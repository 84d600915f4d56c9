package dev.switchover.dualwrite.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Base64LinesTest {

    private final byte[] content = new byte[300_000];

    Base64LinesTest() {
        new Random(7).nextBytes(content);
    }

    private String encoded(String end) {
        return Base64.getMimeEncoder(76, end.getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
    }

    private static Base64Lines lines(String text) {
        return new Base64Lines(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void whatWasEncodedIsReadWhateverTheLines() throws IOException {
        for (String end : new String[] {"\n", "\r\n"}) {
            try (Base64Lines in = lines(encoded(end))) {
                assertThat(in.readAllBytes()).isEqualTo(content);
                assertThat(in.read()).isEqualTo(-1);
            }
        }
        try (Base64Lines in = lines(Base64.getEncoder().encodeToString(content))) {
            assertThat(in.readAllBytes()).as("one line of any length").isEqualTo(content);
        }
    }

    /** A record of 4 kB came as 75 reads, and whoever puts it together made a buffer of 128 kB for it. */
    @Test
    void aReadTakesAllThereIsRoomForAndNotALine() throws IOException {
        try (Base64Lines in = lines(encoded("\n"))) {
            assertThat(in.read(new byte[1 << 16])).isEqualTo(1 << 16);
        }
    }

    @Test
    void aLineThatIsNoneIsALineBreakAndTheOthersStay() throws IOException {
        String first = Base64.getEncoder().encodeToString("first".getBytes(StandardCharsets.US_ASCII));
        String third = Base64.getEncoder().encodeToString("third".getBytes(StandardCharsets.US_ASCII));
        try (Base64Lines in = lines(first + "\n$$$$\n" + third + "\n")) {
            assertThat(in.readAllBytes()).asString().isEqualTo("first\nthird");
        }
    }

    @Test
    void whatWasReadBeforeTheDiskFailedIsNotLost() throws IOException {
        InputStream failing = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk fails");
            }
        };
        String line = Base64.getEncoder().encodeToString("first".getBytes(StandardCharsets.US_ASCII)) + "\n";
        InputStream begun = new ByteArrayInputStream(line.getBytes(StandardCharsets.US_ASCII));
        try (Base64Lines in = new Base64Lines(new SequenceInputStream(begun, failing))) {
            byte[] read = new byte[100];
            assertThat(in.read(read)).isEqualTo(5);
            assertThatThrownBy(() -> in.read(read)).hasMessage("the disk fails");
        }
    }
}
