package dev.switchover.storage.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RecordMergeTest {

    @Test
    void whatTheClassDoesNotKnowStaysWhereItIs() {
        assertThat(merge(
                        "{\"x\": [1e2, -0.0] , \"id\":7,\"name\":\"\\u00e9\",\"y\":{\"b\":1,\"a\":2}}",
                        "{\"id\":7,\"name\":\"é\"}",
                        "{\"id\":7,\"name\":\"b\"}"))
                .isEqualTo("{\"x\": [1e2, -0.0] , \"id\":7,\"name\":\"b\",\"y\":{\"b\":1,\"a\":2}}");
    }

    @Test
    void whatDidNotChangeKeepsItsText() {
        String stored = " {\n\t\"amount\" : 1.10e1,\n\t\"name\": \"\\u0061\", \"nested\": { \"n\" :1 } }\n";
        String before = "{\"amount\":11.0,\"name\":\"a\",\"nested\":{\"n\":1}}";
        assertThat(merge(stored, before, before)).isEqualTo(stored);
        assertThat(merge(stored, before, before.replace("\"n\":1", "\"n\":2")))
                .isEqualTo(stored.replace("\"n\" :1", "\"n\" :2"));
    }

    @Test
    void whatIsAbsentStaysAbsentUntilItChanges() {
        assertThat(merge("{\"id\":7}", "{\"id\":7,\"note\":null}", "{\"id\":7,\"note\":null}"))
                .isEqualTo("{\"id\":7}");
        assertThat(merge("{\"id\":7}", "{\"id\":7,\"note\":null}", "{\"id\":7,\"note\":\"n\"}"))
                .isEqualTo("{\"id\":7,\"note\":\"n\"}");
    }

    @Test
    void aKeyTakenOutOfAMapGoes() {
        assertThat(merge("{\"a\":1, \"b\":2,\"c\":3}", "{\"a\":1,\"b\":2,\"c\":3}", "{\"b\":2,\"c\":4}"))
                .isEqualTo("{\"b\":2,\"c\":4}");
        assertThat(merge("{ \"a\":1 }", "{\"a\":1}", "{}")).isEqualTo("{}");
    }

    @Test
    void nestedObjectsAreMergedMemberByMember() {
        assertThat(merge("{\"s\":{\"total\":1,\"other\":2.50}}", "{\"s\":{\"total\":1}}", "{\"s\":{\"total\":3}}"))
                .isEqualTo("{\"s\":{\"total\":3,\"other\":2.50}}");
        assertThat(merge("{\"s\":{\"total\":1,\"other\":2.50}}", "{\"s\":{\"total\":1}}", "{\"s\":null}"))
                .isEqualTo("{\"s\":null}");
    }

    @Test
    void listElementsKeepWhatTheClassDoesNotKnowOfThem() {
        String stored = "{\"l\":[{\"n\":1,\"x\":\"one\"},{\"n\":2,\"x\":\"two\"}]}";
        String before = "{\"l\":[{\"n\":1},{\"n\":2}]}";
        assertThat(merge(stored, before, "{\"l\":[{\"n\":1},{\"n\":3}]}"))
                .isEqualTo("{\"l\":[{\"n\":1,\"x\":\"one\"},{\"n\":3,\"x\":\"two\"}]}");
        assertThat(merge(stored, before, "{\"l\":[{\"n\":2},{\"n\":3}]}"))
                .as("one taken away and one added: the new one gets nothing of the old one's")
                .isEqualTo("{\"l\":[{\"n\":2,\"x\":\"two\"},{\"n\":3}]}");
        assertThat(merge(stored, before, "{\"l\":[{\"n\":2}]}")).isEqualTo("{\"l\":[{\"n\":2,\"x\":\"two\"}]}");
        assertThat(merge(stored, before, "{\"l\":[]}")).isEqualTo("{\"l\":[]}");
    }

    @Test
    void whatIsNewIsLaidOutLikeItsNeighbours() {
        String stored = "{\r\n    \"id\" : 7,\r\n    \"list\" : [\r\n        1\r\n    ]\r\n  }";
        assertThat(merge(stored, "{\"id\":7,\"list\":[1]}", "{\"id\":7,\"list\":[1,2],\"o\":{\"a\":[1]}}"))
                .isEqualTo("{\r\n    \"id\" : 7,\r\n    \"list\" : [\r\n        1,\r\n        2\r\n    ],"
                        + "\r\n    \"o\" : {\r\n      \"a\" : [\r\n        1\r\n      ]\r\n    }\r\n  }");
        assertThat(merge("{\"id\": 7, \"a\": 1}", "{\"id\":7,\"a\":1}", "{\"id\":7,\"a\":1,\"b\":{\"c\":1,\"d\":2}}"))
                .isEqualTo("{\"id\": 7, \"a\": 1, \"b\": {\"c\": 1, \"d\": 2}}");
    }

    @Test
    void aTypeThatChangesIsReplaced() {
        assertThat(merge("{\"a\":{\"x\":1}}", "{\"a\":{\"x\":1}}", "{\"a\":[1]}"))
                .isEqualTo("{\"a\":[1]}");
    }

    private static String merge(String stored, String before, String after) {
        return new String(RecordMerge.merge(bytes(stored), bytes(before), bytes(after)), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
