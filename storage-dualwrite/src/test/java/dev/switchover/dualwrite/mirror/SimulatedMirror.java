package dev.switchover.dualwrite.mirror;

import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.spi.RecordStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/** Makes real mirrors whose time and threads are a simulation's. */
public final class SimulatedMirror {

    /** Time as a simulation lets it pass. */
    public interface Time {

        long nanoTime();

        /** A number from 0 to 1. */
        double random01();

        Lock newLock();

        /** Waits until it holds. @return whether it does, in time */
        boolean await(BooleanSupplier until, long nanos);

        /** @return whether the work has ended */
        BooleanSupplier start(Runnable work, String name);
    }

    private SimulatedMirror() {}

    public static Mirror of(
            RecordStore primary,
            RecordStore mirror,
            Collection<CollectionSchema<?, ?>> schemas,
            MirrorPreparation preparation,
            MirrorSettings settings,
            Clock clock,
            Time time) {
        return new Mirror(
                primary, mirror, schemas, preparation, MirrorListener.NONE, settings, clock, new SimulatedPace(time));
    }

    public static CatchUp catchUp(Time time) {
        return new CatchUp(new SimulatedPace(time));
    }

    private record SimulatedPace(Time time) implements Pace {

        @Override
        public long nanoTime() {
            return time.nanoTime();
        }

        @Override
        public double jitter() {
            return time.random01();
        }

        @Override
        public Lock newLock() {
            return time.newLock();
        }

        @Override
        public boolean await(CountDownLatch latch, Duration atMost) {
            return time.await(() -> latch.getCount() == 0, atMost.toNanos());
        }

        @Override
        public Running start(Runnable work, String name) {
            BooleanSupplier ended = time.start(work, name);
            return atMost -> time.await(ended, atMost.toNanos());
        }
    }
}
