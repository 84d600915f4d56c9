package dev.switchover.storage.schema;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.MalformedJsonException;
import dev.switchover.storage.document.RecordMerge;
import dev.switchover.storage.document.StrictJson;
import dev.switchover.storage.document.TextStyle;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the bodies of one collection must be, and how the library writes them. Immutable and thread-safe. */
final class BodyRules<T> {

    /** Room for an id the store has yet to make. */
    private static final int ID_ROOM = 24;

    private final CollectionDefinition<T, ?> definition;
    private final DocumentLimits limits;
    private final IdRules<?> ids;
    private final RecordCodec<T> codec;
    private final @Nullable ColumnMapping columns;
    private final IndexedValues indexes;
    private final TextStyle style;
    /** Whether an id property of a primitive type says 0 for "none yet". */
    private final boolean zeroIsNone;

    BodyRules(
            CollectionDefinition<T, ?> definition,
            IdRules<?> ids,
            RecordCodec<T> codec,
            @Nullable ColumnMapping columns,
            boolean primitiveId) {
        this.definition = definition;
        this.limits = definition.limits();
        this.ids = ids;
        this.codec = codec;
        this.columns = columns;
        this.indexes = new IndexedValues(definition.tableLayout().indexes());
        this.style = style(definition.jsonLayout());
        this.zeroIsNone = primitiveId && definition.idGeneration() == IdGeneration.SEQUENCE;
    }

    static TextStyle style(JsonLayout layout) {
        return layout.format() == JsonLayout.Format.PRETTY
                ? TextStyle.pretty(1 + JsonPointers.segments(layout.pointer()).size())
                : TextStyle.COMPACT;
    }

    CheckedRecord encode(T record) {
        byte[] text = strict(codec.write(record), null);
        RecordId id = ids.in(JsonValue.of(text), null);
        if (id != null && zeroIsNone && id.text().equals("0")) {
            id = null;
        }
        if (id == null) {
            switch (definition.idGeneration()) {
                case CALLER -> throw noId(text);
                case RANDOM_UUID -> {
                    id = new RecordId(UUID.randomUUID().toString());
                    text = put(text, id);
                }
                case SEQUENCE -> text = IdPlace.put(text, ids.properties().get(0), "null");
            }
        }
        return new CheckedRecord(id, fitting(canonical(text, id), id));
    }

    CheckedRecord check(byte[] text, @Nullable RecordId key) {
        String known = key == null ? null : key.text();
        JsonValue record = JsonValue.of(strict(text, known));
        RecordId id = ids.in(record, known);
        if (id == null && key == null && definition.idGeneration() == IdGeneration.CALLER) {
            throw noId(text);
        }
        if (id != null && key != null && !id.equals(key)) {
            throw refused(known, ids.pointer(0), "the id differs from the key the record lies under");
        }
        RecordId found = id == null ? key : id;
        if (columns == null) {
            return new CheckedRecord(found, indexed(text, known));
        }
        columns.toRow(record, found == null ? null : found.text(), false);
        // A row has no key beside it, so its record has to know its id.
        return new CheckedRecord(found, indexed(id == null && key != null ? put(text, key) : text, known));
    }

    T decode(@Nullable RecordId id, byte[] body) {
        String known = id == null ? null : id.text();
        return codec.read(known, id == null || holdsId(JsonValue.of(body)) ? body : put(body, id));
    }

    List<String> unknown(RecordId id, byte[] body) {
        return codec.unknown(id.text(), holdsId(JsonValue.of(body)) ? body : put(body, id));
    }

    byte[] merge(byte[] stored, byte[] changed) {
        JsonValue after = JsonValue.of(changed);
        RecordId id = ids.in(after, null);
        byte[] before = canonical(codec.readAndWrite(stored), id);
        if (id != null && !holdsId(JsonValue.of(stored))) {
            // Known by its key; then the change does not bring it into the body.
            before = put(before, id);
        }
        byte[] merged = RecordMerge.merge(stored, TextStyle.COMPACT.lay(before), TextStyle.COMPACT.lay(changed));
        String known = id == null ? null : id.text();
        return columns == null
                ? indexed(strict(merged, known), known)
                : fitting(canonical(strict(merged, known), id), id);
    }

    boolean same(byte[] left, byte[] right) {
        if (Arrays.equals(left, right)) {
            return true;
        }
        if (columns == null) {
            return false;
        }
        try {
            return columns.same(columns.toRow(left), columns.toRow(right));
        } catch (InvalidRecordException e) {
            // An envelope, or what a table could not hold: only the same text is the same then.
            return false;
        }
    }

    byte[] put(byte[] body, RecordId id) {
        List<String> values = ids.json(id);
        byte[] text = body;
        for (int i = values.size() - 1; i >= 0; i--) {
            text = IdPlace.put(text, ids.properties().get(i), values.get(i));
        }
        return text;
    }

    byte[] envelope(byte[] text) {
        String name = RecordId.ENVELOPE.text();
        JsonLayout layout = definition.jsonLayout();
        try {
            StrictJson.check(text, limits);
        } catch (MalformedJsonException e) {
            throw refused(name, e.pointer(), e.reason());
        }
        JsonValue container = JsonPointers.resolve(JsonValue.of(text), layout.pointer());
        JsonValue.Kind kind = layout.shape() == JsonLayout.Shape.ARRAY ? JsonValue.Kind.ARRAY : JsonValue.Kind.OBJECT;
        if (container == null || container.kind() != kind) {
            throw refused(
                    name,
                    layout.pointer(),
                    "the container of the records, an " + kind.name().toLowerCase(Locale.ROOT) + ", is missing");
        }
        boolean empty = kind == JsonValue.Kind.ARRAY
                ? container.elements().isEmpty()
                : container.members().isEmpty();
        if (!empty) {
            throw refused(name, layout.pointer(), "the container of the records must be empty in an envelope");
        }
        // In a file the records stand there: white space between the brackets would be lost with the first of them.
        byte[] tight = Arrays.copyOf(text, text.length - (container.to() - container.from() - 2));
        System.arraycopy(text, container.to() - 1, tight, container.from() + 1, text.length - container.to() + 1);
        return tight;
    }

    private boolean holdsId(JsonValue record) {
        for (String property : ids.properties()) {
            JsonValue value = record.member(property);
            if (value == null || value.isNull()) {
                return false;
            }
        }
        return true;
    }

    /** As both stores will give it back: a table makes its rows' text anew, so for columns the files get that text too. */
    private byte[] canonical(byte[] text, @Nullable RecordId id) {
        return columns == null
                ? style.lay(text)
                : columns.fromRow(columns.toRow(JsonValue.of(text), id == null ? null : id.text(), true));
    }

    private byte[] fitting(byte[] body, @Nullable RecordId id) {
        if (body.length > limits.bytes() - (id == null ? ID_ROOM : 0)) {
            throw refused(id == null ? null : id.text(), "", "is longer than " + limits.bytes() + " bytes");
        }
        return indexed(body, id == null ? null : id.text());
    }

    private byte[] indexed(byte[] body, @Nullable String id) {
        IndexedValues.Offence offence = indexes.offence(body);
        if (offence != null) {
            throw refused(id, offence.path(), offence.reason());
        }
        return body;
    }

    private byte[] strict(byte[] text, @Nullable String id) {
        try {
            StrictJson.check(text, limits);
        } catch (MalformedJsonException e) {
            throw refused(id == null ? soundId(e) : id, e.pointer(), e.reason());
        }
        if (JsonValue.of(text).kind() != JsonValue.Kind.OBJECT) {
            throw refused(id, "", "is no JSON object");
        }
        return text;
    }

    private @Nullable String soundId(MalformedJsonException malformed) {
        try {
            RecordId id = ids.in(malformed.soundPart(), null);
            return id == null ? null : id.text();
        } catch (InvalidRecordException e) {
            // The message names the first offence; the id is only to find it.
            return null;
        }
    }

    private InvalidRecordException noId(byte[] text) {
        JsonValue record = JsonValue.of(text);
        int missing = 0;
        for (int i = ids.properties().size() - 1; i >= 0; i--) {
            JsonValue value = record.member(ids.properties().get(i));
            missing = value == null || value.isNull() ? i : missing;
        }
        return refused(null, ids.pointer(missing), "the id is missing; the caller makes the ids of this collection");
    }

    private InvalidRecordException refused(@Nullable String id, String path, String reason) {
        return new InvalidRecordException(definition.name(), id, path, reason);
    }
}
