package dev.switchover.dualwrite.differential;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.json.JsonStorage;
import dev.switchover.postgres.DatabaseUrl;
import dev.switchover.postgres.PostgresSettings;
import dev.switchover.postgres.PostgresStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Storage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A storage under test, with the model that stands beside it. */
abstract class Subject implements AutoCloseable {

    static final String JSON = "JSON";
    static final String POSTGRESQL = "PostgreSQL";
    static final String FLIPPING = "flipping";

    private final String name;
    private final Map<String, Shape<?, ?>> shapes = new LinkedHashMap<>();
    private final Player player;
    private final Model model;
    private @Nullable Storage storage;

    Subject(String name, List<Shape<?, ?>> shapes) {
        this.name = name;
        shapes.forEach(shape -> this.shapes.put(shape.name(), shape));
        this.player = new Player(this.shapes, this::storage);
        this.model = new Model(shapes, player);
    }

    static Subject json(List<Shape<?, ?>> shapes, Path directory) {
        return new Subject(JSON, shapes) {
            @Override
            Storage open() {
                return JsonStorage.open(directory, definitions());
            }
        };
    }

    /** In a PostgreSQL schema of its own, so that the flipping one can have the same database. */
    static Subject postgres(List<Shape<?, ?>> shapes, TestDatabase database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA alone");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        PostgresSettings settings =
                PostgresSettings.of(DatabaseUrl.parse(database.url())).schema("alone");
        return new Subject(POSTGRESQL, shapes) {
            @Override
            Storage open() {
                return PostgresStorage.open(settings, List.of(definitions()));
            }
        };
    }

    static Subject flipping(List<Shape<?, ?>> shapes, Path directory, String url) {
        return new Flipping(shapes, directory, url);
    }

    abstract Storage open();

    String name() {
        return name;
    }

    CollectionDefinition<?, ?>[] definitions() {
        return shapes.values().stream().map(Shape::definition).toArray(CollectionDefinition<?, ?>[]::new);
    }

    Map<String, Shape<?, ?>> shapes() {
        return shapes;
    }

    Model model() {
        return model;
    }

    private Storage storage() {
        Storage open = storage;
        if (open == null) {
            open = open();
            storage = open;
        }
        return open;
    }

    /** What the storage says, and what it should say. */
    record Played(Answer actual, Answer expected) {}

    Played play(Operation operation) {
        if (operation instanceof Operation.Reopen || operation instanceof Operation.Flip) {
            Answer actual = Answer.from(() -> {
                shut();
                if (operation instanceof Operation.Flip flip) {
                    flip(flip);
                }
                storage();
                return "open";
            });
            return new Played(actual, Answer.of("open"));
        }
        Answer actual = player.play(operation);
        return new Played(actual, model.play(operation, actual));
    }

    void flip(Operation.Flip flip) {}

    void shut() {
        Storage open = storage;
        storage = null;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        shut();
    }

    private static final class Flipping extends Subject {

        private final Path directory;
        private final String url;
        private Map<String, String> flags = Map.of();

        Flipping(List<Shape<?, ?>> shapes, Path directory, String url) {
            super(FLIPPING, shapes);
            this.directory = directory;
            this.url = url;
            flip(new Operation.Flip(Phase.JSON_ONLY, Map.of()));
        }

        @Override
        void flip(Operation.Flip flip) {
            Map<String, String> next = new HashMap<>(flags("", flip.phase()));
            flip.scoped().forEach((name, phase) -> next.putAll(flags("_" + name.toUpperCase(Locale.ROOT), phase)));
            flags = next;
            shapes().keySet()
                    .forEach(name -> model().primary(
                                    name,
                                    flip.scoped()
                                            .getOrDefault(name, flip.phase())
                                            .primary()));
        }

        private static Map<String, String> flags(String suffix, Phase phase) {
            return Map.of(
                    "FF_USE_DATABASE_STORAGE" + suffix, String.valueOf(phase.databasePhase()),
                    "FF_DUAL_WRITE_ENABLED" + suffix, String.valueOf(phase.mirrored()));
        }

        @Override
        Storage open() {
            Map<String, String> environment = new HashMap<>(flags);
            environment.put("DATABASE_URL", url);
            Switchover.Builder builder =
                    Switchover.builder().directory(directory).environment(environment);
            shapes().values().forEach(shape -> builder.collection(shape.definition()));
            return builder.open();
        }

        /**
         * In the end both stores have the same. A change of authority comes before, for it brings over versions too: a mirror
         * that follows after a period without it takes what has the same content as it is.
         */
        @Override
        public void close() {
            shut();
            for (Phase phase : List.of(Phase.JSON_PRIMARY, Phase.DB_PRIMARY)) {
                flip(new Operation.Flip(phase, Map.of()));
                try (Storage last = open()) {
                    if (!((SwitchoverStorage) last).awaitInSync(Duration.ofSeconds(30))) {
                        throw new AssertionError("the mirror is not in sync");
                    }
                }
            }
            BothStores.assertEqual(directory, url, List.of(definitions()));
        }
    }
}
