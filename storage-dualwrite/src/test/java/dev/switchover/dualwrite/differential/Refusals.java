package dev.switchover.dualwrite.differential;

import dev.switchover.storage.DocumentLimits;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What no store may take, by the rules as they are written down. A path, or null if all is well. */
final class Refusals {

    private static final DocumentLimits LIMITS = Records.LIMITS;
    /** Of the values of one index, in bytes. */
    private static final int INDEXED = 2_000;

    private Refusals() {}

    static boolean storable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                return false;
            }
            i += pair ? 1 : 0;
        }
        return true;
    }

    /** @param raw whether it is text from outside, which is not mended */
    static @Nullable String of(Shape<?, ?> shape, Json.Obj record, @Nullable Object id, boolean raw) {
        if (isTooLong(record.compact())) {
            return "";
        }
        String path = inside(record, "", 1);
        if (path == null && id != null && !idFits(shape, id)) {
            path = "/" + shape.idProperties().get(0);
        }
        if (path == null && shape.columns()) {
            path = columns(shape, record, raw);
        }
        return path == null ? indexed(shape, record) : path;
    }

    static boolean isTooLong(String text) {
        return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > LIMITS.bytes();
    }

    private static @Nullable String indexed(Shape<?, ?> shape, Json.Obj record) {
        for (List<String> index : shape.definition().tableLayout().indexes()) {
            int together = 0;
            int most = 0;
            String longest = "";
            for (String property : index) {
                int length = length(record.get(property), shape.columns());
                together += length;
                longest = length > most ? property : longest;
                most = Math.max(most, length);
            }
            if (together > INDEXED) {
                return "/" + longest;
            }
        }
        return null;
    }

    private static int length(@Nullable Json value, boolean columns) {
        if (value instanceof Json.Text text) {
            return text.value().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
        }
        if (value instanceof Json.Number number) {
            return columns
                    ? new BigDecimal(number.raw()).toPlainString().length()
                    : number.raw().length();
        }
        return 0;
    }

    /** Where an id is only asked for. */
    static boolean idFits(Shape<?, ?> shape, Object id) {
        String text = shape.idText(id);
        return storable(text)
                && !text.isEmpty()
                && text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length <= 512;
    }

    private static @Nullable String inside(Json json, String path, int depth) {
        if (json instanceof Json.Text text) {
            return storable(text.value()) ? null : path;
        }
        if (json instanceof Json.Number number) {
            return tooLong(number.raw()) ? path : null;
        }
        if (json instanceof Json.Word) {
            return null;
        }
        if (depth > LIMITS.depth()) {
            return path;
        }
        if (json instanceof Json.Array array) {
            for (int i = 0; i < array.elements().size(); i++) {
                String found = inside(array.elements().get(i), path + "/" + i, depth + 1);
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        Set<String> keys = new HashSet<>();
        for (Json.Member member : ((Json.Obj) json).members()) {
            String at = path + "/" + member.key().value().replace("~", "~0").replace("/", "~1");
            String found = keys.add(member.key().value()) ? inside(member.value(), at, depth + 1) : at;
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    private static boolean tooLong(String raw) {
        if (raw.length() > LIMITS.numberDigits() || raw.matches(".*[eE][+-]?[0-9]{5,}")) {
            return true;
        }
        BigDecimal number = new BigDecimal(raw);
        int before = Math.max(number.precision() - number.scale(), 1);
        return (number.signum() == 0 ? 1 : before) + Math.max(number.scale(), 0) > LIMITS.numberDigits();
    }

    private static @Nullable String columns(Shape<?, ?> shape, Json.Obj record, boolean raw) {
        Map<String, Class<?>> properties = shape.properties();
        for (Json.Member member : record.members()) {
            String name = member.key().value();
            Class<?> type = properties.get(name);
            Json value = member.value();
            if (type == null || value.equals(Json.NULL)) {
                continue;
            }
            if (shape.flattened(name)) {
                Json mean = ((Json.Obj) value).get("mean");
                if (mean instanceof Json.Number number && !fits(BigDecimal.class, number, raw)) {
                    return "/" + name + "/mean";
                }
            } else if (!fits(type, value, raw)) {
                return "/" + name;
            }
        }
        return null;
    }

    private static boolean fits(Class<?> type, Json value, boolean raw) {
        if (type == BigDecimal.class) {
            return !raw || new BigDecimal(((Json.Number) value).raw()).scale() >= 0;
        }
        if (type == Double.class) {
            return value instanceof Json.Number number
                    && Double.isFinite(Double.parseDouble(number.raw()))
                    && new BigDecimal(Double.toString(Double.parseDouble(number.raw())))
                                    .compareTo(new BigDecimal(number.raw()))
                            == 0;
        }
        if (type == LocalDate.class) {
            return year(LocalDate.parse(((Json.Text) value).value()).getYear());
        }
        if (type == Instant.class) {
            OffsetDateTime moment = OffsetDateTime.parse(((Json.Text) value).value());
            return moment.getNano() % 1_000 == 0
                    && year(moment.withOffsetSameInstant(ZoneOffset.UTC).getYear());
        }
        return true;
    }

    private static boolean year(int year) {
        return year >= 1 && year <= 9999;
    }
}
