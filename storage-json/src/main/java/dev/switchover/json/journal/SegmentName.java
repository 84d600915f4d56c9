package dev.switchover.json.journal;

import dev.switchover.json.directory.StoreDirectory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which segment: the term of the lock under which it was written, and its number in that term, from 1. In this order the
 * segments make the journal.
 */
public record SegmentName(long term, long number) implements Comparable<SegmentName> {

    private static final Pattern FORM = Pattern.compile("journal-([0-9]{1,18})-([0-9]{1,18})");
    private static final Comparator<SegmentName> ORDER =
            Comparator.comparingLong(SegmentName::term).thenComparingLong(SegmentName::number);

    public static @Nullable SegmentName of(Path file) {
        Matcher name = FORM.matcher(String.valueOf(file.getFileName()));
        return name.matches() ? new SegmentName(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))) : null;
    }

    public Path in(StoreDirectory directory) {
        return directory.segment(term, number);
    }

    @Override
    public int compareTo(SegmentName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "journal-" + term + "-" + number;
    }
}
