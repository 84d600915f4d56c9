package dev.switchover.json.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scanner looks at eight bytes at a time; what it finds has to be what one finds who looks at each. */
class JsonScannerTest {

    private static final String[] PIECES = {
        "\"",
        "\\",
        "\\\\",
        "\\\"",
        "\n",
        "\u0000",
        "\u001f",
        " ",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "a",
        "\u007f",
        "ü",
        "🎈",
        "\u0080",
        "!",
        "#",
        "]",
        "}",
        "0",
        "abcdefg",
        "abcdefgh",
        "abcdefghi",
        "                "
    };

    @Test
    void aStringEndsWhereItEndsByteByByte() {
        for (int seed = 0; seed < 3_000; seed++) {
            byte[] text = hostile(new Random(seed));
            for (boolean lenient : new boolean[] {false, true}) {
                for (int at = 0; at < Math.min(text.length, 10); at++) {
                    int begin = at;
                    assertThat(outcome(() -> new JsonScanner(text, lenient).string(begin)))
                            .as("seed %s, from %s, lenient %s", seed, at, lenient)
                            .isEqualTo(outcome(() -> string(text, begin, lenient)));
                }
            }
        }
    }

    /** Every byte at every place of the eight, alone and behind another that stops. */
    @Test
    void everyByteIsSeenForWhatItIs() {
        for (int value = 0; value < 256; value++) {
            for (int place = 1; place < 20; place++) {
                byte[] text = ("\"" + "x".repeat(19) + "\"").getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) value;
                for (int other = 1; other < place; other++) {
                    text[other] = (byte) (value + 1);
                    assertThat(outcome(() -> new JsonScanner(text).string(0)))
                            .isEqualTo(outcome(() -> string(text, 0, false)));
                    text[other] = 'x';
                }
                assertThat(outcome(() -> new JsonScanner(text).string(0)))
                        .isEqualTo(outcome(() -> string(text, 0, false)));
            }
        }
    }

    @Test
    void theFirstByteThatIsNotUtf8IsFoundWhereverItIs() {
        for (int length = 0; length < 40; length++) {
            byte[] text = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            assertThat(Utf8.firstInvalid(text)).isEqualTo(-1);
            for (int place = 0; place < length; place++) {
                text[place] = (byte) 0xFF;
                assertThat(Utf8.firstInvalid(text)).isEqualTo(place);
                text[place] = 'x';
            }
        }
        assertThat(Utf8.firstInvalid("1234567ü90123456789".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(-1);
    }

    @Test
    void anObjectOrArrayEndsWhereItEndsByteByByte() {
        for (int seed = 0; seed < 6_000; seed++) {
            byte[] text = hostile(new Random(seed), seed % 2 == 0 ? "{" : "[");
            boolean lenient = seed % 3 == 0;
            assertThat(outcome(() -> new JsonScanner(text, lenient).value(0)))
                    .as("seed %s", seed)
                    .isEqualTo(outcome(() -> nested(text, lenient)));
        }
        for (int value = 0; value < 256; value++) {
            for (int place = 1; place < 20; place++) {
                byte[] text = ("{" + "1".repeat(19) + "}").getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) value;
                assertThat(outcome(() -> new JsonScanner(text).value(0))).isEqualTo(outcome(() -> nested(text, false)));
            }
        }
    }

    private static int nested(byte[] text, boolean lenient) throws MalformedFileException {
        JsonScanner telling = new JsonScanner(text);
        StringBuilder closers = new StringBuilder();
        for (int i = 0; i < text.length; ) {
            char next = (char) (text[i] & 0xFF);
            if (next == '"') {
                i = string(text, i, lenient);
                continue;
            }
            if (next == '{' || next == '[') {
                closers.append(next == '{' ? '}' : ']');
            } else if (next == '}' || next == ']') {
                char wanted = closers.charAt(closers.length() - 1);
                closers.setLength(closers.length() - 1);
                if (next != wanted) {
                    throw telling.wrong(i, "expected " + wanted);
                }
                if (closers.length() == 0) {
                    return i + 1;
                }
            }
            i++;
        }
        throw telling.wrong(0, "a " + (char) text[0] + " that is never closed");
    }

    private static byte[] hostile(Random random) {
        return hostile(random, "\"");
    }

    private static byte[] hostile(Random random, String opening) {
        StringBuilder text = new StringBuilder(opening);
        int pieces = random.nextInt(24);
        for (int i = 0; i < pieces; i++) {
            text.append(
                    random.nextInt(3) > 0
                            ? "plain text ".substring(random.nextInt(11))
                            : PIECES[random.nextInt(PIECES.length)]);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 2 && random.nextInt(4) == 0) {
            bytes[1 + random.nextInt(bytes.length - 1)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private interface Scan {
        int end() throws MalformedFileException;
    }

    private static String outcome(Scan scan) {
        try {
            return "ends at " + scan.end();
        } catch (MalformedFileException e) {
            return e.problem();
        }
    }

    private static int string(byte[] text, int at, boolean lenient) throws MalformedFileException {
        JsonScanner telling = new JsonScanner(text);
        if (at >= text.length || text[at] != '"') {
            throw telling.wrong(at, "expected a string");
        }
        for (int i = at + 1; i < text.length; i++) {
            byte next = text[i];
            if (next == '"') {
                return i + 1;
            }
            if (next == '\\') {
                i++;
            } else if (next >= 0 && next < ' ' && !lenient) {
                throw telling.wrong(i, "a control character in a string");
            }
        }
        throw telling.wrong(at, "a string without end");
    }
}
