package dev.switchover.postgres;

import dev.switchover.postgres.QuerySql.Statement;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.PageKeys.Decoded;
import dev.switchover.storage.query.PageKeys.SortValue;
import dev.switchover.storage.schema.PropertyKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A sorted query of documents with a limit, in parts. Under a property values of every kind can stand, and one index is in the
 * order of one kind. So the values of the kind the class declares are one part, which the declared index gives in order; the
 * others, of which there are hardly any, are parts before and behind it, found by an index of nothing but them; and what has no
 * value is a part at one end. Of each at most as many rows are read as are asked for.
 */
final class DocumentSplitSql {

    private enum Part {
        LOWER,
        DECLARED,
        HIGHER,
        NULLS
    }

    private final RecordTable table;
    private final Query query;
    private final List<@Nullable Object> parameters = new ArrayList<>();
    private final FilterSql filters;
    private final SortSql sorts;
    private final PropertySql first;
    private final PropertyKind kind;
    private final String indexed;
    private final boolean ascending;

    private DocumentSplitSql(RecordTable table, Names names, Query query) {
        this.table = table;
        this.query = query;
        this.filters = new FilterSql(table, names, parameters);
        this.sorts = new SortSql(table, names, query, filters, parameters);
        Sort sort = query.sorts().get(0);
        this.first = PropertySql.of(table, names, sort.property(), "r.");
        this.kind = table.schema().kind(sort.property());
        this.indexed = first.indexed(kind);
        this.ascending = sort.direction() == Sort.Direction.ASCENDING;
    }

    static boolean helps(RecordTable table, Names names, Query query) {
        return table.document()
                && SplitSql.isPage(query)
                && SplitSql.indexed(table, query, query.sorts().get(0).property())
                && PropertySql.of(table, names, query.sorts().get(0).property(), "r.")
                                .shape()
                        == PropertySql.Shape.JSON;
    }

    static Statement select(RecordTable table, Names names, Query query) {
        return new DocumentSplitSql(table, names, query).select();
    }

    /** Of a value that is there, and not of the declared kind. */
    static String odd(PropertySql property, PropertyKind kind) {
        return "(" + property.indexed(kind) + ") IS NULL AND " + property.present();
    }

    private Statement select() {
        var key = query.pageKey();
        Decoded place = key == null ? null : PageKeys.decode(query, key);
        Part begin = place == null ? null : partOf(place.values().get(0));
        List<Part> parts = parts();
        List<String> sql = new ArrayList<>();
        for (Part part : begin == null ? parts : parts.subList(parts.indexOf(begin), parts.size())) {
            sql.add("p" + sql.size() + " AS MATERIALIZED (SELECT x.*, " + sql.size()
                    + " AS part, row_number() OVER () AS place FROM ("
                    + part(part, part == begin ? place : null, sql.size()) + ") x)");
        }
        StringBuilder all =
                new StringBuilder("WITH ").append(String.join(", ", sql)).append(" SELECT u.* FROM (");
        for (int i = 0; i < sql.size(); i++) {
            all.append(i == 0 ? "" : " UNION ALL ").append("SELECT * FROM p").append(i);
        }
        parameters.add(query.limit());
        parameters.add(query.offset());
        return new Statement(all + ") u ORDER BY u.part, u.place LIMIT ? OFFSET ?", parameters);
    }

    /** In the order of the whole. */
    private List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        parts.add(Part.DECLARED);
        if (rank() > 0) {
            parts.add(ascending ? 0 : 1, Part.LOWER);
        }
        parts.add(ascending ? parts.size() : 0, Part.HIGHER);
        parts.add(query.sorts().get(0).nulls() == Sort.Nulls.LAST ? parts.size() : 0, Part.NULLS);
        return parts;
    }

    /** Of the values of the declared kind, see {@link PropertySql}. */
    private int rank() {
        return switch (kind) {
            case NUMBER -> 0;
            case BOOLEAN -> 2;
            case TIMESTAMP, TEXT, DATE, NESTED, UNKNOWN -> 1;
        };
    }

    private Part partOf(SortValue value) {
        if (value.rank() == SortSql.NULL) {
            return Part.NULLS;
        }
        if (value.rank() != rank()) {
            return value.rank() < rank() ? Part.LOWER : Part.HIGHER;
        }
        // Moments come before the other strings.
        return kind == PropertyKind.TIMESTAMP && !(sorts.operand(0, value) instanceof Operand.Moment)
                ? Part.HIGHER
                : Part.DECLARED;
    }

    /**
     * @param place to go on behind, which lies in this part; null to begin at its beginning
     * @param before how many parts come before
     */
    private String part(Part part, @Nullable Decoded place, int before) {
        boolean all = part == Part.LOWER || part == Part.HIGHER;
        String where = filters.where(query.filters());
        StringBuilder sql = new StringBuilder("SELECT " + table.selected("r") + " FROM " + table.source("r"))
                .append(sorts.values(all ? 0 : 1))
                .append(where.isEmpty() ? " WHERE " : where + " AND ")
                .append(
                        switch (part) {
                            case DECLARED -> "(" + indexed + ") IS NOT NULL";
                            // Most of those the index has no value of, but from IS NULL the server takes it to be
                            // hardly any.
                            case NULLS -> "(" + indexed + ") IS NULL AND coalesce(" + first.rank() + ", 4) > 3";
                            case LOWER -> odd(first, kind) + " AND " + first.rank() + " < " + rank();
                            case HIGHER -> odd(first, kind) + " AND " + first.rank() + " >= " + rank();
                        });
        if (place != null) {
            sql.append(" AND ")
                    .append(all ? sorts.behind(place, 0) : part == Part.NULLS ? sorts.behind(place, 1) : behind(place));
        }
        String rest = sorts.orderBy(all ? 0 : 1);
        if (all) {
            sql.append(rest);
        } else {
            // Of the nulls too, though all are one: the index is known to be in this order.
            sql.append(" ORDER BY ").append(indexed).append(part == Part.NULLS || ascending ? "" : " DESC");
            sql.append(rest.replaceFirst(" ORDER BY ", ", "));
        }
        // What comes before is hardly anything, but for the nulls, and what comes behind the declared kind is seldom
        // asked for.
        boolean left = part == Part.NULLS && before > 0;
        sql.append(left ? " LIMIT greatest(0, ?::bigint" : " LIMIT ?");
        for (int i = 0; left && i < before; i++) {
            sql.append(" - (SELECT count(*) FROM p").append(i).append(')');
        }
        parameters.add(query.limit() + query.offset());
        return sql.append(left ? ")" : "").toString();
    }

    /** From the value on, so that an index begins there; of those equal to it, the ones behind. */
    private String behind(Decoded place) {
        Operand operand = Objects.requireNonNull(sorts.operand(0, place.values().get(0)));
        String sign = ascending ? ">" : "<";
        String from = filters.compare(first, sign + "=", operand);
        String beyond = filters.compare(first, sign, operand);
        return from + " AND (" + beyond + " OR " + sorts.behind(place, 1) + ")";
    }
}
