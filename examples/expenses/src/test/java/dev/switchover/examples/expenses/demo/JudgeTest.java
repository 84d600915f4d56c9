package dev.switchover.examples.expenses.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The demo is worth as much as what it would notice. */
class JudgeTest {

    private static final String QUAKES = StoreReader.EARTHQUAKES;
    private static final Map<String, Map<String, String>> EXPECTED = Map.of(QUAKES, Map.of("a", "{1}", "b", "{2}"));

    @Test
    void equalStoresHaveNoProblem() {
        assertThat(Comparison.with(EXPECTED, snapshot("a", "{1}", "b", "{2}"), "JSON"))
                .isEmpty();
        assertThat(Comparison.drift(snapshot("a", "{1}"), snapshot("a", "{1}"))).isZero();
    }

    @Test
    void aLostAChangedAndASurplusRecordAreEachNoticed() {
        assertThat(Comparison.with(EXPECTED, snapshot("a", "{1}"), "JSON")).hasSize(2);
        assertThat(Comparison.with(EXPECTED, snapshot("a", "{1}", "b", "{3}"), "JSON"))
                .hasSize(2);
        assertThat(Comparison.with(EXPECTED, snapshot("a", "{1}", "b", "{2}", "c", "{3}"), "JSON"))
                .hasSize(2);
        assertThat(Comparison.drift(snapshot("a", "{1}"), snapshot("b", "{1}"))).isEqualTo(2);
    }

    @Test
    void anotherOrderAndAnotherEnvelopeAreNoticed() {
        Snapshot json = snapshot("a", "{1}", "b", "{2}");
        Snapshot postgresql = snapshot("b", "{2}", "a", "{1}");
        json.envelope("{}");

        assertThat(Comparison.equality(json, postgresql)).hasSize(2);
    }

    @Test
    void aDigitAndAPropertyAreNoticed() throws JsonProcessingException {
        assertThat(quake("{\"mag\": 1.10}")).isNotEqualTo(quake("{\"mag\": 1.1}"));
        assertThat(quake("{\"a\": 1, \"b\": 2}")).isNotEqualTo(quake("{\"b\": 2, \"a\": 1}"));
        assertThat(quake("{\"a\": null}")).isNotEqualTo(quake("{}"));
        String expense =
                "{\"id\": 1, \"date\": \"2026-03-01\", \"category\": \"c\", \"amount\": 1.10, \"account\": \"a\","
                        + " \"business\": null, \"currency\": null, \"notes\": null}";
        assertThat(expense(expense)).isEqualTo(expense(expense.replace("c\", ", "c\",  ")));
        assertThat(expense(expense)).isNotEqualTo(expense(expense.replace("1.10", "1.1")));
        assertThat(expense(expense)).isNotEqualTo(expense(expense.replace(", \"notes\": null", "")));
    }

    @Test
    void aWriteUnderWayAtTheKillMayHaveHappenedOrNot() {
        Expected expected = new Expected();
        expected.put(QUAKES, "a", "{1}");
        expected.tried(0, List.of(new Change(QUAKES, "a", "{2}")));
        expected.tried(1, List.of(new Change(QUAKES, null, "{new}")));

        assertThat(expected.settle(snapshot("a", "{1}", "made", "{new}"))).isEmpty();

        assertThat(expected.copy(QUAKES)).isEqualTo(Map.of("a", "{1}", "made", "{new}"));
    }

    @Test
    void halfOfAWriteIsNoticed() {
        Expected expected = new Expected();
        expected.tried(0, List.of(new Change(QUAKES, "a", "{1}"), new Change(QUAKES, "b", "{2}")));

        assertThat(expected.settle(snapshot("a", "{1}"))).hasSize(1);
    }

    @Test
    void whatWasAcknowledgedIsNotSettledAgain() {
        Expected expected = new Expected();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AckLines child = new AckLines(new PrintStream(out, true, StandardCharsets.UTF_8));
        List<Change> changes = List.of(new Change(QUAKES, "ü ☕", "{\"a\": 1.10}"));
        child.tried(2, changes);
        child.acknowledged(2, changes);

        assertThat(out.toString(StandardCharsets.UTF_8).lines().map(line -> AckLines.read(line, expected)))
                .containsExactly(false, true);

        assertThat(expected.settle(snapshot())).isEmpty();
        assertThat(expected.copy(QUAKES)).isEqualTo(Map.of("ü ☕", "{\"a\": 1.10}"));
    }

    private static Snapshot snapshot(String... idsAndContents) {
        Snapshot snapshot = new Snapshot();
        for (int i = 0; i < idsAndContents.length; i += 2) {
            snapshot.add(QUAKES, idsAndContents[i], idsAndContents[i + 1]);
        }
        return snapshot;
    }

    private static String quake(String json) {
        return Canonical.text(Canonical.parse(json));
    }

    private static String expense(String json) throws JsonProcessingException {
        return Canonical.expense(Canonical.EXACT.readTree(json));
    }
}
