package dev.switchover.json.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.binary.TextHash;
import dev.switchover.json.checkpoint.Checkpoint;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the history says of an edit, and which records it takes for edited. */
class HandEditWordsTest {

    private static final FileStyle STYLE = FileStyle.of(JsonLayout.array());

    @Test
    void newRemovedAndChangedOnesAreCounted() {
        HandEdit edit = HandEdit.between(
                checkpoint(null, "a", "b", "c", "d"),
                List.of(),
                file(null, "a", "a", "c", "other", "e", "e", "f", "f"));

        assertThat(edit.summary()).isEqualTo("2 new, 2 removed, 1 changed or moved");
        assertThat(edit.untouched()).hasSize(1);
        assertThat(edit.journalTouchesRecords()).isFalse();
    }

    @Test
    void theEnvelopeIsNoRecordThatWasRemoved() {
        assertThat(HandEdit.between(checkpoint("{}", "a"), List.of(), file("{}", "a", "a"))
                        .summary())
                .isEqualTo("0 new, 0 removed, 0 changed or moved");
        assertThat(HandEdit.between(checkpoint("{}", "a"), List.of(), file("{\"x\":1}", "a", "a"))
                        .summary())
                .isEqualTo("0 new, 0 removed, 1 changed or moved");
    }

    @Test
    void whatTheJournalWroteIsNoEditAndAnotherTextOfItIs() {
        List<Frame> behind = List.of(new Frame(
                1, 0, List.of(put("a", "second"), put("b", "b"), new Change.Delete("things", new RecordId("c"), 9))));

        HandEdit written = HandEdit.between(checkpoint(null, "a", "c"), behind, file(null, "a", "second", "b", "b"));
        assertThat(written.summary()).isEqualTo("0 new, 0 removed, 0 changed or moved");
        assertThat(written.journalTouchesRecords()).isTrue();

        HandEdit edited = HandEdit.between(checkpoint(null, "a", "c"), behind, file(null, "a", "third", "b", "b"));
        assertThat(edited.summary()).isEqualTo("0 new, 0 removed, 1 changed or moved");
        assertThat(edited.collisions()).containsExactly(new RecordId("a"));

        // The journal deleted it, and somebody wrote it again.
        HandEdit again = HandEdit.between(checkpoint(null, "a", "c"), behind, file(null, "a", "a", "b", "b", "c", "x"));
        assertThat(again.collisions()).containsExactly(new RecordId("c"));
    }

    @Test
    void whatStandsBehindAnotherOrderIsMoved() {
        HandEdit edit =
                HandEdit.between(checkpoint(null, "a", "b", "c"), List.of(), file(null, "b", "b", "a", "a", "c", "c"));

        assertThat(edit.summary()).isEqualTo("0 new, 0 removed, 2 changed or moved");
    }

    private static Change put(String id, String text) {
        return new Change.Put("things", new RecordId(id), 9, 9, bytes(text));
    }

    /** Each record's text is its id. */
    private static Checkpoint checkpoint(@Nullable String envelope, String... ids) {
        List<Checkpoint.Known> records = java.util.stream.IntStream.range(0, ids.length)
                .mapToObj(i -> known(new RecordId(ids[i]), i + 1, ids[i]))
                .toList();
        return new Checkpoint(
                new UUID(1, 1),
                "things",
                1,
                0,
                new SegmentName(1, 1),
                null,
                null,
                null,
                8,
                0,
                0,
                0,
                List.of(),
                List.of(),
                List.of(),
                STYLE,
                envelope == null ? null : known(RecordId.ENVELOPE, 0, envelope),
                records);
    }

    private static Checkpoint.Known known(RecordId id, long order, String text) {
        return new Checkpoint.Known(id, 1, order, TextHash.of(bytes(text)));
    }

    /** Ids and texts in turn. */
    private static FileContent file(@Nullable String envelope, String... idsAndTexts) {
        List<RawRecord> records = new ArrayList<>();
        for (int i = 0; i < idsAndTexts.length; i += 2) {
            int place = i / 2 + 1;
            records.add(new RawRecord(new RecordId(idsAndTexts[i]), place, place, bytes(idsAndTexts[i + 1])));
        }
        return new FileContent(STYLE, envelope == null ? null : bytes(envelope), records, Map.of(), Map.of());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
