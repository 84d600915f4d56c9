package dev.switchover.dualwrite.reconcile;

import java.util.OptionalLong;

/** Told, about twice a second and once at the end, how far a comparison or a copy has come; on the thread that does it. */
@FunctionalInterface
public interface Progress {

    /** Tells nobody. */
    Progress NONE = step -> {};

    /**
     * @param done records looked at
     * @param total about how many there are, if known
     * @param perSecond records a second since the beginning
     * @param finished whether this is the end
     */
    record Step(String collection, long done, OptionalLong total, double perSecond, boolean finished) {}

    void at(Step step);
}
