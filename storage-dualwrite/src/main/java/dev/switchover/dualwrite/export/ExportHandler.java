package dev.switchover.dualwrite.export;

import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The request {@code export}: into the holder's own directory. */
public final class ExportHandler implements RequestHandler {

    public static final String KIND = "export";

    private static final String COLLECTIONS = "collections";
    private static final Duration MIRROR_PATIENCE = Duration.ofSeconds(60);

    /** @param collections their names; all if there is none */
    public static Map<String, String> arguments(Collection<String> collections) {
        return collections.isEmpty() ? Map.of() : Map.of(COLLECTIONS, String.join(",", new TreeSet<>(collections)));
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        String names = request.arguments().getOrDefault(COLLECTIONS, "");
        List<CollectionSchema<?, ?>> schemas =
                chosen(storage.schemas(), names.isEmpty() ? List.of() : List.of(names.split(",")));
        return new DirectoryExport(MIRROR_PATIENCE)
                .run(storage, schemas, progress)
                .toJson();
    }

    /**
     * The collections of these names; all if there is none.
     *
     * @throws RequestFailedException if there is no such collection
     */
    public static List<CollectionSchema<?, ?>> chosen(List<CollectionSchema<?, ?>> schemas, Collection<String> names) {
        if (names.isEmpty()) {
            return schemas;
        }
        List<CollectionSchema<?, ?>> chosen = new ArrayList<>();
        for (String name : new TreeSet<>(names)) {
            chosen.add(schemas.stream()
                    .filter(schema -> schema.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new RequestFailedException(
                            KIND,
                            "There is no collection " + name + "; there is "
                                    + String.join(
                                            ", ",
                                            schemas.stream()
                                                    .map(CollectionSchema::name)
                                                    .toList()))));
        }
        return chosen;
    }
}
