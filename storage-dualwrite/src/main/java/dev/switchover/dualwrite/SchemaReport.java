package dev.switchover.dualwrite;

import java.util.List;

/**
 * What the database has of the tables that are needed. Immutable.
 *
 * @param own what is missing of the library's own tables
 * @param problems what no statement of the library can mend
 * @param missing the statements that mend the rest of the records' tables
 */
public record SchemaReport(List<String> own, List<String> problems, List<String> missing) {

    public SchemaReport {
        own = List.copyOf(own);
        problems = List.copyOf(problems);
        missing = List.copyOf(missing);
    }

    /** Whether a start that may change no table would be content with them. */
    public boolean fits() {
        return own.isEmpty() && problems.isEmpty() && missing.isEmpty();
    }
}
