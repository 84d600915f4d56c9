package dev.switchover.examples.expenses.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.examples.expenses.Expense;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records as text that is equal exactly if they are: each property, in its order, each digit. Made without the library,
 * so that it can judge it.
 */
final class Canonical {

    static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private static final List<String> TEXTS = List.of("date", "category", "amount", "account", "currency", "notes");

    private Canonical() {}

    static ObjectNode parse(String json) {
        try {
            return (ObjectNode) EXACT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + json, e);
        }
    }

    static String text(JsonNode node) {
        try {
            return EXACT.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An expense as the demo means it to be. */
    static String of(Expense expense) {
        ObjectNode node = EXACT.createObjectNode();
        BigDecimal amount = expense.amount();
        put(node, "date", expense.date() == null ? null : expense.date().toString());
        put(node, "category", expense.category());
        put(node, "amount", amount == null ? null : amount.toPlainString());
        put(node, "account", expense.account());
        put(node, "currency", expense.currency());
        put(node, "notes", expense.notes());
        node.put("business", expense.business());
        return text(node);
    }

    /** An expense in the file. All its properties have to be there, and no others. */
    static String expense(JsonNode record) {
        if (record.size() != TEXTS.size() + 2) {
            return "an expense with " + record.size() + " properties: " + record;
        }
        ObjectNode node = EXACT.createObjectNode();
        for (String name : TEXTS) {
            JsonNode value = record.path(name);
            if (value.isNumber()) {
                put(node, name, value.decimalValue().toPlainString());
            } else {
                put(node, name, value.textValue());
            }
        }
        node.set("business", record.path("business"));
        return text(node);
    }

    /** An expense in the table. */
    static String expense(ResultSet row) throws SQLException {
        ObjectNode node = EXACT.createObjectNode();
        for (String name : TEXTS) {
            // As PostgreSQL itself writes it, dates and numbers too.
            put(node, name, row.getString(name));
        }
        boolean business = row.getBoolean("business");
        node.put("business", row.wasNull() ? null : (Boolean) business);
        return text(node);
    }

    private static void put(ObjectNode node, String name, @Nullable String value) {
        node.put(name, value);
    }
}
