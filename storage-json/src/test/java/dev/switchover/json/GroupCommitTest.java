package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.testing.FaultyDisk;
import dev.switchover.storage.schema.CollectionSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupCommitTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @Test
    void sixteenThreadsShareForcesAndLoseNothing() throws Exception {
        int threads = 16;
        int each = 100;
        FaultyDisk disk = FaultyDisk.sound(directory);
        try (JsonStore store = Book.serving(Book.open(directory, disk, books))) {
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                tasks.add(() -> {
                    for (int i = 0; i < each; i++) {
                        Book.save(store, books, thread * 1000L + i + 1, "t" + thread);
                    }
                    return each;
                });
            }
            for (Future<Integer> done : pool.invokeAll(tasks)) {
                assertThat(done.get()).isEqualTo(each);
            }
            pool.shutdown();
            long forces = disk.log().stream()
                    .filter(call -> call.startsWith("force journal"))
                    .count();
            assertThat(forces).isLessThan(threads * each);
        }
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Book.all(store, books)).hasSize(threads * each);
        }
    }

    @Test
    void anInterruptedCallerHarmsNobody() {
        try (JsonStore store = Book.serving(Book.open(directory, books))) {
            Thread.currentThread().interrupt();
            Book.save(store, books, 1, "interrupted");
            assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
            Book.save(store, books, 2, "after");
            Thread.currentThread().interrupt();
            store.checkpoint();
            assertThat(Thread.interrupted()).isTrue();
            Thread.currentThread().interrupt();
        }
        assertThat(Thread.interrupted()).isTrue();
        Thread.currentThread().interrupt();
        try (JsonStore store = Book.open(directory, books)) {
            assertThat(Thread.interrupted()).isTrue();
            assertThat(Book.all(store, books)).hasSize(2);
        }
    }
}
