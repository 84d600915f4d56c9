package dev.switchover.dualwrite.request;

import dev.switchover.json.JsonStore;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a request is carried out on: a directory whose lock this process has, and the database. Either of a service that runs, or of
 * an asker that took the lock because nobody had it. Thread-safe.
 */
public interface HeldStorage {

    Path directory();

    List<CollectionSchema<?, ?>> schemas();

    /**
     * The collection that an argument of the request names.
     *
     * @throws RequestFailedException if there is none
     */
    default CollectionSchema<?, ?> schema(Request request, String argument) {
        String name = request.arguments().getOrDefault(argument, "");
        return schemas().stream()
                .filter(schema -> schema.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new RequestFailedException(
                        request.kind(),
                        "The holder of the directory has no collection \"" + name + "\", only "
                                + schemas().stream().map(CollectionSchema::name).collect(Collectors.joining(", "))
                                + "; give both the same definitions"));
    }

    /** The store on the directory. It must not be closed by who carries out a request. */
    JsonStore json();

    /** Null if none is configured. It may be away; it must not be closed. */
    @Nullable
    PostgresStore postgres();

    /** In which phase this process serves the collection; empty if nobody serves here, for the asker holds the lock itself. */
    Optional<Phase> phase(CollectionSchema<?, ?> schema);

    /**
     * Waits until every mirror of this process has everything.
     *
     * @return false if that took longer, or a mirror is not in sync and nobody works on it
     */
    boolean awaitInSync(Duration atMost);

    /** For times in results; never for durations. */
    Clock clock();
}
