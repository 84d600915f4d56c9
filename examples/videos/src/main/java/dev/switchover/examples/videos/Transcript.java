package dev.switchover.examples.videos;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is said in a video, as its file has it: lines {@code title: …} and {@code url: …} first, if they are there, then lines of
 * which each may begin with its time, {@code [1:02:03]} or {@code [02:03]}.
 */
record Transcript(
        String videoId, @Nullable String title, @Nullable String url, List<Line> lines) {

    /** @param second when it is said; that of the line before if the line does not tell */
    record Line(int second, String text) {}

    private static final Pattern HEAD = Pattern.compile("(title|url):\\s*(.*)");
    private static final Pattern TIMED = Pattern.compile("\\[(?:(\\d{1,2}):)?(\\d{1,2}):(\\d{2})]\\s*(.*)");

    static Transcript parse(String videoId, String content) {
        String title = null;
        String url = null;
        List<Line> lines = new ArrayList<>();
        int second = 0;
        for (String line : content.lines().toList()) {
            Matcher head = HEAD.matcher(line);
            Matcher timed = TIMED.matcher(line);
            if (lines.isEmpty() && head.matches()) {
                title = head.group(1).equals("title") ? head.group(2).strip() : title;
                url = head.group(1).equals("url") ? head.group(2).strip() : url;
            } else if (timed.matches()) {
                String hours = timed.group(1);
                second = (hours == null ? 0 : Integer.parseInt(hours)) * 3600
                        + Integer.parseInt(timed.group(2)) * 60
                        + Integer.parseInt(timed.group(3));
                lines.add(new Line(second, timed.group(4)));
            } else if (!line.isBlank()) {
                lines.add(new Line(second, line.strip()));
            }
        }
        return new Transcript(videoId, title, url, List.copyOf(lines));
    }
}
