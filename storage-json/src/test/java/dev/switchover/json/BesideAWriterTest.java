package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.CorruptFileException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one sees of files that another one is writing. */
class BesideAWriterTest {

    private static final Path JOURNAL = Path.of("journal-1-1");

    private int reads;

    private String read(String... outcomes) throws IOException {
        Deque<String> left = new ArrayDeque<>(List.of(outcomes));
        return BesideAWriter.read("data", () -> Set.of("journal-1-1"), () -> {
            reads++;
            String outcome = left.size() > 1 ? left.remove() : left.element();
            if (outcome.startsWith("damaged")) {
                throw new CorruptFileException(JOURNAL, outcome, null);
            }
            return outcome;
        });
    }

    @Test
    void aFrameThatWasJustBeingWrittenIsNoDamage() throws IOException {
        assertThat(read("damaged at 100", "damaged at 220", "whole")).isEqualTo("whole");
        assertThat(reads).isEqualTo(3);
    }

    @Test
    void whatIsDamagedInTheSameWayTwiceIsDamaged() {
        assertThatThrownBy(() -> read("damaged at 100", "damaged at 100", "whole"))
                .isInstanceOf(CorruptFileException.class)
                .hasMessageContaining("damaged at 100");
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void whatIsOtherwiseWrongEachTimeIsToldInTheEnd() {
        String[] outcomes = new String[100];
        for (int i = 0; i < outcomes.length; i++) {
            outcomes[i] = "damaged at " + i;
        }
        assertThatThrownBy(() -> read(outcomes)).isInstanceOf(CorruptFileException.class);
    }

    @Test
    void filesThatAreOthersEachTimeAreReadLater() {
        assertThatThrownBy(() -> BesideAWriter.read("data", () -> Set.of("journal-" + ++reads), () -> "read"))
                .isInstanceOf(StoreUnavailableException.class)
                .hasMessageContaining("try again");
    }

    /** The journal grows while it is read: pages that are read later have what those before had not yet. */
    @Test
    @Tag("slow")
    void readsBesideBusyWritersFindNoDamage(@TempDir Path directory) throws Exception {
        CollectionSchema<Book, Long> books = Book.schema();
        AtomicBoolean ended = new AtomicBoolean();
        ExecutorService writers = Executors.newFixedThreadPool(8);
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            for (int i = 0; i < 8; i++) {
                long id = i + 1;
                writers.submit(() -> {
                    while (!ended.get()) {
                        Book.save(store, books, id, "words ".repeat(400));
                    }
                });
            }
            for (int i = 0; i < 400; i++) {
                JsonStore.openReadOnly(Book.settings(directory), List.of(books));
            }
            ended.set(true);
            writers.shutdown();
            assertThat(writers.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
        } finally {
            writers.shutdownNow();
        }
    }
}
