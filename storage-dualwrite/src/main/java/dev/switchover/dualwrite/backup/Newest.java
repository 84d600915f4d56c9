package dev.switchover.dualwrite.backup;

import dev.switchover.storage.schema.RawRecord;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Which of two states of one record is newer: by version. Two of one version that differ come from histories that forked; then place and
 * text decide, so that it never matters which file was read first.
 */
final class Newest {

    static final Comparator<RawRecord> ORDER = Comparator.comparingLong(RawRecord::version)
            .thenComparingLong(RawRecord::order)
            .thenComparing(RawRecord::body, Arrays::compareUnsigned);

    private Newest() {}
}
