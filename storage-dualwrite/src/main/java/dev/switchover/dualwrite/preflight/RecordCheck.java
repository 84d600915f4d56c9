package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Store;
import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.MalformedJsonException;
import dev.switchover.storage.document.StrictJson;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import org.jspecify.annotations.Nullable;

/** Whether one record can be held exactly by both stores: the rules of every write, asked of what is stored already. */
final class RecordCheck {

    private final CollectionSchema<?, ?> schema;
    private final Store store;
    private final boolean keyed;

    RecordCheck(CollectionSchema<?, ?> schema, Store store) {
        this.schema = schema;
        this.store = store;
        this.keyed = schema.definition().jsonLayout().shape() == JsonLayout.Shape.OBJECT;
    }

    /**
     * What came of it: a finding, or the record as it was checked.
     *
     * @param refusal the first offence; null if there is none
     */
    record Outcome(@Nullable Finding refusal, @Nullable CheckedRecord record) {}

    /** A record that a store holds already. An array's file has no keys, so there the body has to tell the id. */
    @Nullable
    Finding refusal(RawRecord stored) {
        if (stored.id().isEnvelope()) {
            return envelope(stored.body());
        }
        try {
            schema.parseId(stored.id().text());
        } catch (InvalidRecordException e) {
            return new Finding(
                    Kind.ID_UNUSABLE, store, schema.name(), stored.id().text(), e.path(), e.reason(), null);
        }
        Outcome outcome = check(stored.body(), keyed ? stored.id() : null);
        CheckedRecord record = outcome.record();
        if (record == null) {
            return named(outcome.refusal(), stored.id());
        }
        if (!stored.id().equals(record.id())) {
            return new Finding(
                    Kind.ID_UNUSABLE,
                    store,
                    schema.name(),
                    stored.id().text(),
                    idPath(0),
                    "the id in the body is not the one the record is stored under",
                    null);
        }
        return null;
    }

    private @Nullable Finding named(@Nullable Finding finding, RecordId id) {
        return finding == null || finding.id() != null
                ? finding
                : new Finding(finding.kind(), store, schema.name(), id.text(), finding.path(), finding.reason(), null);
    }

    @Nullable
    Finding envelope(byte[] text) {
        try {
            schema.checkEnvelope(text);
            return null;
        } catch (InvalidRecordException e) {
            return new Finding(
                    Kind.RECORD_MALFORMED,
                    store,
                    schema.name(),
                    RecordId.ENVELOPE.text(),
                    e.path(),
                    "what is around the records " + e.reason(),
                    null);
        }
    }

    /** @param key the id it lies under, if it lies under one */
    Outcome check(byte[] body, @Nullable RecordId key) {
        try {
            CheckedRecord record = schema.check(body, key);
            if (record.id() == null) {
                return refused(Kind.ID_UNUSABLE, null, idPath(0), "the id is missing; give the record one");
            }
            return new Outcome(null, record);
        } catch (InvalidRecordException e) {
            return refused(kind(body, e), e.id(), e.path(), e.reason());
        }
    }

    private Outcome refused(Kind kind, @Nullable String id, String path, String reason) {
        return new Outcome(new Finding(kind, store, schema.name(), id, path, reason, null), null);
    }

    private Kind kind(byte[] body, InvalidRecordException refused) {
        if (refused.path().isEmpty() || !isStrict(body)) {
            return Kind.RECORD_MALFORMED;
        }
        for (int i = 0; i < schema.definition().idProperties().size(); i++) {
            if (refused.path().equals(idPath(i))) {
                return Kind.ID_UNUSABLE;
            }
        }
        return Kind.COLUMN_REFUSES;
    }

    private boolean isStrict(byte[] body) {
        try {
            StrictJson.check(body, schema.definition().limits());
            return true;
        } catch (MalformedJsonException e) {
            return false;
        }
    }

    private String idPath(int property) {
        return "/" + JsonPointers.escape(schema.definition().idProperties().get(property));
    }
}
