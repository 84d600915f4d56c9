package dev.switchover.dualwrite;

import java.util.OptionalLong;

/**
 * Is told, about twice a second and once at the end, how far a backfill or the copy of a switchover has come; on the thread that
 * does it. Must return soon and not throw.
 */
@FunctionalInterface
public interface CopyProgress {

    /**
     * How far it has come.
     *
     * @param done records looked at
     * @param total about how many there are, if known
     * @param perSecond records a second since the beginning
     * @param finished whether this is the end
     */
    record Step(String collection, long done, OptionalLong total, double perSecond, boolean finished) {}

    void at(Step step);
}
