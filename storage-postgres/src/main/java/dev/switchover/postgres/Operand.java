package dev.switchover.postgres;

import dev.switchover.storage.schema.PropertyKind;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A filter's or page key's value, as the kind it is compared as. Its class has been checked before. */
sealed interface Operand {

    record Num(BigDecimal value) implements Operand {}

    record Text(String value) implements Operand {}

    record Moment(Instant value) implements Operand {
        /** Seconds since 1970 with all digits. */
        BigDecimal seconds() {
            return BigDecimal.valueOf(value.getEpochSecond()).add(BigDecimal.valueOf(value.getNano(), 9));
        }
    }

    record Flag(boolean value) implements Operand {}

    static Operand of(Object value, PropertyKind kind) {
        if (value instanceof Boolean flag) {
            return new Flag(flag);
        } else if (value instanceof BigDecimal number) {
            return new Num(number);
        } else if (value instanceof Number number) {
            return new Num(new BigDecimal(number.toString()));
        } else if (value instanceof Instant instant && kind == PropertyKind.TIMESTAMP) {
            return new Moment(instant);
        } else if (value instanceof OffsetDateTime moment && kind == PropertyKind.TIMESTAMP) {
            return new Moment(moment.toInstant());
        } else if (value instanceof Instant || value instanceof OffsetDateTime) {
            return new Text(value.toString());
        } else if (value instanceof Enum<?> constant) {
            return new Text(constant.name());
        }
        return text(value.toString(), kind);
    }

    static Operand text(String text, PropertyKind kind) {
        if (kind == PropertyKind.TIMESTAMP) {
            try {
                return new Moment(OffsetDateTime.parse(text).toInstant());
            } catch (DateTimeException e) {
                return new Text(text);
            }
        }
        return new Text(text);
    }
}
