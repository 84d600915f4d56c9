package dev.switchover.json.recovery;

import dev.switchover.json.records.Halves;
import dev.switchover.storage.schema.CheckedRecord;
import dev.switchover.storage.spi.Alongside;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The records of a file, each checked by itself; those of a large one on two threads. Immutable. */
final class CheckedRecords {

    private final @Nullable CheckedRecord[] records;
    private final int middle;
    private final @Nullable RuntimeException inFirstHalf;
    private final @Nullable RuntimeException inSecondHalf;

    /** @param check throws if the record is not sound; called by two threads */
    CheckedRecords(int size, IntFunction<CheckedRecord> check) {
        records = new CheckedRecord[size];
        middle = Halves.middle(size);
        if (middle == size) {
            inFirstHalf = check(0, size, check);
            inSecondHalf = null;
            return;
        }
        Alongside<@Nullable RuntimeException> second =
                Alongside.begin("switchover-json-check", () -> check(middle, size, check));
        inFirstHalf = check(0, middle, check);
        inSecondHalf = second.result();
    }

    /** Goes as far as the first that is not sound. @return what was wrong with it */
    private @Nullable RuntimeException check(int from, int to, IntFunction<CheckedRecord> check) {
        try {
            for (int i = from; i < to; i++) {
                records[i] = check.apply(i);
            }
            return null;
        } catch (RuntimeException unsound) {
            return unsound;
        }
    }

    /** Throws what was found wrong with it. To be asked in order: behind a record that is not sound nothing has been looked at. */
    CheckedRecord get(int index) {
        CheckedRecord record = records[index];
        if (record != null) {
            return record;
        }
        RuntimeException unsound = index < middle ? inFirstHalf : inSecondHalf;
        throw unsound != null ? unsound : new IllegalStateException("Record " + index + " was not checked");
    }
}
