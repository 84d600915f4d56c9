package dev.switchover.dualwrite.mirror;

import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.storage.Shown;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.MirrorChange;
import dev.switchover.storage.spi.Written;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** What a mirror says, in lines a person can grep. Names records by id, never by value. */
final class MirrorLog {

    /** Batches of more are one line. */
    static final int SINGLE_LINES = 10;

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.mirror");

    private final Store mirror;
    private final String place;
    private final LineBudget parked;

    /** @param nanos as {@link System#nanoTime} */
    MirrorLog(Store mirror, LongSupplier nanos) {
        this.mirror = mirror;
        this.parked = new LineBudget(nanos);
        this.place = mirror == Store.JSON ? "JSON" : "database";
    }

    void applied(CollectionSchema<?, ?> schema, RecordId id, Written.Effect effect) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        switch (effect) {
            case CREATED -> LOG.info("Dual-write: Created {} in {}", name(schema, id), place);
            case UPDATED -> LOG.info("Dual-write: Updated {} in {}", name(schema, id), place);
            case DELETED -> LOG.info("Dual-write: Deleted {} from {}", name(schema, id), place);
            case NOTHING -> {
                // Nothing was carried over.
            }
        }
    }

    /** Of a change found pending, what was done to the record is seen from the record. */
    static Written.Effect effect(MirrorChange change) {
        RawRecord record = change.record();
        if (record == null) {
            return Written.Effect.DELETED;
        }
        return record.order() == record.version() ? Written.Effect.CREATED : Written.Effect.UPDATED;
    }

    void appliedMany(int records) {
        LOG.info("Dual-write: Carried {} records over to {}", records, place);
    }

    void failed(CollectionSchema<?, ?> schema, RecordId id, String cause) {
        about(LOG.atWarn(), schema, id).log("Dual-write failed for {}: {}", name(schema, id), cause);
    }

    void unreachable(String reason) {
        about(LOG.atWarn())
                .log(
                        "Dual-write: the mirror in {} does not work: {}. Writes go on without it, and are carried over later",
                        mirror.label(),
                        reason);
    }

    void stillAway(MirrorHealth.Outage outage, long pending) {
        about(LOG.atWarn())
                .addKeyValue("seconds", outage.lasted().toSeconds())
                .addKeyValue("failures", outage.failures())
                .addKeyValue("pending", pending)
                .log(
                        "Dual-write: the mirror in {} has not worked for {}: {}. {} attempts failed, {} records are pending",
                        mirror.label(),
                        length(outage.lasted()),
                        outage.reason(),
                        outage.failures(),
                        pending < 0 ? "an unknown number of" : pending);
    }

    void back(MirrorHealth.Outage outage) {
        tellOfParked(parked.untold());
        about(LOG.atInfo())
                .addKeyValue("seconds", outage.lasted().toSeconds())
                .log("Dual-write: the mirror in {} is in sync again after {}", mirror.label(), length(outage.lasted()));
    }

    void inSync() {
        tellOfParked(parked.untold());
        about(LOG.atInfo()).log("Dual-write: the mirror in {} is in sync", mirror.label());
    }

    /** Single lines for some, and one for the many that have the same cause. */
    void parked(CollectionSchema<?, ?> schema, RecordId id, String reason) {
        tellOfParked(parked.untoldIfOver());
        if (parked.take()) {
            about(LOG.atWarn(), schema, id)
                    .log(
                            "Dual-write: {} refuses {}: {}. It is parked: change it, retry it or discard it",
                            mirror.label(),
                            name(schema, id),
                            Shown.text(reason));
        }
    }

    private void tellOfParked(long untold) {
        if (untold > 0) {
            about(LOG.atWarn())
                    .addKeyValue("records", untold)
                    .log(
                            "Dual-write: {} refused {} records more, which are parked too; the list of parked records has them",
                            mirror.label(),
                            untold);
        }
    }

    private LoggingEventBuilder about(LoggingEventBuilder line) {
        return line.addKeyValue("mirror", mirror.name());
    }

    private LoggingEventBuilder about(LoggingEventBuilder line, CollectionSchema<?, ?> schema, RecordId id) {
        return about(line).addKeyValue("collection", schema.name()).addKeyValue("id", id.toString());
    }

    void refused(String reason) {
        LOG.error("Dual-write: {}", reason);
    }

    void ended(String reason) {
        LOG.warn("Dual-write: ended: {}", reason);
    }

    void comparing(CollectionSchema<?, ?> schema) {
        LOG.info("Dual-write: comparing all {} with {}", schema.name(), mirror.label());
    }

    void compared(CollectionSchema<?, ?> schema, Counts counts) {
        LOG.info("Dual-write: compared {} with {}: {}", schema.name(), mirror.label(), counts);
    }

    void progress(Progress.Step step) {
        LOG.debug("Dual-write: compared {} {} so far", step.done(), step.collection());
    }

    void closedWith(long pending) {
        tellOfParked(parked.untold());
        about(LOG.atWarn())
                .addKeyValue("pending", pending)
                .log(
                        "Dual-write: closed while {} records had not reached {}; they stay pending and go on at the next start",
                        pending < 0 ? "an unknown number of" : pending,
                        mirror.label());
    }

    void bug(@Nullable Throwable cause) {
        LOG.error("Dual-write: the mirror worker failed in a way it should not; it tries again", cause);
    }

    private static String name(CollectionSchema<?, ?> schema, RecordId id) {
        String record = schema.definition().recordName();
        return id.isEnvelope() ? "the envelope of " + schema.name() : record + " " + id;
    }

    private static String length(Duration duration) {
        return duration.compareTo(Duration.ofMinutes(1)) < 0
                ? String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0)
                : duration.toMinutes() + " min";
    }
}
