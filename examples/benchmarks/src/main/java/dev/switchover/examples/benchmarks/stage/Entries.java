package dev.switchover.examples.benchmarks.stage;

import java.math.BigDecimal;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Makes entries of one size. Making one costs next to nothing, for it happens in the time that is measured, for all
 * alternatives alike.
 */
public final class Entries {

    private static final String[] CATEGORIES = {"food", "rent", "travel", "books", "health", "gifts", "tools", "music"};
    private static final String[] ACCOUNTS = {"cash", "giro-4711", "visa-0815", "savings"};
    private static final List<List<String>> TAGS =
            List.of(List.of("weekly", "family"), List.of("once"), List.of("monthly", "fixed"), List.of("to check"));
    /** JSON of an entry with empty notes. */
    private static final int BYTES_WITHOUT_NOTES = 160;

    private final String[] notes;

    /** @param recordBytes how long an entry is as compact JSON, about */
    public Entries(int recordBytes) {
        SplittableRandom random = new SplittableRandom(recordBytes);
        notes = new String[64];
        for (int i = 0; i < notes.length; i++) {
            notes[i] = words(random, Math.max(1, recordBytes - BYTES_WITHOUT_NOTES));
        }
    }

    public Entry entry(long id, SplittableRandom random) {
        int pick = random.nextInt(1 << 30);
        return new Entry(
                id,
                "2025-" + (10 + pick % 3) + "-" + (10 + pick % 19),
                CATEGORIES[pick & 7],
                BigDecimal.valueOf(100 + pick % 100_000, 2),
                "EUR",
                ACCOUNTS[pick >>> 3 & 3],
                (pick & 32) != 0,
                TAGS.get(pick >>> 6 & 3),
                notes[pick >>> 8 & 63]);
    }

    /** Entries 1 to {@code count}, the same ones on every call. */
    public List<Entry> first(int count) {
        SplittableRandom random = new SplittableRandom(count);
        return LongStream.rangeClosed(1, count)
                .mapToObj(id -> entry(id, random))
                .toList();
    }

    private static String words(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder(length);
        while (text.length() < length) {
            text.append(random.nextInt(7) == 0 ? ' ' : (char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }
}
