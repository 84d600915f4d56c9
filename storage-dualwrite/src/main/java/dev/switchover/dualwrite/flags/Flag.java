package dev.switchover.dualwrite.flags;

import java.util.List;

/** The two flags and the names they go by. */
enum Flag {
    USE_DATABASE("USE_DATABASE_STORAGE", List.of("FF_USE_DATABASE_STORAGE", "USE_DATABASE")),
    DUAL_WRITE("DUAL_WRITE_ENABLED", List.of("FF_DUAL_WRITE_ENABLED"));

    private final String tableName;
    private final List<String> variables;

    Flag(String tableName, List<String> variables) {
        this.tableName = tableName;
        this.variables = variables;
    }

    String tableName() {
        return tableName;
    }

    /** The names in the environment; the first is the one to use, the others are older. */
    List<String> variables() {
        return variables;
    }
}
