package dev.switchover.cli;

import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Option;

/** Asks before anything that cannot be taken back. */
final class Confirmation {

    private static final Set<String> YES = Set.of("y", "yes");

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Without a terminal nothing is done unless this is given.")
    private boolean yes;

    /**
     * Goes on if it was confirmed.
     *
     * @param what as the beginning of a sentence: {@code 3 parked records are discarded}
     * @throws NotConfirmedException if not
     */
    void require(Terminal terminal, String what) {
        if (yes) {
            return;
        }
        if (!terminal.interactive()) {
            throw new NotConfirmedException(
                    what + ". There is no terminal to ask on; add --yes to do it. Nothing was changed.");
        }
        String answer = terminal.ask(what + ".\nGo on? Write yes or no: ");
        if (!YES.contains(answer.toLowerCase(Locale.ROOT))) {
            throw new NotConfirmedException("Nothing was changed.");
        }
    }
}
