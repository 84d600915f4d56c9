package dev.switchover.cli;

import java.util.Locale;

/** Names as they are written in a shell: {@code db-only} for {@code DB_ONLY}. */
final class Words {

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
