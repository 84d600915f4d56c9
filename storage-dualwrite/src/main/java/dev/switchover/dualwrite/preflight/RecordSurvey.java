package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import dev.switchover.dualwrite.view.StoreView;
import dev.switchover.storage.InvalidRecordException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.util.ArrayList;
import java.util.List;

/**
 * All records of one store, looked at once.
 *
 * @param volume of those that can be read
 * @param refused how many records cannot be held exactly by both stores
 * @param first some of them
 */
public record RecordSurvey(Volume volume, long refused, List<Finding> first) {

    private static final int NAMED_AT_MOST = 10;

    public RecordSurvey {
        first = List.copyOf(first);
    }

    /**
     * Reads everything, while others may go on writing; holds one record at a time.
     *
     * @throws dev.switchover.storage.StoreUnavailableException if the store does not answer
     */
    public static RecordSurvey of(StoreView store, CollectionSchema<?, ?> schema) {
        RecordCheck check = new RecordCheck(schema, store.store());
        List<Finding> first = new ArrayList<>();
        long refused = 0;
        Volume volume = Volume.NONE;
        try (RecordCursor records = store.scan(schema)) {
            while (records.hasNext()) {
                Finding finding;
                try {
                    RawRecord record = records.next();
                    volume = volume.plus(record);
                    finding = check.refusal(record);
                } catch (InvalidRecordException e) {
                    finding = new Finding(
                            Kind.ROW_UNREADABLE, store.store(), schema.name(), e.id(), e.path(), e.reason(), null);
                }
                if (finding != null) {
                    refused++;
                    if (first.size() < NAMED_AT_MOST) {
                        first.add(finding);
                    }
                }
            }
        }
        return new RecordSurvey(volume, refused, first);
    }
}
