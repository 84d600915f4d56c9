package dev.switchover.postgres;

import dev.switchover.postgres.QuerySql.Statement;
import dev.switchover.storage.Filter;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.PageKeys.Decoded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A sorted query with a limit in two parts: where the first sort's column has a value, and where it is null. An index holds its nulls
 * last, or, read backwards, first; so for "newest first, nulls last" and for the place a page goes on behind the whole is no
 * range of it, while each part is one. Both are one statement, and of each at most as many rows are read as are asked for.
 */
final class SplitSql {

    /** Beyond this it is no page, and one sort of everything is as good. */
    private static final long MOST = 100_000;

    private final RecordTable table;
    private final Query query;
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private final FilterSql filters;
    private final SortSql sorts;
    private final PropertySql first;
    private final boolean ascending;
    private final boolean nullsLast;

    private SplitSql(RecordTable table, Names names, Query query) {
        this.table = table;
        this.query = query;
        this.filters = new FilterSql(table, names, parameters);
        this.sorts = new SortSql(table, names, query, filters, parameters);
        this.first = sorts.properties().get(0);
        Sort sort = query.sorts().get(0);
        this.ascending = sort.direction() == Sort.Direction.ASCENDING;
        this.nullsLast = sort.nulls() == Sort.Nulls.LAST;
    }

    /** Whether there is an index in whose order the parts can be read, and the whole cannot. */
    static boolean helps(RecordTable table, Query query) {
        if (table.mapping() == null || !isPage(query)) {
            return false;
        }
        for (Sort sort : query.sorts()) {
            if (!table.orderedByColumn(sort.property())) {
                return false;
            }
        }
        Sort sort = query.sorts().get(0);
        boolean asIndexed = sort.direction() == Sort.Direction.ASCENDING && sort.nulls() == Sort.Nulls.LAST;
        return (!asIndexed || query.pageKey() != null) && indexed(table, query, sort.property());
    }

    static boolean isPage(Query query) {
        return !query.sorts().isEmpty() && query.limit() >= 0 && query.limit() <= MOST && query.offset() <= MOST;
    }

    /** Whether a declared index is in the order of the property, behind properties the query fixes. */
    static boolean indexed(RecordTable table, Query query, String property) {
        if (table.schema().definition().idProperties().equals(List.of(property))) {
            return true;
        }
        return table.schema().definition().tableLayout().indexes().stream().anyMatch(index -> {
            int at = index.indexOf(property);
            return at >= 0 && index.subList(0, at).stream().allMatch(before -> fixed(query, before));
        });
    }

    private static boolean fixed(Query query, String property) {
        return query.filters().stream()
                .anyMatch(filter -> filter instanceof Filter.Comparison comparison
                        && comparison.comparator() == Filter.Comparator.EQUAL
                        && comparison.property().equals(property));
    }

    static Statement select(RecordTable table, Names names, Query query) {
        return new SplitSql(table, names, query).select();
    }

    private Statement select() {
        var key = query.pageKey();
        Decoded place = key == null ? null : PageKeys.decode(query, key);
        boolean behindNull = place != null && place.values().get(0).rank() == SortSql.NULL;
        List<String> parts = new ArrayList<>();
        for (boolean values : nullsLast ? new boolean[] {true, false} : new boolean[] {false, true}) {
            boolean here = place != null && behindNull != values;
            boolean past = place != null && !here && values == nullsLast;
            if (!past) {
                parts.add(part(values, here ? place : null, !parts.isEmpty()));
            }
        }
        StringBuilder order = new StringBuilder("u.part, u.k0" + direction(0));
        for (int i = 1; i < query.sorts().size(); i++) {
            order.append(", u.k").append(i).append(direction(i)).append(nulls(i));
        }
        String both = parts.size() == 1
                ? "WITH a AS (" + parts.get(0) + ") SELECT u.* FROM a u"
                : "WITH a AS MATERIALIZED (" + parts.get(0) + "), b AS (" + parts.get(1)
                        + ") SELECT u.* FROM (SELECT * FROM a UNION ALL SELECT * FROM b) u";
        String sql = both + " ORDER BY " + order + ", u.place LIMIT ? OFFSET ?";
        parameters.add(query.limit());
        parameters.add(query.offset());
        return new Statement(sql, parameters);
    }

    /**
     * @param place to go on behind, which lies in this part; null to begin at its beginning
     * @param second whether only what the first part left over is asked for: usually nothing, and then nothing is read
     */
    private String part(boolean values, @Nullable Decoded place, boolean second) {
        StringBuilder sql =
                new StringBuilder("SELECT " + table.selected("r") + ", " + (values == nullsLast ? 0 : 1) + " AS part");
        List<PropertySql> properties = sorts.properties();
        for (int i = 0; i < properties.size(); i++) {
            sql.append(", ")
                    .append(SortSql.plain(properties.get(i)))
                    .append(" AS k")
                    .append(i);
        }
        String where = filters.where(query.filters());
        sql.append(", r." + RecordTable.ORDER + " AS place FROM ")
                .append(table.source("r"))
                .append(where)
                .append(where.isEmpty() ? " WHERE " : " AND ")
                .append(values ? first.present() : "NOT " + first.present());
        if (place != null) {
            sql.append(" AND ").append(values ? behind(place) : sorts.behind(place, 1));
        }
        // Of the nulls too, though all are one: the index is known to be in this order.
        sql.append(" ORDER BY ").append(SortSql.plain(first)).append(values ? direction(0) : "");
        for (int i = 1; i < properties.size(); i++) {
            sql.append(", ")
                    .append(SortSql.plain(properties.get(i)))
                    .append(direction(i))
                    .append(nulls(i));
        }
        sql.append(", r." + RecordTable.ORDER)
                .append(second ? " LIMIT greatest(0, ?::bigint - (SELECT count(*) FROM a))" : " LIMIT ?");
        parameters.add(query.limit() + query.offset());
        return sql.toString();
    }

    /** From the value on, so that an index begins there; of those equal to it, the ones behind. */
    private String behind(Decoded place) {
        Operand operand =
                java.util.Objects.requireNonNull(sorts.operand(0, place.values().get(0)));
        String sign = ascending ? ">" : "<";
        String from = filters.compare(first, sign + "=", operand);
        String beyond = filters.compare(first, sign, operand);
        return from + " AND (" + beyond + " OR " + sorts.behind(place, 1) + ")";
    }

    private String direction(int sort) {
        return query.sorts().get(sort).direction() == Sort.Direction.ASCENDING ? "" : " DESC";
    }

    private String nulls(int sort) {
        return query.sorts().get(sort).nulls() == Sort.Nulls.LAST ? " NULLS LAST" : " NULLS FIRST";
    }
}
