package dev.switchover.storage.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Eight bytes at a time find what one at a time finds. The seed is in each failure. */
class PlainTextTest {

    /** Those that stop, their neighbours, and the same with the highest bit. */
    private static final int[] BYTES = {0, 1, 0x1F, 0x20, 0x21, '"', '#', '[', '\\', ']', 0x7F, 0x80, 0xA2, 0xDC, 0xFF};

    @Test
    void everyByteAtEveryPlaceIsFound() {
        for (int octet = 0; octet < 256; octet++) {
            for (int place = 0; place < 24; place++) {
                byte[] text = "abcdefghijklmnopqrstuvwx".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) octet;
                requireSame(text, "byte " + octet + " at " + place);
            }
        }
    }

    @Test
    void besideOthersToo() {
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] text = new byte[random.nextInt(40)];
            for (int i = 0; i < text.length; i++) {
                text[i] = (byte) (random.nextInt(3) == 0 ? BYTES[random.nextInt(BYTES.length)] : 'a');
            }
            requireSame(text, "seed " + seed);
        }
    }

    private static void requireSame(byte[] text, String label) {
        for (int from = 0; from <= text.length; from++) {
            for (int to : new int[] {text.length, (from + text.length) / 2}) {
                assertThat(PlainText.end(text, from, to))
                        .as("%s, from %d to %d", label, from, to)
                        .isEqualTo(oneByOne(text, from, to, true));
                assertThat(PlainText.endOfAscii(text, from, to))
                        .as("%s, ASCII, from %d to %d", label, from, to)
                        .isEqualTo(oneByOne(text, from, to, false));
            }
        }
    }

    private static int oneByOne(byte[] text, int from, int to, boolean beyondAscii) {
        int at = from;
        while (at < to) {
            int octet = text[at] & 0xFF;
            if (octet < 0x20 || octet == '"' || octet == '\\' || octet >= 0x80 && !beyondAscii) {
                return at;
            }
            at++;
        }
        return at;
    }
}
