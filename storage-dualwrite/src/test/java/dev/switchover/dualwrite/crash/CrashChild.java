package dev.switchover.dualwrite.crash;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.crash.Worlds.Entry;
import dev.switchover.dualwrite.crash.Worlds.Note;
import dev.switchover.storage.Phase;
import dev.switchover.storage.StorageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * The process that is killed. Opens every world, tells what it finds there, and writes until the kill comes, or, if it is asked to
 * be calm, waits for the mirrors and closes.
 *
 * <p>Arguments: the directory of all worlds, a seed, the number of this life, {@code calm} or {@code writing}; then a database URL
 * for each world, or a dash.
 */
final class CrashChild {

    private static final int THREADS = 3;

    private CrashChild() {}

    public static void main(String[] arguments) throws InterruptedException {
        Path home = Path.of(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        String life = arguments[2];
        boolean calm = arguments[3].equals("calm");
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < Worlds.NAMES.size(); i++) {
            String world = Worlds.NAMES.get(i);
            String url = arguments[4 + i].equals("-") ? "" : arguments[4 + i];
            Random random = new Random(seed * 31 + i);
            threads.add(new Thread(() -> live(world, home.resolve(world), url, random, life, calm)));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        Lines.say("END");
    }

    private static void live(String world, Path directory, String url, Random random, String life, boolean calm) {
        Phase phase = Worlds.phase(world, random);
        Lines.say("OPENING", world, phase.name());
        try (SwitchoverStorage storage = Worlds.open(directory, url, phase)) {
            tell(world, storage);
            if (calm) {
                boolean inSync = storage.awaitInSync(Duration.ofSeconds(60));
                Lines.say("CALM", world, phase.name(), String.valueOf(inSync));
            } else {
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    Thread writer = new Thread(new CrashWriter(storage, world, i, life, new Random(random.nextLong())));
                    writers.add(writer);
                    writer.start();
                }
                for (Thread writer : writers) {
                    writer.join();
                }
            }
        } catch (StorageException refused) {
            Lines.say("REFUSED", world, String.valueOf(refused).replace('\n', ' '));
        } catch (InterruptedException nobodyShould) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(String world, SwitchoverStorage storage) {
        for (Entry entry : storage.repository(Worlds.ENTRIES).findAll()) {
            long version = storage.repository(Worlds.ENTRIES)
                    .findVersioned(entry.id())
                    .orElseThrow()
                    .version();
            Lines.say("FOUND", world, "e." + entry.name(), entry.text(), String.valueOf(version), "" + entry.id());
        }
        int kept = 0;
        for (Note note : storage.repository(Worlds.NOTES).findAll()) {
            if (note.id().startsWith("kept")) {
                kept++;
            } else {
                long version = storage.repository(Worlds.NOTES)
                        .findVersioned(note.id())
                        .orElseThrow()
                        .version();
                Lines.say("FOUND", world, "n." + note.id(), note.text(), String.valueOf(version), "-");
            }
        }
        Lines.say("SERVING", world, String.valueOf(kept));
    }
}
