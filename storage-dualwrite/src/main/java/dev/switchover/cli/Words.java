package dev.switchover.cli;

import java.util.Locale;

/** Texts as they are shown in a shell. */
final class Words {

    private Words() {}

    /** {@code db-only} for {@code DB_ONLY}. */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
