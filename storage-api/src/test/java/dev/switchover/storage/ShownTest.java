package dev.switchover.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.schema.RecordId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTest {

    @ParameterizedTest
    @CsvSource({
        "'a\n2026-01-05 ERROR all is lost', a\\u000a2026-01-05 ERROR all is lost",
        "'\u001b[2Ja', \\u001b[2Ja",
        "'\u009b2Ja', \\u009b2Ja",
        "'\u202etxt.exe', \\u202etxt.exe",
        "'a\u2028b\u2029c', a\\u2028b\\u2029c",
        "'a\u200bb', a\\u200bb",
        "'\udb40\udc41', \\udb40\\udc41",
        "'\ud800', \\ud800",
        "'\r', \\u000d",
        "'\u007f', \\u007f"
    })
    void whatWouldForgeALineOrSteerATerminalIsWrittenOut(String id, String shown) {
        assertThat(Shown.id(id)).isEqualTo(shown);
        assertThat(new RecordId(id)).hasToString(shown);
        assertThat(Shown.text(shown)).as("once is enough").isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"7", "a b", "\u00e9", "e\u0301", "\ud83d\ude00", "C:\\users", "\\u000a", "[\"a\",1]", "\uffee"})
    void everythingElseStaysAsItIs(String id) {
        assertThat(Shown.id(id)).isEqualTo(id);
    }

    @Test
    void theEnvelopeAndARecordOfThatNameAreToldApart() {
        assertThat(RecordId.ENVELOPE).hasToString("(envelope)");
        assertThat(new RecordId("(envelope)")).hasToString("\\u0028envelope)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nFORGED", "\u001b[2J", "\u202etxt"})
    void messagesShowIdsAndFieldsHaveThem(String id) {
        VersionConflictException conflict = new VersionConflictException("notes", id, 1, 2);
        RecordExistsException exists = new RecordExistsException("notes", id);
        RecordRefusedException refused = new RecordRefusedException("notes", id, "no " + id, null);
        InvalidRecordException invalid = new InvalidRecordException("notes", id, "/" + id, "is " + id);
        StartRefusedException start = new StartRefusedException("CODE", List.of("the ids " + id), "Do.", null);
        CorruptFileException corrupt = new CorruptFileException(Path.of("notes.json"), "id " + id + " twice", null);

        assertThat(List.of(conflict.id(), exists.id(), refused.id(), invalid.id()))
                .containsOnly(id);
        assertThat(invalid.path()).isEqualTo("/" + id);
        for (StorageException each : List.of(conflict, exists, refused, invalid, start, corrupt)) {
            assertThat(each.getMessage()).contains(Shown.text(id)).doesNotContain(id);
        }
    }
}
