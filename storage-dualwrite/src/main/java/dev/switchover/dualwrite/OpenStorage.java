package dev.switchover.dualwrite;

import dev.switchover.dualwrite.backup.Backups;
import dev.switchover.dualwrite.handover.HandOverWatch;
import dev.switchover.dualwrite.schedule.ScheduleRunner;
import dev.switchover.dualwrite.shadow.ShadowReads;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What an open storage owns, and the order in which it is let go of. Thread-safe. */
final class OpenStorage {

    private final PhaseRouter router;
    private final StatusReader status;
    private final Inspection inspection;
    private final Parking parking;
    private final RouteStart start;
    private final Mirrors mirrors;
    private final @Nullable DatabaseWatch watch;
    private final HandOverWatch handOver;
    private final DirectoryRequests requests;
    private final ShadowReads shadow;
    private final Exports exports;
    private final WholeFiles files;
    private final Backups backups;
    private final ScheduleRunner schedule;
    private final FollowUps followUps;
    private final Stores stores;
    private final AtomicBoolean closed = new AtomicBoolean();

    OpenStorage(
            PhaseRouter router,
            StatusReader status,
            Inspection inspection,
            Parking parking,
            RouteStart start,
            Mirrors mirrors,
            @Nullable DatabaseWatch watch,
            HandOverWatch handOver,
            DirectoryRequests requests,
            ShadowReads shadow,
            Exports exports,
            WholeFiles files,
            Backups backups,
            ScheduleRunner schedule,
            FollowUps followUps,
            Stores stores) {
        this.router = router;
        this.status = status;
        this.inspection = inspection;
        this.parking = parking;
        this.start = start;
        this.mirrors = mirrors;
        this.watch = watch;
        this.handOver = handOver;
        this.requests = requests;
        this.shadow = shadow;
        this.exports = exports;
        this.files = files;
        this.backups = backups;
        this.schedule = schedule;
        this.followUps = followUps;
        this.stores = stores;
    }

    PhaseRouter router() {
        return router;
    }

    Mirrors mirrors() {
        return mirrors;
    }

    Exports exports() {
        return exports;
    }

    WholeFiles files() {
        return files;
    }

    Backups backups() {
        return backups;
    }

    FollowUps followUps() {
        return followUps;
    }

    Parking parking() {
        return parking;
    }

    DirectoryRequests requests() {
        return requests;
    }

    Inspection inspection() {
        return inspection;
    }

    StorageStatus status() {
        return status.read();
    }

    /** New calls are refused first, so that what the mirror drains does not grow. */
    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            router.close();
            schedule.close();
            followUps.close();
            shadow.close();
            requests.close();
            handOver.close();
            start.close();
            mirrors.close();
            if (watch != null) {
                watch.close();
                if (watch.health().outage() == null) {
                    start.noteLastPosition();
                }
            }
        } finally {
            stores.close();
            status.close();
        }
    }
}
