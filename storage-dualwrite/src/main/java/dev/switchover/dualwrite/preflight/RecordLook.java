package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.ColumnMapping;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything there is to say of one record. */
final class RecordLook {

    private final CollectionSchema<?, ?> schema;
    private final Store store;
    private final RecordCheck check;
    private final Consumer<Finding> findings;

    RecordLook(CollectionSchema<?, ?> schema, Store store, Consumer<Finding> findings) {
        this.schema = schema;
        this.store = store;
        this.check = new RecordCheck(schema, store);
        this.findings = findings;
    }

    /** @return whether it can be held exactly by both stores */
    boolean stored(RawRecord record) {
        Finding refusal = check.refusal(record);
        if (refusal != null) {
            findings.accept(refusal);
            return false;
        }
        if (!record.id().isEnvelope()) {
            whatBecomesOf(record.id(), record.body(), record.body(), null);
        }
        return true;
    }

    void envelope(byte[] text) {
        Finding refusal = check.envelope(text);
        if (refusal != null) {
            findings.accept(refusal);
        }
    }

    /**
     * A record of a file that no store has taken in yet.
     *
     * @param key that it lies under; null in an array
     * @return its id, or null if it cannot be held exactly by both stores
     */
    @Nullable
    RecordId loose(@Nullable String key, byte[] body, Supplier<String> place) {
        RecordId known = null;
        if (key != null) {
            try {
                known = schema.parseId(key);
            } catch (InvalidRecordException e) {
                findings.accept(finding(Kind.ID_UNUSABLE, null, "", "the key it lies under: " + e.reason())
                        .at(place.get()));
                return null;
            }
        }
        RecordCheck.Outcome outcome = check.check(body, known);
        CheckedRecord record = outcome.record();
        RecordId id = record == null ? null : record.id();
        Finding refusal = outcome.refusal();
        if (record == null || id == null) {
            if (refusal != null) {
                findings.accept(refusal.at(place.get()));
            }
            return null;
        }
        whatBecomesOf(id, body, record.body(), place);
        return id;
    }

    void duplicate(RecordId id, String place) {
        findings.accept(
                finding(Kind.ID_DUPLICATE, id, "", "there is a record with this id before it; remove one of them")
                        .at(place));
    }

    private void whatBecomesOf(RecordId id, byte[] written, byte[] body, @Nullable Supplier<String> place) {
        try {
            for (String path : schema.unknownProperties(id, body)) {
                tell(
                        finding(
                                Kind.PROPERTY_UNKNOWN,
                                id,
                                path,
                                "the record class does not know the property; it is kept"),
                        place);
            }
        } catch (InvalidRecordException e) {
            tell(finding(Kind.CLASS_REFUSES, id, e.path(), e.reason()), place);
        }
        ColumnMapping columns = schema.columns().orElse(null);
        if (columns == null) {
            return;
        }
        Rewriting rewriting = Rewriting.first(written, columns.fromRow(columns.toRow(body)));
        if (rewriting != null) {
            tell(finding(Kind.REWRITTEN, id, rewriting.path(), rewriting.reason()), place);
        }
    }

    private void tell(Finding finding, @Nullable Supplier<String> place) {
        findings.accept(place == null ? finding : finding.at(place.get()));
    }

    private Finding finding(Kind kind, @Nullable RecordId id, String path, String reason) {
        return new Finding(kind, store, schema.name(), id == null ? null : id.text(), path, reason, null);
    }
}
