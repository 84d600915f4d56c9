package dev.switchover.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link ChildProcess.Saving} acknowledged, and the judge of what is found afterwards. */
final class SavedTitles {

    private static final CollectionSchema<Book, Long> BOOKS = Book.schema();

    /** For each thread the numbers that may be found. */
    private final Map<Integer, Set<Long>> possible = new HashMap<>();

    private long acknowledged;

    long acknowledged() {
        return acknowledged;
    }

    /** A child begins to count here, and may have written its first number without telling. */
    void lifeBegins(long from) {
        possible.values().forEach(numbers -> numbers.add(from));
    }

    void note(@Nullable String line) {
        assertThat(line).as("the child has ended by itself").isNotNull();
        String[] words = line.split(" ");
        if (words.length == 3 && words[0].equals("ACK")) {
            acknowledged++;
            long n = Long.parseLong(words[2]);
            // The next one may have been written, but not told any more.
            possible.put(Integer.parseInt(words[1]), new HashSet<>(Set.of(n, n + 1)));
        }
    }

    void judge(Path directory, int round) {
        try (JsonStore store = Book.open(directory, BOOKS)) {
            possible.forEach((thread, numbers) -> {
                long first = number(store, 2 * thread + 1);
                assertThat(first).as("round %s, thread %s", round, thread).isIn(numbers);
                assertThat(number(store, 2 * thread + 2)).as("the unit of work").isEqualTo(first);
            });
        }
    }

    private static long number(JsonStore store, int id) {
        RawRecord record = store.find(BOOKS, new RecordId(Integer.toString(id))).orElseThrow();
        return Long.parseLong(
                new String(record.body(), StandardCharsets.UTF_8).replaceAll(".*\"title\":\"\\d+ (\\d+)\".*", "$1"));
    }
}
