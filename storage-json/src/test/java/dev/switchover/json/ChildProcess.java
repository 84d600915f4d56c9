package dev.switchover.json;

import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.Write;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What other JVMs do in tests. */
final class ChildProcess {

    private ChildProcess() {}

    /** Holds the directory until it is killed. */
    static final class Holding {

        private Holding() {}

        public static void main(String[] arguments) throws InterruptedException {
            JsonStore store = Book.open(Path.of(arguments[0]), Book.schema());
            System.out.println("HELD");
            new CountDownLatch(1).await();
            store.close();
        }
    }

    /** Serves, loses its lock without a trace, and saves one book for each line it reads; says {@code ACK} or {@code REFUSED}. */
    static final class Lingering {

        private Lingering() {}

        public static void main(String[] arguments) throws IOException {
            Path directory = Path.of(arguments[0]);
            CollectionSchema<Book, Long> books = Book.schema();
            JsonStore store = Book.serving(Book.open(directory, books));
            // Closing any channel on the file drops the lock of this process, and its holder cannot tell.
            FileChannel.open(new StoreDirectory(directory).lock(), StandardOpenOption.WRITE)
                    .close();
            System.out.println("READY");
            BufferedReader wanted = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String id = wanted.readLine(); id != null; id = wanted.readLine()) {
                try {
                    Book.save(store, books, Long.parseLong(id), "late");
                    System.out.println("ACK");
                } catch (StorageException notAcknowledged) {
                    System.out.println("REFUSED");
                }
            }
        }
    }

    /**
     * Several threads save until the process is killed, and print {@code ACK thread n} after each acknowledged unit of two records
     * with one title. The files are written all the time.
     */
    static final class Saving {

        private static final int THREADS = 3;

        private Saving() {}

        public static void main(String[] arguments) throws InterruptedException {
            CollectionSchema<Book, Long> books = Book.schema();
            JsonStore store = Book.serving(JsonStore.open(
                    JsonSettings.of(Path.of(arguments[0])).withCheckpointDelay(Duration.ofMillis(1)), List.of(books)));
            long from = Long.parseLong(arguments[1]);
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int thread = i;
                threads.add(new Thread(() -> save(store, books, thread, from)));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
        }

        private static void save(JsonStore store, CollectionSchema<Book, Long> books, int thread, long from) {
            for (long n = from; ; n++) {
                List<Write> unit = List.of(
                        Book.put(books, 2 * thread + 1L, thread + " " + n),
                        Book.put(books, 2 * thread + 2L, thread + " " + n));
                store.write(unit);
                System.out.println("ACK " + thread + " " + n);
            }
        }
    }
}
