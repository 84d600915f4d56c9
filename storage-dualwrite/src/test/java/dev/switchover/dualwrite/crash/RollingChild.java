package dev.switchover.dualwrite.crash;

import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.crash.Worlds.Entry;
import dev.switchover.dualwrite.crash.Worlds.Note;
import dev.switchover.storage.Phase;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.UnknownOutcomeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * One instance of a service that has several, started with its own flags as an orchestrator would: again when its start is refused,
 * and again when it has not been able to write for a while. Never ends by itself.
 *
 * <p>Arguments: directory, database URL, phase, whether it asks for the directory, its name, a seed.
 */
final class RollingChild {

    private static final int WRITERS = 2;
    private static final long USELESS = Duration.ofSeconds(4).toNanos();

    private final Path directory;
    private final String url;
    private final Phase phase;
    private final boolean takesOver;
    private final String name;
    private final Random random;
    private int n;

    private RollingChild(String[] arguments) {
        this.directory = Path.of(arguments[0]);
        this.url = arguments[1];
        this.phase = Phase.valueOf(arguments[2]);
        this.takesOver = Boolean.parseBoolean(arguments[3]);
        this.name = arguments[4];
        this.random = new Random(Long.parseLong(arguments[5]));
    }

    public static void main(String[] arguments) throws InterruptedException {
        RollingChild child = new RollingChild(arguments);
        while (true) {
            child.live();
        }
    }

    static SwitchoverStorage open(Path directory, String url, Phase phase, boolean takesOver) {
        Map<String, String> environment = new HashMap<>();
        environment.put("FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()));
        environment.put("FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()));
        environment.put("SWITCHOVER_STALE_READS", "no");
        environment.put("SWITCHOVER_TAKE_OVER", String.valueOf(takesOver));
        environment.put("SWITCHOVER_SWITCH_TIMEOUT", "5s");
        environment.put("SWITCHOVER_CLOSE_TIMEOUT", "2s");
        environment.put("DATABASE_URL", url);
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(Worlds.ENTRIES)
                .collection(Worlds.NOTES)
                .open();
    }

    private void live() throws InterruptedException {
        try (SwitchoverStorage storage = open(directory, url, phase, takesOver)) {
            Lines.say("SERVING", phase.name());
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                Random own = new Random(random.nextLong());
                Thread writer = new Thread(() -> writeWhileItIsOfUse(storage, own));
                writers.add(writer);
                writer.start();
            }
            for (Thread writer : writers) {
                writer.join();
            }
            Lines.say("LEAVES", phase.name());
        } catch (StorageException refused) {
            Lines.say("REFUSED", String.valueOf(refused.getMessage()).replace('\n', ' '));
            LockSupport.parkNanos(200_000_000);
        }
    }

    private synchronized String nextToken() {
        return name + "." + n++;
    }

    private void writeWhileItIsOfUse(SwitchoverStorage storage, Random own) {
        List<Entry> created = new ArrayList<>();
        long lastUse = System.nanoTime();
        while (System.nanoTime() - lastUse < USELESS) {
            String token = nextToken();
            if (attempt(storage, token, created, own)) {
                lastUse = System.nanoTime();
            } else {
                LockSupport.parkNanos(5_000_000);
            }
        }
    }

    private static boolean attempt(SwitchoverStorage storage, String token, List<Entry> created, Random own) {
        Repository<Entry, Long> entries = storage.repository(Worlds.ENTRIES);
        Repository<Note, String> notes = storage.repository(Worlds.NOTES);
        try {
            switch (own.nextInt(4)) {
                case 0 -> {
                    Lines.say("INTENT", "CREATE", token);
                    Entry made = entries.create(new Entry(null, token, "x"));
                    created.add(made);
                    Lines.say("ACK", token, String.valueOf(made.id()));
                }
                case 1 -> {
                    if (!created.isEmpty()) {
                        Entry gone = created.remove(own.nextInt(created.size()));
                        Lines.say("INTENT", "DELETE", token, gone.name());
                        entries.delete(gone.id());
                        Lines.say("ACK", token, "-");
                    }
                }
                default -> {
                    Lines.say("INTENT", "APPEND", token);
                    append(notes, "shared" + own.nextInt(3), token);
                    Lines.say("ACK", token, "-");
                }
            }
            return true;
        } catch (UnknownOutcomeException unknown) {
            Lines.say("UNKNOWN", token);
        } catch (StorageException refused) {
            Lines.say("NOT", token, refused.getClass().getSimpleName());
        }
        return false;
    }

    /** Everybody adds to the same few records: two histories of one of them would each lack what the other was given. */
    private static void append(Repository<Note, String> notes, String id, String token) {
        while (true) {
            Optional<Note> after = notes.update(id, note -> new Note(id, note.text() + ";" + token));
            if (after.isPresent()) {
                return;
            }
            try {
                notes.create(new Note(id, ";" + token));
                return;
            } catch (RecordExistsException another) {
                // Somebody was faster: then it can be updated.
            }
        }
    }
}
