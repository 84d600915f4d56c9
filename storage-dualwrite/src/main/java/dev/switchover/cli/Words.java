package dev.switchover.cli;

import java.util.Locale;

/** Texts as they are shown in a shell. */
final class Words {

    private Words() {}

    /** A line with what would move the cursor, end the line or colour it written out: ids may hold anything. */
    static String visible(String line) {
        if (line.chars().noneMatch(Character::isISOControl)) {
            return line;
        }
        StringBuilder visible = new StringBuilder();
        line.chars().forEach(each -> {
            if (Character.isISOControl(each)) {
                visible.append(String.format(Locale.ROOT, "\\u%04x", each));
            } else {
                visible.append((char) each);
            }
        });
        return visible.toString();
    }

    /** {@code db-only} for {@code DB_ONLY}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
