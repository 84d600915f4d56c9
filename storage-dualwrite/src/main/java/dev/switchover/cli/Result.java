package dev.switchover.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What a command has to say in the end.
 *
 * @param json for {@code --json}; gets {@code command}, {@code exitCode} and {@code outcome} put before it
 * @param lines for people
 */
record Result(ExitCode exit, ObjectNode json, List<String> lines) {

    Result {
        lines = List.copyOf(lines);
    }
}
