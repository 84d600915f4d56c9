package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.differential.Operation.IdRef;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Which collection and which record an operation is about. */
final class Collections {

    private Collections() {}

    static String of(Operation operation) {
        Object collection = Shape.values(operation).get("collection");
        if (collection == null) {
            throw new AssertionError(operation);
        }
        return (String) collection;
    }

    static @Nullable IdRef id(Operation operation) {
        return (IdRef) Shape.values(operation).get("id");
    }

    /** The body of a raw text with its id where the text wants it; UUIDs in capitals now and then. */
    static Json.Obj withId(Shape<?, ?> shape, Operation.RawPut put, Object id) {
        List<Json.Member> members = new ArrayList<>();
        List<Json.Member> ids = shape.idMembers(id);
        if (id instanceof UUID && put.spaced()) {
            ids = List.of(
                    new Json.Member(ids.get(0).key(), Json.text(id.toString().toUpperCase(java.util.Locale.ROOT))));
        }
        if (!Refusals.storable(shape.idText(id))) {
            ids = List.of(new Json.Member(ids.get(0).key(), Json.escaped(shape.idText(id))));
        }
        boolean last = put.body().members().size() % 2 == 0;
        members.addAll(last ? put.body().members() : ids);
        members.addAll(last ? ids : put.body().members());
        return new Json.Obj(members);
    }
}
