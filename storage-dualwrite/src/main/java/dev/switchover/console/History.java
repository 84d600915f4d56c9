package dev.switchover.console;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.StorageStatus;
import dev.switchover.dualwrite.StorageStatus.CollectionStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * Lag and drift over the last hour in small steps, and over the last day in larger ones. Kept in memory: a restart begins it anew.
 * Thread-safe.
 */
final class History {

    static final Duration STEP = Duration.ofSeconds(5);

    private static final int HOUR = 720;
    private static final int DAY = 1_440;
    private static final int EVERY = 12;

    /** Of one collection at one time; -1 where it is not known. */
    private record Point(String collection, long pending, double age, long parked, long drift) {}

    private record Sample(Instant time, List<Point> points) {}

    private final Deque<Sample> hour = new ArrayDeque<>();
    private final Deque<Sample> day = new ArrayDeque<>();
    private long seen;

    synchronized void add(StorageStatus status) {
        Sample sample = new Sample(
                status.time(),
                status.collections().stream()
                        .map(collection -> point(status.time(), collection))
                        .toList());
        keep(hour, sample, HOUR);
        if (seen++ % EVERY == 0) {
            keep(day, sample, DAY);
        }
    }

    private static Point point(Instant now, CollectionStatus collection) {
        Instant oldest = collection.oldestPending();
        StorageStatus.LastVerification verified = collection.lastVerification();
        double age = collection.pending() < 0 ? -1 : 0;
        if (oldest != null) {
            age = Math.max(0, Duration.between(oldest, now).toMillis() / 1000.0);
        }
        return new Point(
                collection.name(),
                collection.pending(),
                age,
                collection.parked(),
                verified == null ? -1 : verified.drift());
    }

    private static void keep(Deque<Sample> samples, Sample sample, int atMost) {
        samples.addLast(sample);
        if (samples.size() > atMost) {
            samples.removeFirst();
        }
    }

    /** By collection four series of the same length; null where a value is not known. */
    synchronized ObjectNode json(boolean wholeDay) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode times = json.putArray("times");
        ObjectNode collections = json.putObject("collections");
        for (Sample sample : wholeDay ? day : hour) {
            times.add(sample.time().toEpochMilli());
            for (Point point : sample.points()) {
                ObjectNode series = collections.withObject("/" + point.collection());
                put(series.withArray("/pending"), point.pending());
                put(series.withArray("/age"), point.age());
                put(series.withArray("/parked"), point.parked());
                put(series.withArray("/drift"), point.drift());
            }
        }
        return json;
    }

    private static void put(ArrayNode series, double value) {
        if (value < 0) {
            series.addNull();
        } else {
            series.add(value);
        }
    }
}
