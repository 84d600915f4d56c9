package dev.switchover.json.commit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.json.journal.Change;
import dev.switchover.json.journal.Frame;
import dev.switchover.json.journal.Journal;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.CollectionState;
import dev.switchover.json.records.StoreState;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class CommitterTest {

    record Note(Long id) {}

    @TempDir
    Path directory;

    private Committer committer;
    private CollectionSchema<Note, Long> notes;
    private volatile boolean armed;
    private volatile boolean owner = true;

    @Test
    @Timeout(30)
    void takenOverWhileSomebodyApplies() throws Exception {
        begin();
        later(notes, 1);
        committer.force(5_000_000_000L);
        armed = true;
        later(notes, 2);
        await().until(() -> !owner);
        assertThatThrownBy(() -> committer.force(5_000_000_000L))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("taken over");
    }

    @Test
    @Timeout(30)
    void whoFoundItselfTakenOverTakesNothingMore() throws Exception {
        begin();
        later(notes, 1);
        owner = false;
        assertThatThrownBy(() -> committer.force(5_000_000_000L)).hasMessageContaining("taken over");
        assertThatThrownBy(() -> later(notes, 2))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("taken over");
    }

    private void begin() throws Exception {
        notes = CollectionSchema.of(CollectionDefinition.of("notes", Note.class, Long.class)
                .idGeneration(IdGeneration.SEQUENCE)
                .build());
        StoreDirectory place = new StoreDirectory(directory);
        Files.createDirectories(place.hidden());
        Journal journal = new Journal(Disk.real(), place, UUID.randomUUID(), 1, 0, Map.of("notes", 0L));
        StoreState state = new StoreState(List.of(new CollectionState(notes)), 0);
        committer = new Committer(
                state,
                journal,
                new Surroundings() {
                    @Override
                    public boolean isOwner() {
                        if (armed) {
                            armed = false;
                            owner = false;
                            // Another process takes over here, and a caller comes who cannot know it.
                            Thread other = new Thread(() -> later(notes, 3));
                            other.start();
                            try {
                                other.join();
                            } catch (InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        }
                        return owner;
                    }

                    @Override
                    public Map<String, Long> checkpointEverything(SegmentName segment) {
                        return Map.of();
                    }

                    @Override
                    public void published(List<Frame> frames, int bytes) {}
                },
                Clock.systemUTC(),
                5_000_000_000L);
        committer.start();
    }

    private void later(CollectionSchema<?, ?> notes, long version) {
        committer.appendLater(
                draft -> {
                    draft.add(notes, new Change.Counters("notes", version, 0));
                    return true;
                },
                1_000_000_000L);
    }
}
