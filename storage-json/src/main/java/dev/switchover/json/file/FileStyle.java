package dev.switchover.json.file;

import dev.switchover.storage.JsonLayout;

/**
 * How the records of a file are set, as sampled from it, so that what did not change is written as it was.
 *
 * @param before white space before the container, where nothing else is around it
 * @param lead between the container's bracket and the first record
 * @param separator between two records, the comma included
 * @param colon between a key and its record
 * @param trail between the last record and the closing bracket
 * @param after white space behind the container
 * @param base64 how Base64 is broken into lines
 */
public record FileStyle(
        String before, String lead, String separator, String colon, String trail, String after, Base64Style base64) {

    /** @param line characters a line, 0 for one line @param newline what ends a line @param last whether the last has an end too */
    public record Base64Style(int line, String newline, boolean last) {
        static final Base64Style DEFAULT = new Base64Style(76, "\n", true);
    }

    /** Of a file that the library makes. */
    public static FileStyle of(JsonLayout layout) {
        int depth = layout.hasEnvelope() ? layout.pointer().split("/", -1).length - 1 : 0;
        return switch (layout.format()) {
            case COMPACT -> new FileStyle("", "", ",", ":", "", "\n", Base64Style.DEFAULT);
            case LINES -> new FileStyle("", "\n", ",\n", ":", "\n", "\n", Base64Style.DEFAULT);
            case PRETTY -> {
                String outer = "\n" + "  ".repeat(depth);
                yield new FileStyle("", outer + "  ", "," + outer + "  ", ": ", outer, "\n", Base64Style.DEFAULT);
            }
        };
    }

    FileStyle around(String newBefore, String newAfter) {
        return new FileStyle(newBefore, lead, separator, colon, trail, newAfter, base64);
    }

    FileStyle between(String newLead, String newTrail) {
        return new FileStyle(before, newLead, separator, colon, newTrail, after, base64);
    }

    FileStyle separatedBy(String newSeparator) {
        return new FileStyle(before, lead, newSeparator, colon, trail, after, base64);
    }

    FileStyle keyed(String newColon) {
        return new FileStyle(before, lead, separator, newColon, trail, after, base64);
    }

    FileStyle encoded(Base64Style newBase64) {
        return new FileStyle(before, lead, separator, colon, trail, after, newBase64);
    }
}
