package dev.switchover.postgres;

import java.util.function.Supplier;

/** What the writers of a store have in common. */
record WriterParts(
        Database database,
        Names names,
        Supplier<Tables> tables,
        Supplier<Capabilities> capabilities,
        Epochs epochs,
        IdSequence idSequence,
        JoinedUnits joined,
        Beside beside,
        Continuity continuity) {}
