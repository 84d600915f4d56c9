package dev.switchover.dualwrite.preflight;

import dev.switchover.dualwrite.preflight.Finding.Kind;
import java.util.List;
import java.util.Map;

/** What a preflight found, collection by collection. Immutable. */
public record PreflightReport(List<CollectionReport> collections) {

    public PreflightReport {
        collections = List.copyOf(collections);
    }

    /**
     * One collection.
     *
     * @param jsonRecords how many were looked at in JSON
     * @param databaseRecords how many were looked at in PostgreSQL
     * @param counts how many findings of each kind; kinds without any are not in it
     * @param first the first 100 findings; all of them went to the consumer
     */
    public record CollectionReport(
            String collection, long jsonRecords, long databaseRecords, Map<Kind, Long> counts, List<Finding> first) {

        public CollectionReport {
            counts = Map.copyOf(counts);
            first = List.copyOf(first);
        }

        public long count(Kind kind) {
            return counts.getOrDefault(kind, 0L);
        }

        public long count(Severity severity) {
            return counts.entrySet().stream()
                    .filter(entry -> entry.getKey().severity() == severity)
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }

    public long count(Severity severity) {
        return collections.stream()
                .mapToLong(collection -> collection.count(severity))
                .sum();
    }

    /** Whether nothing was found that stops a start or a switchover, or that the service could not read. */
    public boolean passed() {
        return count(Severity.REFUSED) == 0;
    }

    /** A line for each collection, for people. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (CollectionReport collection : collections) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(collection.collection())
                    .append(": ")
                    .append(collection.jsonRecords())
                    .append(" records in JSON, ")
                    .append(collection.databaseRecords())
                    .append(" in PostgreSQL; ")
                    .append(collection.count(Severity.REFUSED))
                    .append(" refused, ")
                    .append(collection.count(Severity.CHANGED))
                    .append(" changed, ")
                    .append(collection.count(Severity.INFORMATION))
                    .append(" for information");
        }
        return text.toString();
    }
}
