package dev.switchover.postgres;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How tables and sequences are called in SQL: quoted, and with their schema where one is set. */
record Names(@Nullable String schema) {

    static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** A text constant, whatever standard_conforming_strings is. Values of records are parameters, never constants. */
    static String literal(String text) {
        String quoted = text.replace("'", "''");
        return quoted.indexOf('\\') < 0 ? "'" + quoted + "'" : "E'" + quoted.replace("\\", "\\\\") + "'";
    }

    String own(String name) {
        return schema == null ? quote(name) : quote(schema) + "." + quote(name);
    }

    /** A table a user named, qualified or not. */
    String table(String name) {
        return name.contains(".")
                ? Arrays.stream(name.split("\\.", 2)).map(Names::quote).collect(Collectors.joining("."))
                : own(name);
    }

    String ledger() {
        return own("switchover_ledger");
    }

    String history() {
        return own("switchover_history");
    }

    String pending() {
        return own("switchover_pending");
    }

    String joined() {
        return own("switchover_joined");
    }

    String envelope() {
        return own("switchover_envelope");
    }

    String report() {
        return own("switchover_report");
    }

    String featureFlags() {
        return own("feature_flags");
    }

    String moment() {
        return own("switchover_moment");
    }

    String versionSequence(String collection) {
        return own("switchover_version_" + collection);
    }

    /** Beside a table that is not ours. */
    String side(String collection) {
        return own("switchover_side_" + collection);
    }

    String idSequence(String collection) {
        return own("switchover_id_" + collection);
    }
}
