package dev.switchover.json.recovery;

import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Shown;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RecordId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Counts everything that is wrong in a file that has been refused, so that it need not be mended one start at a time. */
final class FileProblems implements FileLook.Visitor {

    private static final int NAMED_AT_MOST = 10;

    private final CollectionSchema<?, ?> schema;
    private final Set<RecordId> ids = new HashSet<>();
    private final List<String> named = new ArrayList<>();
    private int count;

    private FileProblems(CollectionSchema<?, ?> schema) {
        this.schema = schema;
    }

    /** @param first what was found first; it stays if there is nothing else */
    static CorruptFileException all(
            CollectionSchema<?, ?> schema, Path file, byte[] content, CorruptFileException first) {
        FileProblems problems = new FileProblems(schema);
        FileLook.into(content, schema, problems);
        if (problems.count < 2) {
            return first;
        }
        String some = String.join("; ", problems.named) + (problems.count > NAMED_AT_MOST ? "; …" : "");
        return new CorruptFileException(file, problems.count + " things are wrong with it: " + some, first);
    }

    @Override
    public void record(FileLook.Place place, @Nullable String key, byte[] body) {
        RecordId known = null;
        try {
            known = key == null ? null : schema.parseId(key);
            RecordId id = schema.check(body, known).id();
            if (id == null) {
                problem(place, null, "it has no id; give it one");
            } else if (!ids.add(id)) {
                problem(place, id.text(), "there is a record with this id before it; remove one of them");
            }
        } catch (InvalidRecordException e) {
            problem(
                    place,
                    e.id() != null || known == null ? e.id() : known.text(),
                    (e.path().isEmpty() ? "" : "at " + e.path() + ": ") + e.reason());
        }
    }

    private void problem(FileLook.Place place, @Nullable String id, String problem) {
        count++;
        if (named.size() < NAMED_AT_MOST) {
            named.add((id == null ? "a record" : "id " + Shown.id(id)) + ", " + place.describe() + ": " + problem);
        }
    }

    @Override
    public void envelope(byte[] text) {
        try {
            schema.checkEnvelope(text);
        } catch (InvalidRecordException e) {
            damage("what is around the records" + (e.path().isEmpty() ? "" : " at " + e.path()) + ": " + e.reason());
        }
    }

    @Override
    public void damage(String problem) {
        count++;
        if (named.size() < NAMED_AT_MOST) {
            named.add(problem);
        }
    }
}
