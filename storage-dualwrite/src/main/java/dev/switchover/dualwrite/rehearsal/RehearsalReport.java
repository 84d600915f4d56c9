package dev.switchover.dualwrite.rehearsal;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.dualwrite.preflight.PreflightReport;
import dev.switchover.dualwrite.preflight.Severity;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a rehearsal went. Nothing of it is left behind.
 *
 * @param preflight what was found in the real files and tables before
 * @param steps those that were played, in order; the last one failed if not all have passed
 * @param collections what became of each collection's copy; empty if it did not come to its end
 * @param problem why it did not come to its end, with what to do; null if it did
 */
public record RehearsalReport(
        PreflightReport preflight,
        List<Step> steps,
        List<CollectionOutcome> collections,
        Duration took,
        @Nullable String problem) {

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    public RehearsalReport {
        steps = List.copyOf(steps);
        collections = List.copyOf(collections);
    }

    /**
     * One step.
     *
     * @param name as {@code copy}, {@code JSON_PRIMARY}, {@code back to JSON_ONLY}
     * @param took what the real one may take: for a phase, from the start until both stores are equal
     * @param note what was done, or why it failed
     */
    public record Step(String name, Duration took, boolean passed, String note) {}

    /**
     * @param records that went to PostgreSQL and came back
     * @param different that did not come back as they went; 0 in a rehearsal that passed
     * @param sameFile whether the file came back byte for byte; with columns it may be laid out otherwise
     */
    public record CollectionOutcome(String collection, long records, long bytes, long different, boolean sameFile) {}

    /** Whether the migration can be expected to go through, there and back. */
    public boolean passed() {
        return problem == null
                && preflight.passed()
                && steps.stream().allMatch(Step::passed)
                && collections.stream().allMatch(one -> one.different() == 0);
    }

    /** The report as one JSON object; durations in milliseconds. */
    public String toJson() {
        ObjectNode json = MAPPER.createObjectNode().put("passed", passed()).put("tookMillis", took.toMillis());
        if (problem != null) {
            json.put("problem", problem);
        }
        ObjectNode found = json.putObject("preflight");
        for (Severity severity : Severity.values()) {
            found.put(severity.name().toLowerCase(java.util.Locale.ROOT), preflight.count(severity));
        }
        var findings = found.putArray("findings");
        preflight.collections().forEach(collection -> collection.first().forEach(one -> findings.add(one.toString())));
        var played = json.putArray("steps");
        steps.forEach(step -> played.addObject()
                .put("name", step.name())
                .put("tookMillis", step.took().toMillis())
                .put("passed", step.passed())
                .put("note", step.note()));
        var outcomes = json.putArray("collections");
        collections.forEach(one -> outcomes.addObject()
                .put("collection", one.collection())
                .put("records", one.records())
                .put("bytes", one.bytes())
                .put("different", one.different())
                .put("sameFile", one.sameFile()));
        return json.toString();
    }

    /** A line for each step and collection, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Step step : steps) {
            text.append(step.passed() ? "passed  " : "FAILED  ")
                    .append(step.name())
                    .append(", ")
                    .append(step.took().toMillis())
                    .append(" ms")
                    .append(step.note().isEmpty() ? "" : ": " + step.note())
                    .append('\n');
        }
        for (CollectionOutcome one : collections) {
            text.append(one.collection())
                    .append(": ")
                    .append(one.records())
                    .append(" records there and back, ")
                    .append(one.different())
                    .append(" different, file ")
                    .append(one.sameFile() ? "the same" : "laid out otherwise")
                    .append('\n');
        }
        return text.append(problem == null ? "" : problem).toString().strip();
    }
}
