package dev.switchover.storage.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.switchover.storage.DocumentLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Generated texts, sound and damaged, read by Jackson as well. The seed is in each failure. */
class GeneratedJsonTest {

    private static final JsonMapper JACKSON = JsonMapper.builder()
            .nodeFactory(JsonNodeFactory.withExactBigDecimals(true))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final byte[] DAMAGE = "{}[],:\"\\u0019eE+-. \0éntf".getBytes(StandardCharsets.UTF_8);

    @Test
    void soundTextsAreTakenAndLaidOutWithoutLosingAnything() throws Exception {
        for (long seed = 0; seed < 3_000; seed++) {
            byte[] text = object(new Random(seed)).getBytes(StandardCharsets.UTF_8);
            String label = "seed " + seed;
            assertThatCode(() -> StrictJson.check(text, DocumentLimits.standard()))
                    .as(label)
                    .doesNotThrowAnyException();
            JsonNode tree = JACKSON.readTree(text);
            byte[] compact = TextStyle.COMPACT.lay(text);
            byte[] pretty = TextStyle.pretty(2).lay(text);
            assertThat(JACKSON.readTree(pretty)).as(label).isEqualTo(tree);
            assertThat(TextStyle.COMPACT.lay(pretty)).as(label).isEqualTo(compact);
            assertThat(TextStyle.pretty(2).lay(compact)).as(label).isEqualTo(pretty);
            assertThat(RecordMerge.merge(pretty, compact, compact)).as(label).isEqualTo(pretty);
        }
    }

    @Test
    void aMergeOfAnyTwoRecordsIsTheSecondOne() throws Exception {
        for (long seed = 0; seed < 3_000; seed++) {
            Random random = new Random(seed);
            byte[] stored = object(random).getBytes(StandardCharsets.UTF_8);
            byte[] after = TextStyle.COMPACT.lay(object(random).getBytes(StandardCharsets.UTF_8));
            byte[] merged = RecordMerge.merge(stored, TextStyle.COMPACT.lay(stored), after);
            StrictJson.check(merged, DocumentLimits.standard());
            assertThat(JACKSON.readTree(merged)).as("seed " + seed).isEqualTo(JACKSON.readTree(after));
        }
    }

    @Test
    void whatIsTakenIsTakenByJacksonTooAndNothingElseIsThrown() {
        int taken = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            Random random = new Random(seed);
            byte[] text = object(random).getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                text[random.nextInt(text.length)] = DAMAGE[random.nextInt(DAMAGE.length)];
            }
            try {
                StrictJson.check(text, DocumentLimits.standard());
                assertThat(JACKSON.readTree(text)).isNotNull();
                taken++;
            } catch (MalformedJsonException expected) {
                assertThat(expected.soundPart().members()).isNotNull();
            } catch (JsonProcessingException e) {
                throw new AssertionError("seed " + seed + ": Jackson refuses it: " + e.getOriginalMessage(), e);
            } catch (IOException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
        assertThat(taken).isBetween(100, 19_000);
    }

    private static String object(Random random) {
        StringBuilder json = new StringBuilder();
        object(random, json, 0);
        return json.toString();
    }

    private static void object(Random random, StringBuilder json, int depth) {
        json.append('{').append(blank(random));
        int members = random.nextInt(5);
        for (int i = 0; i < members; i++) {
            json.append(i == 0 ? "" : ",").append(blank(random));
            json.append('"')
                    .append("k")
                    .append(i + random.nextInt(2) * 10)
                    .append(text(random))
                    .append('"');
            json.append(blank(random)).append(':').append(blank(random));
            value(random, json, depth + 1);
            json.append(blank(random));
        }
        json.append('}');
    }

    private static void value(Random random, StringBuilder json, int depth) {
        switch (random.nextInt(depth > 4 ? 5 : 8)) {
            case 0 -> json.append("null");
            case 1 -> json.append(random.nextBoolean());
            case 2 -> json.append(random.nextLong());
            case 3 ->
                json.append('-')
                        .append(random.nextInt(10))
                        .append(".")
                        .append(random.nextInt(1_000))
                        .append("e-3");
            case 4 -> json.append('"').append(text(random)).append('"');
            case 5, 6 -> object(random, json, depth);
            default -> {
                json.append('[').append(blank(random));
                int elements = random.nextInt(4);
                for (int i = 0; i < elements; i++) {
                    json.append(i == 0 ? "" : "," + blank(random));
                    value(random, json, depth + 1);
                    json.append(blank(random));
                }
                json.append(']');
            }
        }
    }

    private static String text(Random random) {
        String[] parts = {
            "", "a", "é", "😀", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d\\ude00", "/", " ", "\u2028", "\u007f"
        };
        return parts[random.nextInt(parts.length)] + parts[random.nextInt(parts.length)];
    }

    private static String blank(Random random) {
        return new String[] {"", "", "", " ", "\n\t", "\r\n  "}[random.nextInt(6)];
    }
}
