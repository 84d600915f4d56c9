package dev.switchover.dualwrite.crash;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.crash.Worlds.Entry;
import dev.switchover.dualwrite.crash.Worlds.Note;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.Repository;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.VersionConflictException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One thread of a child. Before each operation it tells what it is about to do, afterwards what came of it. All its records are its
 * own, but for one counter that all threads raise.
 */
final class CrashWriter implements Runnable {

    private static final int NOTES = 6;
    private static final int ENTRIES = 10;

    private final SwitchoverStorage storage;
    private final String world;
    private final int thread;
    private final String life;
    private final Random random;
    private final Repository<Entry, Long> entries;
    private final Repository<Note, String> notes;
    private final List<Entry> own = new ArrayList<>();
    private int n;

    CrashWriter(SwitchoverStorage storage, String world, int thread, String life, Random random) {
        this.storage = storage;
        this.world = world;
        this.thread = thread;
        this.life = life;
        this.random = random;
        this.entries = storage.repository(Worlds.ENTRIES);
        this.notes = storage.repository(Worlds.NOTES);
    }

    @Override
    public void run() {
        entries.findAll().stream()
                .filter(entry -> entry.name().startsWith(thread + "."))
                .forEach(own::add);
        while (true) {
            n++;
            switch (random.nextInt(9)) {
                case 0, 1 -> createOrDelete();
                case 2 -> saveNote();
                case 3 -> updateEntry();
                case 4 -> deleteNote();
                case 5 -> saveBatch();
                case 6 -> workInAUnit();
                case 7 -> askForARefusal();
                default -> raiseTheCounter();
            }
        }
    }

    private String text() {
        return "t" + life + "-" + thread + "-" + n;
    }

    private String note(int number) {
        return thread + "." + number;
    }

    /** @param effects {@code key=value}; a dash for "gone" */
    private boolean attempt(Runnable work, String... effects) {
        Lines.say("INTENT", world, "" + thread, "" + n, String.join(" ", effects));
        try {
            work.run();
            Lines.say("ACK", world, "" + thread, "" + n);
            return true;
        } catch (UnknownOutcomeException unknown) {
            Lines.say("UNKNOWN", world, "" + thread, "" + n);
        } catch (StorageException refused) {
            Lines.say("NOT", world, "" + thread, "" + n, refused.getClass().getSimpleName());
        }
        return false;
    }

    private Entry newEntry() {
        return new Entry(null, thread + "." + life + "." + n, text());
    }

    private void createOrDelete() {
        if (own.size() < ENTRIES && random.nextInt(3) > 0 || own.isEmpty()) {
            Entry fresh = newEntry();
            attempt(
                    () -> {
                        Entry created = entries.create(fresh);
                        own.add(created);
                        Lines.say("ID", world, "e." + created.name(), "" + created.id());
                    },
                    "e." + fresh.name() + "=" + fresh.text());
        } else {
            Entry old = own.remove(random.nextInt(own.size()));
            attempt(() -> entries.delete(old.id()), "e." + old.name() + "=-");
        }
    }

    private void updateEntry() {
        if (!own.isEmpty()) {
            Entry old = own.get(random.nextInt(own.size()));
            String text = text();
            attempt(
                    () -> entries.update(old.id(), entry -> new Entry(entry.id(), entry.name(), text)),
                    "e." + old.name() + "=" + text);
        }
    }

    private void saveNote() {
        String id = note(random.nextInt(NOTES));
        attempt(() -> notes.save(new Note(id, text())), "n." + id + "=" + text());
    }

    private void deleteNote() {
        String id = note(random.nextInt(NOTES));
        attempt(() -> notes.delete(id), "n." + id + "=-");
    }

    private void saveBatch() {
        List<Note> batch = new ArrayList<>();
        List<String> effects = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            batch.add(new Note(note(NOTES + i), text()));
            effects.add("n." + note(NOTES + i) + "=" + text());
        }
        attempt(() -> notes.saveAll(batch), effects.toArray(String[]::new));
    }

    private void workInAUnit() {
        String saved = note(NOTES + 4);
        String gone = note(random.nextInt(NOTES));
        Entry fresh = newEntry();
        attempt(
                () -> {
                    Entry created = storage.inUnitOfWork(unit -> {
                        unit.on(Worlds.NOTES).save(new Note(saved, text()));
                        unit.on(Worlds.NOTES).delete(gone);
                        return unit.on(Worlds.ENTRIES).create(fresh);
                    });
                    own.add(created);
                    Lines.say("ID", world, "e." + created.name(), "" + created.id());
                },
                "n." + saved + "=" + text(),
                "n." + gone + "=-",
                "e." + fresh.name() + "=" + fresh.text());
    }

    /** What was refused must never be found: it is told to the judge by a value nobody may find. */
    private void askForARefusal() {
        String id = note(random.nextInt(NOTES));
        try {
            if (random.nextBoolean()) {
                notes.save(new Note(id, "refused"), Long.MAX_VALUE);
                Lines.say("BROKEN", world, "a save with a version that never was is acknowledged");
            } else if (exists(id)) {
                notes.create(new Note(id, "refused"));
                Lines.say("BROKEN", world, "a second create of one note is acknowledged");
            }
        } catch (VersionConflictException | RecordExistsException asItShould) {
            // The next start must not find it.
        } catch (StorageException failed) {
            Lines.say("NOTHING", world, failed.getClass().getSimpleName());
        }
    }

    private boolean exists(String id) {
        return notes.exists(id);
    }

    private void raiseTheCounter() {
        attempt(
                () -> {
                    if (notes.update("counter", CrashWriter::raised).isEmpty()) {
                        try {
                            notes.create(new Note("counter", "1"));
                        } catch (RecordExistsException another) {
                            notes.update("counter", CrashWriter::raised);
                        }
                    }
                },
                "n.counter=+1");
    }

    private static Note raised(@Nullable Note counter) {
        return new Note("counter", String.valueOf(counter == null ? 1 : Long.parseLong(counter.text()) + 1));
    }
}
