package dev.switchover.examples.benchmarks.report;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Of what code, when and how it was measured.
 *
 * @param commit see {@link Commit}
 * @param ended when the last scenario had been measured
 * @param arguments the scale, and the names of scenarios if not all were asked for
 * @param measured how many scenarios were
 * @param chosen how many were to be
 * @param leftOut what was not measured though it was asked for, and why; a sentence each
 */
public record Occasion(
        String commit,
        Instant begun,
        Instant ended,
        List<String> arguments,
        int measured,
        int chosen,
        List<String> leftOut) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    public Occasion {
        arguments = List.copyOf(arguments);
        leftOut = List.copyOf(leftOut);
    }

    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("commit", commit);
        facts.put("begun", TIME.format(begun));
        Duration took = Duration.between(begun, ended);
        facts.put("took", took.toMinutes() + " min " + took.toSecondsPart() + " s");
        facts.put("arguments", String.join(" ", arguments));
        if (measured < chosen) {
            facts.put("scenarios measured", measured + " of " + chosen);
        }
        return facts;
    }
}
