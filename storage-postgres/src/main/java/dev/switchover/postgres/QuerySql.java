package dev.switchover.postgres;

import dev.switchover.storage.Query;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Query} in SQL. */
final class QuerySql {

    /** A text and its parameters, in order. */
    record Statement(String text, List<? extends @Nullable Object> parameters) {}

    private QuerySql() {}

    static Statement select(RecordTable table, Query query) {
        if (!query.filters().isEmpty() || !query.sorts().isEmpty() || query.pageKey() != null) {
            throw new UnsupportedOperationException();
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder(
                "SELECT " + table.selected("r") + " FROM " + table.name() + " r ORDER BY r." + RecordTable.ORDER);
        if (query.limit() >= 0) {
            sql.append(" LIMIT ?");
            parameters.add(query.limit());
        }
        if (query.offset() > 0) {
            sql.append(" OFFSET ?");
            parameters.add(query.offset());
        }
        return new Statement(sql.toString(), parameters);
    }

    static Statement count(RecordTable table, Query query) {
        return new Statement("SELECT count(*) FROM " + table.name(), List.of());
    }
}
