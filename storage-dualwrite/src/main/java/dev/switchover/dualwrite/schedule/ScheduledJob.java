package dev.switchover.dualwrite.schedule;

import java.time.ZoneId;

/**
 * Something to be run by itself.
 *
 * @param name the same in all instances
 * @param work must do no harm when it is done twice
 */
public record ScheduledJob(String name, Schedule schedule, ZoneId zone, Work work) {

    /** Called on the runner's thread. */
    @FunctionalInterface
    public interface Work {
        /** @throws dev.switchover.storage.StorageException if it failed; it is tried again later */
        void run(Lease lease);
    }

    /** That this instance is the one that runs the job. */
    @FunctionalInterface
    public interface Lease {
        /**
         * To be called before anything others would see.
         *
         * @throws dev.switchover.storage.RequestFailedException if this instance was held up for so long that another one may run it
         */
        void require();
    }
}
