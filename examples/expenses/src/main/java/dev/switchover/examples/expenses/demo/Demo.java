package dev.switchover.examples.expenses.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Walks the story on a PostgreSQL of its own and ends non-zero if anything differs: JSON only, JSON primary, database
 * primary, database only, straight back to JSON only, and forward again, with writes by several threads in every phase.
 * With {@code --keep} files and log stay for a look.
 */
public final class Demo {

    private Demo() {}

    public static void main(String[] args) throws IOException {
        boolean keep = List.of(args).contains("--keep");
        Path root = Files.createTempDirectory("switchover-demo");
        Path log = root.resolve("demo.log");
        // Before the first logger is made. The log has a line for each record mirrored: too much for a console.
        System.setProperty("demo.log", log.toString());
        System.setProperty("logback.configurationFile", "dev/switchover/examples/expenses/demo/logback-demo.xml");
        Report report = new Report(System.out);
        report.say("starting PostgreSQL in " + root);
        List<String> problems = new ArrayList<>();
        try (Stage stage = Stage.set(root)) {
            Story story = new Story(stage, report);
            for (Step step : Story.STEPS) {
                problems.addAll(story.play(step));
                if (!problems.isEmpty()) {
                    break;
                }
            }
        } catch (RuntimeException | IOException | SQLException e) {
            LoggerFactory.getLogger(Demo.class).error("The demo broke off", e);
            problems.add("The demo broke off: " + e.getMessage() + "; the log has more");
        }
        report.table();
        if (problems.isEmpty()) {
            if (keep) {
                System.out.println("Files and log are kept in " + root);
            } else {
                Stage.delete(root);
            }
            System.out.println(
                    "After every step the primary, and the mirror if there was one, held exactly what was acknowledged.");
            return;
        }
        problems.forEach(System.out::println);
        System.out.println("WRONG. Files and log are kept in " + root);
        System.exit(1);
    }
}
