package dev.switchover.storage.query;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.PageKey;
import dev.switchover.storage.Query;
import dev.switchover.storage.Sort;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.MalformedJsonException;
import dev.switchover.storage.document.StrictJson;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Page keys: the sort values of the last record of a page and its place in the collection's order. */
public final class PageKeys {

    private static final DocumentLimits KEY_LIMITS = new DocumentLimits(64 << 20, 2, 1_000, 1_000, 1);
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");

    private PageKeys() {}

    /**
     * A key taken apart.
     *
     * @param values one for each sort of the query
     * @param order of the last record
     */
    public record Decoded(List<SortValue> values, long order) {}

    /**
     * The value of one property as sorts see it.
     *
     * @param rank numbers 0, strings 1 (dates and timestamps too), booleans 2, anything else 3, null and absent 4
     * @param text a number in plain digits, a string as it is, a timestamp in UTC, {@code true} or {@code false}; null for
     *     ranks 3 and 4
     */
    public record SortValue(int rank, @Nullable String text) {}

    /** The key of the place behind {@code last}. */
    public static PageKey of(CollectionSchema<?, ?> schema, Query query, RawRecord last) {
        SortOrder.Place place = new SortOrder(schema, query.sorts()).place(last);
        StringBuilder json = new StringBuilder("[").append(place.order());
        for (int i = 0; i < query.sorts().size(); i++) {
            SortValue value = place.values().get(i).toSortValue();
            String text = value.text();
            json.append(',')
                    .append(quote(signature(query.sorts().get(i))))
                    .append(',')
                    .append(value.rank());
            json.append(',').append(text == null ? "null" : quote(text));
        }
        byte[] utf8 = json.append(']').toString().getBytes(StandardCharsets.UTF_8);
        return new PageKey(Base64.getUrlEncoder().withoutPadding().encodeToString(utf8));
    }

    /** @throws IllegalArgumentException if the key is not one of a query with these sorts */
    public static Decoded decode(Query query, PageKey key) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(key.text());
            StrictJson.check(json, KEY_LIMITS);
            JsonValue root = JsonValue.of(json);
            if (root.kind() != JsonValue.Kind.ARRAY) {
                throw foreign(null);
            }
            List<JsonValue> parts = root.elements();
            if (parts.size() != 1 + 3 * query.sorts().size()) {
                throw foreign(null);
            }
            List<SortValue> values = new ArrayList<>();
            for (int i = 0; i < query.sorts().size(); i++) {
                if (!string(parts.get(1 + 3 * i)).equals(signature(query.sorts().get(i)))) {
                    throw foreign(null);
                }
                values.add(value(rank(parts.get(2 + 3 * i)), parts.get(3 + 3 * i)));
            }
            return new Decoded(List.copyOf(values), integer(parts.get(0)));
        } catch (MalformedJsonException e) {
            throw foreign(e);
        }
    }

    // A key comes back from clients: nothing in it is believed.
    private static SortValue value(int rank, JsonValue json) {
        if (rank == OrderedValue.OTHER || rank == OrderedValue.NULL) {
            if (!json.isNull()) {
                throw foreign(null);
            }
            return new SortValue(rank, null);
        }
        String text = string(json);
        boolean sound = switch (rank) {
            case OrderedValue.NUMBER ->
                text.length() < 40_000 && NUMBER.matcher(text).matches();
            case OrderedValue.BOOLEAN -> text.equals("true") || text.equals("false");
            default -> rank == OrderedValue.TEXT;
        };
        if (!sound) {
            throw foreign(null);
        }
        return new SortValue(rank, text);
    }

    private static int rank(JsonValue json) {
        long rank = integer(json);
        if (rank < OrderedValue.NUMBER || rank > OrderedValue.NULL) {
            throw foreign(null);
        }
        return (int) rank;
    }

    private static String signature(Sort sort) {
        return (sort.direction() == Sort.Direction.ASCENDING ? "+" : "-")
                + (sort.nulls() == Sort.Nulls.FIRST ? "0" : "1")
                + sort.property();
    }

    private static String string(JsonValue json) {
        if (json.kind() != JsonValue.Kind.STRING) {
            throw foreign(null);
        }
        return json.string();
    }

    private static long integer(JsonValue json) {
        if (json.kind() != JsonValue.Kind.NUMBER || !INTEGER.matcher(json.raw()).matches()) {
            throw foreign(null);
        }
        try {
            return Long.parseLong(json.raw());
        } catch (NumberFormatException e) {
            throw foreign(e);
        }
    }

    private static IllegalArgumentException foreign(@Nullable Throwable cause) {
        return new IllegalArgumentException("The page key is not one of this query; begin without one", cause);
    }

    private static String quote(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsUTF8(text), StandardCharsets.UTF_8)
                .transform(quoted -> '"' + quoted + '"');
    }
}
