package dev.switchover.dualwrite.crash;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The directories one child process serves side by side, so that each kill hits every phase in the middle of its work. */
final class Worlds {

    record Entry(@Nullable Long id, String name, String text) {}

    record Note(String id, String text) {}

    static final CollectionDefinition<Entry, Long> ENTRIES = CollectionDefinition.of("entries", Entry.class, Long.class)
            .idGeneration(IdGeneration.SEQUENCE)
            .table(TableLayout.columns().index("name"))
            .build();

    static final CollectionDefinition<Note, String> NOTES =
            CollectionDefinition.of("notes", Note.class, String.class).build();

    /** Its phase is another one at each start. */
    static final String FLIPPING = "FLIPPING";

    static final List<String> NAMES = List.of("JSON_ONLY", "JSON_PRIMARY", "DB_PRIMARY", "DB_ONLY", FLIPPING);

    private Worlds() {}

    static Phase phase(String world, Random random) {
        return world.equals(FLIPPING) ? Phase.values()[random.nextInt(4)] : Phase.valueOf(world);
    }

    /** @param databaseUrl empty: there is no database */
    static SwitchoverStorage open(Path directory, String databaseUrl, Phase phase) {
        return builder(directory, databaseUrl, phase).open();
    }

    /** For whoever looks from outside. */
    static Operator operator(Path directory, String databaseUrl) {
        return builder(directory, databaseUrl, Phase.JSON_ONLY).operator();
    }

    private static Switchover.Builder builder(Path directory, String databaseUrl, Phase phase) {
        Map<String, String> environment = new HashMap<>();
        environment.put("FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()));
        environment.put("FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()));
        // The judge wants what is, or nothing.
        environment.put("SWITCHOVER_STALE_READS", "no");
        if (!databaseUrl.isEmpty()) {
            environment.put("DATABASE_URL", databaseUrl);
        }
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(ENTRIES)
                .collection(NOTES);
    }
}
