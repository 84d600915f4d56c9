package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Counts the findings of one collection and hands them on. Used by one thread. */
final class Tally implements Consumer<Finding> {

    private static final int KEPT = 100;

    private final String collection;
    private final Consumer<? super Finding> findings;
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final List<Finding> first = new ArrayList<>();
    private long jsonRecords;
    private long databaseRecords;

    Tally(String collection, Consumer<? super Finding> findings) {
        this.collection = collection;
        this.findings = findings;
    }

    @Override
    public void accept(Finding finding) {
        counts.merge(finding.kind(), 1L, Long::sum);
        if (first.size() < KEPT) {
            first.add(finding);
        }
        findings.accept(finding);
    }

    void jsonRecord() {
        jsonRecords++;
    }

    void databaseRecord() {
        databaseRecords++;
    }

    long refused() {
        return counts.entrySet().stream()
                .filter(entry -> entry.getKey().severity() == Severity.REFUSED)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    PreflightReport.CollectionReport report() {
        return new PreflightReport.CollectionReport(collection, jsonRecords, databaseRecords, counts, first);
    }
}
