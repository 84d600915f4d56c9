package dev.switchover.dualwrite.preflight;

import dev.switchover.storage.schema.RawRecord;
import java.nio.charset.StandardCharsets;

/**
 * How much some records are.
 *
 * @param idBytes of all ids together, in UTF-8
 * @param bodyBytes of all bodies together
 */
public record Volume(long records, long idBytes, long bodyBytes) {

    public static final Volume NONE = new Volume(0, 0, 0);

    public Volume plus(RawRecord record) {
        return new Volume(
                records + 1,
                idBytes + record.id().text().getBytes(StandardCharsets.UTF_8).length,
                bodyBytes + record.body().length);
    }

    /** About as much as this many of them. */
    public Volume share(long some) {
        return records == 0
                ? NONE
                : new Volume(some, (long) Math.ceil((double) idBytes / records * some), (long)
                        Math.ceil((double) bodyBytes / records * some));
    }
}
