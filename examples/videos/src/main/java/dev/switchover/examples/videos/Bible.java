package dev.switchover.examples.videos;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Knows the names of the books, how many chapters each has, and what a reference looks like. */
final class Bible {

    /**
     * The name of a book that was said.
     *
     * @param reference {@code John 3:16}; null if only the book is named, or it has no such chapter
     */
    record Mention(String book, @Nullable String reference) {}

    private static final Map<String, Integer> CHAPTERS = chapters();
    private static final Pattern MENTION = Pattern.compile(CHAPTERS.keySet().stream()
            .sorted(Comparator.comparing(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining(
                    "|", "\\b(", ")\\b(?:\\s+(\\d{1,3})\\b(?::(\\d{1,3})(?:\\s?[-–]\\s?(\\d{1,3}))?)?)?")));

    private Bible() {}

    /** In the order in which they are said. */
    static List<Mention> mentions(String text) {
        List<Mention> mentions = new ArrayList<>();
        Matcher matcher = MENTION.matcher(text);
        while (matcher.find()) {
            String book = matcher.group(1).equals("Psalm") ? "Psalms" : matcher.group(1);
            mentions.add(new Mention(book, reference(book, matcher)));
        }
        return mentions;
    }

    private static @Nullable String reference(String book, Matcher matcher) {
        if (matcher.group(2) == null) {
            return null;
        }
        int chapter = Integer.parseInt(matcher.group(2));
        if (chapter < 1 || chapter > Objects.requireNonNull(CHAPTERS.get(book))) {
            return null;
        }
        String verse = matcher.group(3);
        String last = matcher.group(4);
        return book + " " + chapter + (verse == null ? "" : ":" + verse) + (last == null ? "" : "-" + last);
    }

    private static Map<String, Integer> chapters() {
        try (InputStream file = Objects.requireNonNull(Bible.class.getResourceAsStream("books.txt"))) {
            Map<String, Integer> chapters = new LinkedHashMap<>();
            new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(line -> {
                int space = line.lastIndexOf(' ');
                chapters.put(line.substring(0, space), Integer.valueOf(line.substring(space + 1)));
            });
            return chapters;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
