package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.spi.Written;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Of writers who do not know yet that they have written. Thread-safe. */
final class UnclaimedTickets {

    /** More than there are writers; beyond it some of them did not come. */
    private static final int MOST = 1_000;

    private final Map<Written, Ticket> tickets = new IdentityHashMap<>();

    synchronized void add(Written written, Ticket ticket) {
        if (tickets.size() >= MOST) {
            tickets.clear();
        }
        tickets.put(written, ticket);
    }

    /** Null if there is none, or if it was claimed before. */
    synchronized @Nullable Ticket claim(Written written) {
        return tickets.remove(written);
    }

    synchronized void clear() {
        tickets.clear();
    }
}
