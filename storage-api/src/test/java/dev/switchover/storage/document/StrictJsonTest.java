package dev.switchover.storage.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.DocumentLimits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {

    private static final DocumentLimits LIMITS = DocumentLimits.standard();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " {\t\"a\" :\r\n1 } ",
                "{\"a\":[1,-0,-0.0,1e2,1E+2,1e-2,12345678901234567890123456789012345]}",
                "{\"a\":{\"a\":{\"a\":null}},\"b\":true,\"c\":false}",
                "{\"\":\"\"}",
                "{\"é\":\"e\u0301\",\"😀\":\"\\ud83d\\ude00\"}",
                "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"}",
                "{\"a\":0e10}",
                "{\"a\":\"\u007f\u0080\uffff\"}"
            })
    void takesStrictJson(String text) {
        assertThatCode(() -> check(text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '\'',
            delimiter = '|',
            value = {
                "''                          |       | no JSON object",
                "'1'                         |       | no JSON object",
                "'\"a\"'                     |       | no JSON object",
                "'{\"a\":1}x'                |       | follows the end",
                "'{\"a\":1}{}'               |       | follows the end",
                "'{\"a\":1,}'                |       | key in double quotes",
                "'{\"a\":[1,]}'              | /a/1  | no JSON value",
                "'{\"a\":01}'                | /a    | leading zeros",
                "'{\"a\":+1}'                | /a    | no JSON value",
                "'{\"a\":.5}'                | /a    | no JSON value",
                "'{\"a\":1.}'                | /a    | no JSON number",
                "'{\"a\":1e}'                | /a    | no JSON number",
                "'{\"a\":-}'                 | /a    | no JSON number",
                "'{\"a\":NaN}'               | /a    | no JSON value",
                "'{\"a\":nul}'               | /a    | no JSON value",
                "'{\"a\":truex}'             | /a    | is missing",
                "'{\"a\" 1}'                 | /a    | missing",
                "'{a:1}'                     |       | key in double quotes",
                "'{\"a\":\"'                 | /a    | breaks off",
                "'{\"a\":\"\\u12'            | /a    | escape",
                "'{\"a\":\"\\x\"}'           | /a    | escape",
                "'{\"a\":{\"b\":1,\"b\":2}}' | /a/b  | twice",
                "'{\"a\":1,\"\\u0061\":2}'   | /a    | twice",
                "'{\"a/b~c\":[{},\"\\u0000\"]}' | /a~1b~0c/1 | NUL",
                "'{\"a\\u0000\":1}'          |       | NUL",
                "'{\"a\":\"\\ud800\"}'       | /a    | surrogate",
                "'{\"a\":\"\\udc00\"}'       | /a    | surrogate",
                "'{\"a\":\"\\ud800\\ud800\"}' | /a   | surrogate",
                "'{\"a\":\"\\ud800x\"}'      | /a    | surrogate",
                "'{\"\\ud800\":1}'           |       | surrogate",
                "'{\"a\":9E99999999999}'     | /a    | digits",
                "'{\"a\":9E-99999999999}'    | /a    | digits",
                "'{\"a\":0E99999999999}'     | /a    | digits",
                "'{\"a\":[1e1000]}'          | /a/0  | digits",
                "'{\"a\":[1e-1000]}'         | /a/0  | digits",
                "'[1'                        | /0    | breaks off",
            })
    void refusesAnythingElseAndSaysWhere(String text, String pointer, String reason) {
        MalformedJsonException refused = refusal(text.getBytes(StandardCharsets.UTF_8));
        assertThat(refused.pointer()).isEqualTo(pointer == null ? "" : pointer);
        assertThat(refused.reason()).contains(reason);
    }

    @Test
    void refusesRawNulAndControlCharacters() {
        assertThat(refusal("{\"a\":\"x\0\"}".getBytes(StandardCharsets.UTF_8)).reason())
                .contains("NUL");
        assertThat(refusal("{\"a\":\"x\n\"}".getBytes(StandardCharsets.UTF_8)).reason())
                .contains("control");
    }

    @Test
    void refusesAByteOrderMark() {
        assertThat(refusal("\uFEFF{}".getBytes(StandardCharsets.UTF_8)).reason())
                .contains("byte order mark");
    }

    @Test
    void refusesEveryInvalidUtf8Sequence() {
        int[][] sequences = {
            {0x80},
            {0xC0, 0x80},
            {0xC1, 0xBF},
            {0xC3},
            {0xE0, 0x80, 0x80},
            {0xE0, 0x9F, 0xBF},
            {0xED, 0xA0, 0x80},
            {0xED, 0xBF, 0xBF},
            {0xE2, 0x82},
            {0xF0, 0x80, 0x80, 0x80},
            {0xF0, 0x8F, 0xBF, 0xBF},
            {0xF4, 0x90, 0x80, 0x80},
            {0xF5, 0x80, 0x80, 0x80},
            {0xFF},
            {0xF0, 0x9F, 0x98}
        };
        for (int[] sequence : sequences) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            text.writeBytes("{\"id\":7,\"a\":\"".getBytes(StandardCharsets.UTF_8));
            for (int b : sequence) {
                text.write(b);
            }
            text.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));
            MalformedJsonException refused = refusal(text.toByteArray());
            assertThat(refused.reason()).contains("UTF-8");
            assertThat(refused.pointer()).isEqualTo("/a");
            assertThat(refused.soundPart().raw()).isEqualTo("{\"id\":7}");
        }
    }

    @Test
    void everyPrefixOfATextIsRefusedWithoutAnyOtherError() {
        byte[] text =
                "{\"a\":[1.5e3,{\"b\\n\":\"\\ud83d\\ude00é\"},true,null],\"c\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length < text.length; length++) {
            refusal(Arrays.copyOf(text, length));
        }
    }

    @Test
    void everyChangedByteIsTakenOrRefusedWithoutAnyOtherError() {
        byte[] text =
                "{\"a\":[1.5e3,{\"b\\n\":\"\\ud83d\\ude00é\"},true,null],\"c\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < text.length; at++) {
            for (int b = 0; b < 256; b++) {
                byte[] changed = text.clone();
                changed[at] = (byte) b;
                try {
                    StrictJson.check(changed, LIMITS);
                    new TextStyle("\n", "", " ", ",", ": ").lay(changed);
                } catch (MalformedJsonException expected) {
                    expected.soundPart().members();
                }
            }
        }
    }

    @Test
    void keepsTheLimits() {
        DocumentLimits tight = new DocumentLimits(100, 3, 12, 5, 20);
        assertThat(refusal("{\"a\":[[[]]]}", tight).reason()).contains("3 levels");
        assertThat(refusal("{\"a\":[1,2,3,4,5,6,7,8,9,10]}", tight).reason()).contains("12 tokens");
        assertThat(refusal("{\"a\":123456}", tight).reason()).contains("5 digits");
        assertThat(refusal("{\"a\":0.12345}", tight).reason()).contains("5 digits");
        assertThat(refusal("{\"a\":\"" + "x".repeat(100) + "\"}", tight).reason())
                .contains("100 bytes");
        assertThatCode(() -> StrictJson.check("{\"a\":[[1.2345]]}".getBytes(StandardCharsets.UTF_8), tight))
                .doesNotThrowAnyException();
    }

    @Test
    void deepNestingNeverOverflowsTheStack() {
        DocumentLimits deep = new DocumentLimits(64 << 20, 1_000, 100_000_000, 1_000, 512);
        assertThat(refusal("[".repeat(1_000_000), deep).reason()).contains("1000 levels");
    }

    @Test
    void aHundredThousandKeysOfOneObjectAreCheckedInTime() {
        String keys =
                IntStream.range(0, 100_000).mapToObj(i -> "\"k" + i + "\":0").collect(Collectors.joining(","));
        Assertions.assertTimeout(Duration.ofSeconds(5), () -> check("{" + keys + "}"));
        assertThat(refusal(("{" + keys + ",\"k5\":1}").getBytes(StandardCharsets.UTF_8))
                        .reason())
                .contains("twice");
    }

    private static void check(String text) throws MalformedJsonException {
        StrictJson.check(text.getBytes(StandardCharsets.UTF_8), LIMITS);
    }

    private static MalformedJsonException refusal(byte[] text) {
        return catchThrowableOfType(MalformedJsonException.class, () -> StrictJson.check(text, LIMITS));
    }

    private static MalformedJsonException refusal(String text, DocumentLimits limits) {
        return catchThrowableOfType(
                MalformedJsonException.class, () -> StrictJson.check(text.getBytes(StandardCharsets.UTF_8), limits));
    }
}
