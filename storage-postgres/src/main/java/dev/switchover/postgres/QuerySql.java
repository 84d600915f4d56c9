package dev.switchover.postgres;

import dev.switchover.storage.Query;
import dev.switchover.storage.query.QueryEvaluator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A {@link Query} in SQL, meaning what {@link QueryEvaluator} means. Values are parameters, names are quoted. */
final class QuerySql {

    /** A text and its parameters, in order. */
    record Statement(String text, List<? extends @Nullable Object> parameters) {}

    private QuerySql() {}

    /** @throws IllegalArgumentException if a filter's value is of no supported class, or a page key is not of this query */
    static Statement select(RecordTable table, Names names, Query query) {
        QueryEvaluator.of(table.schema(), query);
        if (SplitSql.helps(table, query)) {
            return SplitSql.select(table, names, query);
        }
        if (DocumentSplitSql.helps(table, names, query)) {
            return DocumentSplitSql.select(table, names, query);
        }
        List<@Nullable Object> parameters = new ArrayList<>();
        FilterSql filters = new FilterSql(table, names, parameters);
        SortSql sorts = new SortSql(table, names, query, filters, parameters);
        String where = filters.where(query.filters());
        String behind = sorts.behindKey();
        StringBuilder sql = new StringBuilder(
                "SELECT " + table.selected("r") + " FROM " + table.source("r") + sorts.values() + where);
        if (!behind.isEmpty()) {
            sql.append(where.isEmpty() ? " WHERE " : " AND ").append(behind);
        }
        sql.append(sorts.orderBy());
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

    static Statement count(RecordTable table, Names names, Query query) {
        QueryEvaluator.of(table.schema(), query);
        List<@Nullable Object> parameters = new ArrayList<>();
        String where = new FilterSql(table, names, parameters).where(query.filters());
        return new Statement("SELECT count(*) FROM " + table.source("r") + where, parameters);
    }
}
