package dev.switchover.dualwrite.preflight;

import dev.switchover.storage.document.JsonPointers;
import dev.switchover.storage.document.JsonValue;
import dev.switchover.storage.document.TextStyle;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first place where two texts of one record are not written alike; white space does not count.
 *
 * @param path JSON pointer
 * @param reason how it is written otherwise, without the value
 */
record Rewriting(String path, String reason) {

    /** @return null if they are written alike */
    static @Nullable Rewriting first(byte[] before, byte[] after) {
        byte[] one = TextStyle.COMPACT.lay(before);
        byte[] other = TextStyle.COMPACT.lay(after);
        return Arrays.equals(one, other) ? null : first(JsonValue.of(one), JsonValue.of(other), "");
    }

    private static @Nullable Rewriting first(JsonValue before, JsonValue after, String path) {
        if (before.raw().equals(after.raw())) {
            return null;
        }
        if (before.kind() != JsonValue.Kind.OBJECT || after.kind() != JsonValue.Kind.OBJECT) {
            return new Rewriting(path, "its column gives the value back written otherwise");
        }
        for (JsonValue.Member member : before.members()) {
            JsonValue then = after.member(member.name());
            String place = path + "/" + JsonPointers.escape(member.name());
            Rewriting inside = then == null
                    ? new Rewriting(place, "the property is left out")
                    : first(member.value(), then, place);
            if (inside != null) {
                return inside;
            }
        }
        for (JsonValue.Member member : after.members()) {
            if (before.member(member.name()) == null) {
                String place = path + "/" + JsonPointers.escape(member.name());
                return new Rewriting(
                        place,
                        member.value().isNull()
                                ? "the property is absent and comes back as null"
                                : "the property is absent and comes back with a value");
            }
        }
        List<String> names =
                before.members().stream().map(JsonValue.Member::name).toList();
        boolean sameOrder = names.equals(
                after.members().stream().map(JsonValue.Member::name).toList());
        return new Rewriting(
                path,
                sameOrder
                        ? "a property's name comes back escaped otherwise"
                        : "the properties come back in another order");
    }
}
