package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.json.LockTest.Child;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {

    private final CollectionSchema<Book, Long> books = Book.schema();

    @TempDir
    Path directory;

    @Test
    void killedAgainAndAgainItKeepsWhatItAcknowledged() throws Exception {
        rounds(15, new Random(1));
    }

    @Test
    @Tag("slow")
    void killedForLongItKeepsWhatItAcknowledged() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        rounds(300, new Random(seed));
    }

    private void rounds(int rounds, Random random) throws Exception {
        Map<Integer, Set<Long>> possible = new HashMap<>();
        long from = 1;
        for (int round = 0; round < rounds; round++) {
            for (Set<Long> numbers : possible.values()) {
                numbers.add(from);
            }
            try (Child child = Child.start(ChildProcess.Saving.class, directory, Long.toString(from))) {
                int lines = 1 + random.nextInt(200);
                for (int i = 0; i < lines; i++) {
                    note(child.line(), possible);
                }
                child.kill();
                for (String line = child.line(); line != null; line = child.line()) {
                    note(line, possible);
                }
            }
            judge(possible, round);
            from += 1_000_000;
        }
    }

    private static void note(@Nullable String line, Map<Integer, Set<Long>> possible) {
        assertThat(line).as("the child has ended by itself").isNotNull();
        String[] words = line.split(" ");
        if (words.length == 3 && words[0].equals("ACK")) {
            long n = Long.parseLong(words[2]);
            // The next one may have been written, but not told any more.
            possible.put(Integer.parseInt(words[1]), new HashSet<>(Set.of(n, n + 1)));
        }
    }

    private void judge(Map<Integer, Set<Long>> possible, int round) {
        try (JsonStore store = Book.open(directory, books)) {
            possible.forEach((thread, numbers) -> {
                long first = number(store, 2 * thread + 1);
                assertThat(first).as("round %s, thread %s", round, thread).isIn(numbers);
                assertThat(number(store, 2 * thread + 2)).as("the unit of work").isEqualTo(first);
            });
        }
    }

    private long number(JsonStore store, int id) {
        RawRecord record = store.find(books, new RecordId(Integer.toString(id))).orElseThrow();
        return Long.parseLong(
                new String(record.body(), StandardCharsets.UTF_8).replaceAll(".*\"title\":\"\\d+ (\\d+)\".*", "$1"));
    }
}
