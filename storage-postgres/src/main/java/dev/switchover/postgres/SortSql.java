package dev.switchover.postgres;

import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.query.PageKeys;
import dev.switchover.storage.query.PageKeys.Decoded;
import dev.switchover.storage.query.PageKeys.SortValue;
import dev.switchover.storage.schema.PropertyKind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts in SQL, and the place a page goes on behind. Used once, by one thread. */
final class SortSql {

    private static final int TEXT = 1;
    private static final int OTHER = 3;
    static final int NULL = 4;

    private final Query query;
    private final List<PropertySql> properties = new ArrayList<>();
    private final List<String> values = new ArrayList<>();
    private final List<PropertyKind> kinds = new ArrayList<>();
    private final FilterSql filters;
    private final List<@Nullable Object> parameters;

    SortSql(RecordTable table, Names names, Query query, FilterSql filters, List<@Nullable Object> parameters) {
        this.query = query;
        this.filters = filters;
        this.parameters = parameters;
        for (Sort sort : query.sorts()) {
            PropertyKind kind = table.schema().kind(sort.property());
            PropertySql property = PropertySql.of(table, names, sort.property(), "r.");
            String place = "s" + kinds.size();
            boolean json = property.shape() == PropertySql.Shape.JSON;
            values.add(json ? " CROSS JOIN LATERAL (SELECT " + property.value() + " AS v OFFSET 0) " + place : "");
            properties.add(property.from(place + ".v", names, kind));
            kinds.add(kind);
        }
    }

    /** What the sorts need beside the table, behind FROM. */
    String values() {
        return values(0);
    }

    /** The same of the sorts from this one on. */
    String values(int sort) {
        return String.join("", values.subList(sort, values.size()));
    }

    List<PropertySql> properties() {
        return properties;
    }

    String orderBy() {
        return orderBy(0);
    }

    /** By the sorts from this one on. */
    String orderBy(int sort) {
        List<String> terms = new ArrayList<>();
        for (int i = sort; i < properties.size(); i++) {
            terms(query.sorts().get(i), properties.get(i), terms);
        }
        terms.add("r." + RecordTable.ORDER);
        return " ORDER BY " + String.join(", ", terms);
    }

    private static void terms(Sort sort, PropertySql property, List<String> terms) {
        boolean ascending = sort.direction() == Sort.Direction.ASCENDING;
        String direction = ascending ? "" : " DESC";
        if (property.shape() != PropertySql.Shape.JSON) {
            terms.add(plain(property) + direction + (sort.nulls() == Sort.Nulls.LAST ? " NULLS LAST" : " NULLS FIRST"));
            return;
        }
        terms.add(property.present() + (sort.nulls() == Sort.Nulls.LAST ? " DESC" : ""));
        terms.add(property.rank() + direction);
        terms.add(property.number() + direction);
        // Within the strings moments come first: null behind them, and turned round with them.
        if (property.moment() != null) {
            terms.add(property.moment() + direction);
        }
        terms.add(property.text() + direction);
        terms.add(property.flag() + direction);
    }

    /** What orders the values of a column; its text and the column itself sort alike where both exist. */
    static String plain(PropertySql property) {
        return switch (property.shape()) {
            case INTEGER, NUMERIC, DOUBLE -> String.valueOf(property.number());
            case TEXT -> String.valueOf(property.text());
            case TIMESTAMP -> String.valueOf(property.moment());
            case BOOLEAN -> String.valueOf(property.flag());
            case UUID, DATE -> property.value();
            case JSON -> throw new IllegalArgumentException("values of any kind have no one order");
        };
    }

    /** Behind the page key, in the order of {@link #orderBy}; empty without one. */
    String behindKey() {
        var key = query.pageKey();
        if (key == null) {
            return "";
        }
        Decoded place = PageKeys.decode(query, key);
        return behind(place, 0);
    }

    /** Behind the place by the sorts from this one on. */
    String behind(Decoded place, int sort) {
        if (sort == properties.size()) {
            parameters.add(place.order());
            return "r." + RecordTable.ORDER + " > ?";
        }
        SortValue value = place.values().get(sort);
        String later = later(sort, value);
        String same = same(sort, value);
        return "(" + later + " OR (" + same + " AND " + behind(place, sort + 1) + "))";
    }

    @Nullable
    Operand operand(int sort, SortValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        return switch (value.rank()) {
            case 0 -> new Operand.Num(new BigDecimal(text));
            case 2 -> new Operand.Flag(Boolean.parseBoolean(text));
            default -> Operand.text(text, kinds.get(sort));
        };
    }

    private String same(int sort, SortValue value) {
        PropertySql property = properties.get(sort);
        Operand operand = operand(sort, value);
        if (operand != null) {
            return "(" + filters.compare(property, "=", operand) + ") IS TRUE";
        }
        return value.rank() == NULL ? "NOT " + property.present() : "(" + property.rank() + " = " + OTHER + ") IS TRUE";
    }

    /** Strictly behind the value in this sort alone; never null. */
    private String later(int index, SortValue value) {
        Sort sort = query.sorts().get(index);
        PropertySql property = properties.get(index);
        boolean nullsLast = sort.nulls() == Sort.Nulls.LAST;
        if (value.rank() == NULL) {
            return nullsLast ? "false" : property.present();
        }
        boolean ascending = sort.direction() == Sort.Direction.ASCENDING;
        String sign = ascending ? ">" : "<";
        List<String> ways = new ArrayList<>();
        if (nullsLast) {
            ways.add("NOT " + property.present());
        }
        ways.add("(" + property.rank() + " " + sign + " " + value.rank() + ") IS TRUE");
        Operand operand = operand(index, value);
        if (operand != null) {
            ways.add("(" + filters.compare(property, sign, operand) + ") IS TRUE");
        }
        if (value.rank() == TEXT && property.moment() != null) {
            if (operand instanceof Operand.Moment && ascending && property.text() != null) {
                ways.add(property.text() + " IS NOT NULL");
            } else if (operand instanceof Operand.Text && !ascending) {
                ways.add(property.moment() + " IS NOT NULL");
            }
        }
        return "(" + String.join(" OR ", ways) + ")";
    }
}
