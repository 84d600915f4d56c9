package dev.switchover.dualwrite;

import dev.switchover.dualwrite.handover.HandOverWatch;
import java.time.Duration;

/** The order in which a service lets go of its directory for a newcomer: what was asked of it first, then its routes. Thread-safe. */
record HandingOver(DirectoryRequests requests, RouteStart start) implements HandOverWatch.Holder {

    @Override
    public boolean holds() {
        return start.holdsDirectory();
    }

    /** Writes go on while a request is waited for. */
    @Override
    public void letGo(String newcomer, Duration patience) {
        requests.letGo(patience, () -> start.letGo(newcomer));
    }

    @Override
    public boolean takeBack() {
        return start.takeBack();
    }
}
