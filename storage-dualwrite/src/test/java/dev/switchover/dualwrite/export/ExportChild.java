package dev.switchover.dualwrite.export;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.ServiceUnderTest.flags;

import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.storage.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A process that exports, or retires, over and over until it is killed; it says when it begins and when it has ended. */
final class ExportChild {

    private ExportChild() {}

    /** @param arguments what to do, directory, database, other folder */
    public static void main(String[] arguments) {
        Map<String, String> environment = new HashMap<>(flags(Phase.DB_ONLY));
        environment.put("DATABASE_URL", arguments[2]);
        Path folder = Path.of(arguments[3]);
        try (Operator operator = Switchover.builder()
                .directory(Path.of(arguments[1]))
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES)
                .operator()) {
            for (int i = 0; i < 1_000; i++) {
                System.out.println("BEGIN");
                if (arguments[0].equals("retire")) {
                    operator.retire(folder, Duration.ofMinutes(1), RequestProgress.NONE);
                }
                operator.export(List.of(), Duration.ofMinutes(1), RequestProgress.NONE);
                operator.exportTo(folder.resolve("out"), List.of(), RequestProgress.NONE);
                System.out.println("DONE");
            }
        }
    }
}
