package dev.switchover.console;

import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.dualwrite.rollback.RollbackReport;
import dev.switchover.dualwrite.verify.VerificationReport;
import java.util.stream.Collectors;

/** What the buttons do; each gives a sentence about what came of it. */
final class Works {

    private Works() {}

    static String verify(SwitchoverStorage storage) {
        return storage.verify().stream().map(VerificationReport::toString).collect(Collectors.joining("; "));
    }

    /** What the other store lacks if the flags were turned back now. */
    static String rollback(SwitchoverStorage storage) {
        return storage.rollback().stream().map(RollbackReport::toString).collect(Collectors.joining("; "));
    }

    static String export(SwitchoverStorage storage) {
        return storage.export().toString();
    }
}
