package dev.switchover.dualwrite;

import dev.switchover.dualwrite.export.FolderExport;
import dev.switchover.dualwrite.preflight.Preflight;
import dev.switchover.dualwrite.preflight.PreflightReport;
import dev.switchover.dualwrite.reconcile.Counts;
import dev.switchover.dualwrite.reconcile.Progress;
import dev.switchover.dualwrite.reconcile.Reconciler;
import dev.switchover.dualwrite.rehearsal.RehearsalReport;
import dev.switchover.dualwrite.rehearsal.RehearsalReport.CollectionOutcome;
import dev.switchover.dualwrite.rehearsal.RehearsalReport.Step;
import dev.switchover.dualwrite.rehearsal.ScratchFolder;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.JsonSettings;
import dev.switchover.json.JsonStore;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.ScratchSchema;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Query;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Plays the whole migration and the way back: on a copy of the records in a folder of its own, against a schema of its own. What is
 * real is only read. Used once, by one thread.
 */
final class Rehearsal {

    private static final String KIND = "rehearse";
    private static final Duration IN_SYNC = Duration.ofHours(1);

    private final Configuration real;
    private final @Nullable PostgresStore postgres;
    private final Exports exports;
    private final RequestProgress progress;
    private final List<Step> steps = new ArrayList<>();
    private final long began = System.nanoTime();

    /** @param postgres the real one, only to be read */
    Rehearsal(Configuration real, @Nullable PostgresStore postgres, Exports exports, RequestProgress progress) {
        this.real = real;
        this.postgres = postgres;
        this.exports = exports;
        this.progress = progress;
    }

    /** Something that takes its time and says what it did. */
    private interface Play {
        String run();
    }

    /** @throws RequestFailedException if there is no database to rehearse against */
    RehearsalReport run(Path within) {
        if (real.postgres().isEmpty()) {
            throw new RequestFailedException(
                    KIND, "There is no database to rehearse against; set DATABASE_URL or DATABASE_URL_FILE");
        }
        progress.at(0, OptionalLong.empty(), "preflight");
        long start = System.nanoTime();
        PreflightReport preflight = Preflight.run(real.json(), postgres, real.schemas(), finding -> {});
        steps.add(new Step("preflight", since(start), preflight.passed(), preflight.toString()));
        if (!preflight.passed()) {
            return report(preflight, List.of(), "Mend the records that preflight refused, then rehearse again.");
        }
        try (ScratchFolder folder = ScratchFolder.create(within);
                ScratchSchema schema = ScratchSchema.create(real.postgres().get())) {
            Path copy = folder.path().resolve("data");
            List<CollectionOutcome> outcomes = play(copy, schema);
            return report(preflight, outcomes, null);
        } catch (StorageException e) {
            String last = steps.isEmpty() || steps.get(steps.size() - 1).passed()
                    ? "It could not be begun, or not be cleared away. "
                    : "";
            return report(preflight, List.of(), last + e.getMessage());
        }
    }

    private List<CollectionOutcome> play(Path copy, ScratchSchema scratch) {
        FolderExport export = new FolderExport(real.hasDirectory() ? real.directory() : null, real.clock());
        step("copy", () -> {
            var written = export.run(copy, exports.parts(real.schemas()), progress);
            return written.records() + " records";
        });
        List<CollectionSchema<?, ?>> schemas = ScratchDefinitions.of(real.schemas(), scratch);
        Configuration stage = real.onStage(copy, scratch.settings(), schemas, environment());
        Map<String, FileDigest> before = new HashMap<>();
        schemas.forEach(schema -> before.put(schema.name(), digest(copy, schema)));
        Path original = copy.resolveSibling("original");
        step("JSON_ONLY", () -> open(stage, Phase.JSON_ONLY));
        step("keep the copy", () -> {
            export.run(original, List.of(jsonPart(stage, schemas)), RequestProgress.NONE);
            return "to compare with at the end";
        });
        step("JSON_PRIMARY, backfill", () -> mirrored(stage, Phase.JSON_PRIMARY));
        step("DB_PRIMARY", () -> mirrored(stage, Phase.DB_PRIMARY));
        step("DB_ONLY, a write to each collection", () -> databaseOnly(stage));
        step("export", () -> export(stage));
        step("back to DB_PRIMARY", () -> mirrored(stage, Phase.DB_PRIMARY));
        step("back to JSON_PRIMARY", () -> mirrored(stage, Phase.JSON_PRIMARY));
        step("back to JSON_ONLY", () -> open(stage, Phase.JSON_ONLY));
        List<CollectionOutcome> outcomes = new ArrayList<>();
        step("compare with the copy", () -> {
            outcomes.addAll(compare(stage, original, before));
            long different =
                    outcomes.stream().mapToLong(CollectionOutcome::different).sum();
            if (different > 0) {
                throw new RequestFailedException(KIND, different + " records did not come back as they went");
            }
            return "";
        });
        return outcomes;
    }

    private FolderExport.Part jsonPart(Configuration stage, List<CollectionSchema<?, ?>> schemas) {
        return new FolderExport.Part(
                Store.JSON,
                schemas,
                chosen -> JsonStore.openReadOnly(stage.json(), schemas).snapshot(chosen));
    }

    private void step(String name, Play play) {
        progress.at(steps.size(), OptionalLong.empty(), name);
        long start = System.nanoTime();
        try {
            String note = play.run();
            steps.add(new Step(name, since(start), true, note));
        } catch (StorageException e) {
            steps.add(new Step(name, since(start), false, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private static String open(Configuration stage, Phase phase) {
        try (SwitchoverStorage storage = Opening.open(stage.in(phase))) {
            return count(stage, storage);
        }
    }

    private static String count(Configuration stage, SwitchoverStorage storage) {
        long records = 0;
        for (CollectionSchema<?, ?> schema : stage.schemas()) {
            records += storage.repository(schema.definition()).count(Query.all());
        }
        return records + " records";
    }

    private static String mirrored(Configuration stage, Phase phase) {
        try (SwitchoverStorage storage = Opening.open(stage.in(phase))) {
            if (!storage.awaitInSync(IN_SYNC)) {
                throw new RequestFailedException(KIND, "The mirror was not in sync within " + IN_SYNC);
            }
            for (CollectionSchema<?, ?> schema : stage.schemas()) {
                long parked = storage.parked(schema.definition()).size();
                if (parked > 0) {
                    throw new RequestFailedException(
                            KIND,
                            parked + " records of " + schema.name() + " are refused by the mirror, the first is "
                                    + storage.parked(schema.definition()).get(0));
                }
            }
        }
        return verified(stage);
    }

    /** Both stores, now that nobody has them open. */
    private static String verified(Configuration stage) {
        StringBuilder note = new StringBuilder();
        try (JsonStore json = JsonStore.open(stage.json(), stage.schemas());
                PostgresStore postgres = PostgresStore.open(stage.postgres().orElseThrow(), stage.schemas())) {
            postgres.prepare();
            for (CollectionSchema<?, ?> schema : stage.schemas()) {
                Counts counts = new Reconciler().compare(json, postgres, schema, difference -> {}, Progress.NONE);
                if (counts.different() > 0) {
                    throw new RequestFailedException(KIND, schema.name() + ": the stores differ: " + counts);
                }
                note.append(note.isEmpty() ? "" : "; ")
                        .append(schema.name())
                        .append(' ')
                        .append(counts.equal());
            }
        }
        return note + " equal";
    }

    /** What was not written in a phase without JSON proves nothing about the way back. */
    private static String databaseOnly(Configuration stage) {
        try (SwitchoverStorage storage = Opening.open(stage.in(Phase.DB_ONLY))) {
            int written = 0;
            for (CollectionSchema<?, ?> schema : stage.schemas()) {
                List<RawRecord> first =
                        storage.records().list(schema, Query.all().limit(1));
                for (RawRecord record : first) {
                    storage.records().write(List.of(new Write.Put(schema, record.id(), record.body(), Expected.ANY)));
                    written++;
                }
            }
            return written + " written";
        }
    }

    private static String export(Configuration stage) {
        try (SwitchoverStorage storage = Opening.open(stage.in(Phase.DB_ONLY))) {
            return storage.export().records() + " records";
        }
    }

    private static List<CollectionOutcome> compare(Configuration stage, Path original, Map<String, FileDigest> before) {
        List<CollectionOutcome> outcomes = new ArrayList<>();
        JsonSettings kept = JsonSettings.of(original);
        var then = JsonStore.openReadOnly(kept, stage.schemas());
        var now = JsonStore.openReadOnly(stage.json(), stage.schemas());
        for (CollectionSchema<?, ?> schema : stage.schemas()) {
            long different = 0;
            long records = 0;
            try (RecordCursor was = then.snapshot(List.of(schema)).inOrder(schema);
                    RecordCursor is = now.snapshot(List.of(schema)).inOrder(schema)) {
                while (was.hasNext() || is.hasNext()) {
                    records++;
                    boolean same = was.hasNext() && is.hasNext() && same(schema, was.next(), is.next());
                    different += same ? 0 : 1;
                    if (!same) {
                        skip(was);
                        skip(is);
                    }
                }
            }
            FileDigest digest = digest(stage.directory(), schema);
            outcomes.add(new CollectionOutcome(
                    schema.name(), records, digest.length(), different, digest.equals(before.get(schema.name()))));
        }
        return outcomes;
    }

    private static boolean same(CollectionSchema<?, ?> schema, RawRecord was, RawRecord is) {
        return was.id().equals(is.id()) && schema.sameContent(was.body(), is.body());
    }

    /** One that is missing puts all behind it out of step: the first difference is counted, and the end sought. */
    private static void skip(RecordCursor cursor) {
        while (cursor.hasNext()) {
            cursor.next();
        }
    }

    private static FileDigest digest(Path directory, CollectionSchema<?, ?> schema) {
        Path file = directory.resolve(schema.definition().fileName());
        try {
            FileDigest digest = FileDigest.of(file);
            if (digest == null) {
                throw new RequestFailedException(KIND, file + " is not there");
            }
            return digest;
        } catch (IOException e) {
            throw new StoreUnavailableException(Store.JSON, file + " cannot be read", e);
        }
    }

    /** Timeouts are the service's own; flags, force, schedules and folders are not to be followed here. */
    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        real.environment().forEach((name, value) -> {
            if (name.startsWith("SWITCHOVER_") && name.endsWith("_TIMEOUT")) {
                environment.put(name, value);
            }
        });
        return environment;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private RehearsalReport report(
            PreflightReport preflight, List<CollectionOutcome> outcomes, @Nullable String problem) {
        return new RehearsalReport(preflight, steps, outcomes, since(began), problem);
    }
}
