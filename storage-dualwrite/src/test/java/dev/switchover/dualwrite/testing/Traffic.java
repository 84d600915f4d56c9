package dev.switchover.dualwrite.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What is between the processes and a {@link MemoryDisk}: decides when each step of a call happens, and what becomes of it. */
public interface Traffic {

    /** Carries a call of the present process to its disk and the answer back. */
    <T extends @Nullable Object> T carry(MemoryStore process, Statement<T> statement);

    /** Waits until it is quiet. @return whether it was, in time */
    boolean awaitQuiet(BooleanSupplier quiet, Duration atMost);
}
