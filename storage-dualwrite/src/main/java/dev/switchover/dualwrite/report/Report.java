package dev.switchover.dualwrite.report;

import java.time.Instant;

/**
 * What a piece of work on one collection found or did.
 *
 * @param kind {@link #VERIFY} and its like
 * @param json one JSON object, without record values
 */
public record Report(String kind, String collection, Instant at, String json) {

    public static final String VERIFY = "verify";
    public static final String REPAIR = "repair";
    public static final String EXPORT = "export";
    public static final String BACKUP = "backup";
    /** The copy of a change of authority. */
    public static final String COPY = "copy";

    /** A number in the report, at the top. */
    public long number(String name, long otherwise) {
        return ReportJson.read(json).path(name).asLong(otherwise);
    }

    /** A text in the report, at the top; empty if there is none. */
    public String text(String name) {
        return ReportJson.read(json).path(name).asText("");
    }
}
