package dev.switchover.dualwrite.request;

import dev.switchover.storage.Shown;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the holder from taking a request up or answering it: told when it comes, not at each look while it lasts. For one thread.
 */
final class Troubles {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.request");

    private record Trouble(Object what, Class<?> why) {}

    private Set<Trouble> before = Set.of();
    private Set<Trouble> now = new HashSet<>();

    /** @param what a file, a folder or a request */
    void tell(Object what, Throwable why) {
        Trouble trouble = new Trouble(what, why.getClass());
        if (!now.add(trouble) || before.contains(trouble)) {
            return;
        }
        String shown = Shown.text(what.toString());
        if (why instanceof IOException || why instanceof DirectoryIteratorException) {
            LOG.warn(
                    "{} cannot be read or answered: {}. It is tried again; if another user made it, delete it or give it to the"
                            + " service's user, and run what asks as that user",
                    shown,
                    Shown.text(why.toString()));
        } else {
            LOG.error("{} was not looked at by a mistake of the library's; it is at the next look", shown, why);
        }
    }

    /** A look has ended: what it did not meet has gone. */
    void endLook() {
        before = now;
        now = new HashSet<>();
    }
}
