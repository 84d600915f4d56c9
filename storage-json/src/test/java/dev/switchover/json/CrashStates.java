package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.records.CollectionSnapshot;
import dev.switchover.json.records.Pending;
import dev.switchover.json.recovery.CollidingEdits;
import dev.switchover.json.recovery.Recovered;
import dev.switchover.json.recovery.RecoveredCollection;
import dev.switchover.json.recovery.Recovery;
import dev.switchover.json.testing.DiskHistory;
import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Puts states of a disk into a directory, has them recovered by the code that recovers real ones, and judges what comes out: after a
 * crash a state the store has had, and not an older one than the last that was acknowledged; after damage that, or a refusal.
 */
final class CrashStates {

    private final Path source;
    private final Path target;
    private final List<CollectionSchema<?, ?>> schemas;
    private final Map<Path, byte[]> there = new HashMap<>();
    private final List<String> reached = new ArrayList<>();
    private final Set<Integer> seen = new HashSet<>();
    private int acknowledged;
    private long judged;
    private long refused;

    CrashStates(Path source, Path target, List<CollectionSchema<?, ?>> schemas) throws IOException {
        this.source = source;
        this.target = target;
        this.schemas = schemas;
        Files.createDirectories(new StoreDirectory(target).hidden());
    }

    /** Different states that were judged. */
    long judged() {
        return judged;
    }

    /** Damaged states whose start was refused. */
    long refused() {
        return refused;
    }

    /** The store's state, as its files tell it, while nobody writes. */
    void reached(boolean durable) {
        String state = recover(source);
        if (reached.isEmpty() || !reached.get(reached.size() - 1).equals(state)) {
            reached.add(state);
            seen.clear();
        }
        if (durable) {
            acknowledged = reached.size() - 1;
            seen.clear();
        }
    }

    /** Forgets what the store was before. */
    void restart() {
        reached.clear();
        acknowledged = 0;
    }

    /** States judged before their successor is known: whoever is in the middle of an operation may have ended it. */
    private final List<Map<Path, byte[]>> undecided = new ArrayList<>();

    private final List<String> where = new ArrayList<>();

    /** What a crash may leave while the next operation runs. */
    void crashed(DiskHistory history, int limit, Random random, boolean torn, String what) {
        keep(history.present(), what + ", killed");
        history.powerLossStates(limit, random, state -> keep(state, what + ", power lost"));
        if (torn) {
            history.tornStates(state -> keep(state, what + ", torn"));
        }
    }

    private void keep(Map<Path, byte[]> state, String what) {
        int hash = 0;
        for (Map.Entry<Path, byte[]> file : state.entrySet()) {
            hash += file.getKey().hashCode() * 31 ^ Arrays.hashCode(file.getValue());
        }
        if (seen.add(hash)) {
            undecided.add(state);
            where.add(what);
        }
    }

    /** The operation has ended, see {@link #reached}: now the states it may have left can be judged. */
    void judge(int from) {
        for (int i = 0; i < undecided.size(); i++) {
            judged++;
            put(undecided.get(i));
            String found = recover(target);
            assertThat(reached.subList(from, reached.size()))
                    .as("%s: %s", where.get(i), undecided.get(i).keySet())
                    .contains(found);
        }
        undecided.clear();
        where.clear();
        seen.clear();
    }

    int acknowledged() {
        return acknowledged;
    }

    /** One file of a state at rest was damaged. @return whether that was noticed */
    boolean damaged(Map<Path, byte[]> sound, Path file, byte[] damage, String what) {
        judged++;
        Map<Path, byte[]> state = new HashMap<>(sound);
        state.put(file, damage);
        put(state);
        try {
            assertThat(recoverOrThrow(target)).as(what).isEqualTo(reached.get(reached.size() - 1));
            return false;
        } catch (CorruptFileException noticed) {
            refused++;
            assertThat(noticed.getMessage()).as(what).contains("The file has not been changed");
            return true;
        } catch (StorageException noticed) {
            refused++;
            return true;
        }
    }

    private void put(Map<Path, byte[]> state) {
        try {
            for (Path gone : List.copyOf(there.keySet())) {
                if (!state.containsKey(gone)) {
                    Files.delete(gone(gone));
                    there.remove(gone);
                }
            }
            for (Map.Entry<Path, byte[]> file : state.entrySet()) {
                byte[] before = there.get(file.getKey());
                if (before == null || !Arrays.equals(before, file.getValue())) {
                    Files.write(gone(file.getKey()), file.getValue());
                    there.put(file.getKey(), file.getValue());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path gone(Path file) {
        return target.resolve(source.relativize(file).toString());
    }

    private String recover(Path directory) {
        try {
            return recoverOrThrow(directory);
        } catch (StorageException refusal) {
            return "refused: " + refusal.getMessage();
        }
    }

    private String recoverOrThrow(Path directory) {
        try {
            Recovered recovered = new Recovery(new StoreDirectory(directory), CollidingEdits.REFUSE, Clock.systemUTC())
                    .recover(schemas);
            StringBuilder text = new StringBuilder();
            for (RecoveredCollection collection : recovered.collections()) {
                describe(CollectionSnapshot.of(collection.state(), 0), text);
            }
            return text.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything but clocks and ids skipped. */
    private static void describe(CollectionSnapshot of, StringBuilder text) {
        text.append(of.schema().name()).append(" version ").append(of.version());
        text.append(" entry ")
                .append(of.entry())
                .append(" phase ")
                .append(of.phase())
                .append('\n');
        for (RawRecord record : of.records()) {
            describe(record, text);
        }
        if (of.envelope() != null) {
            describe(of.envelope(), text);
        }
        of.pending().stream()
                .sorted((left, right) -> Long.compare(left.version(), right.version()))
                .map(CrashStates::mark)
                .forEach(text::append);
        text.append(of.tokens()).append(of.history()).append('\n');
    }

    private static String mark(Pending pending) {
        return "pending " + pending.id() + " " + pending.version() + " " + pending.unit() + " " + pending.parked()
                + "\n";
    }

    private static void describe(RawRecord record, StringBuilder text) {
        text.append(record.id())
                .append(' ')
                .append(record.version())
                .append('/')
                .append(record.order())
                .append(' ')
                .append(new String(record.body(), StandardCharsets.UTF_8))
                .append('\n');
    }
}
