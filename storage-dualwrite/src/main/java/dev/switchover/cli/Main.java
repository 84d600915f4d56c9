package dev.switchover.cli;

import java.util.Arrays;
import java.util.List;

/** The runnable jar: commands without the service's classes, by a configuration file. */
public final class Main {

    /** Read by the jar's logback.xml. */
    private static final String LOG_LEVEL = "switchover.cli.log";

    private Main() {}

    public static void main(String[] arguments) {
        List<String> given = Arrays.asList(arguments);
        // Before the first logger is made, which reads it.
        if (given.contains("-v") || given.contains("--verbose")) {
            System.setProperty(LOG_LEVEL, "DEBUG");
        }
        System.exit(SwitchoverCommand.standalone().run(arguments));
    }
}
