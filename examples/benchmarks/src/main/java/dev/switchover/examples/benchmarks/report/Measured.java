package dev.switchover.examples.benchmarks.report;

import dev.switchover.examples.benchmarks.stage.Mapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What one process has measured, and where; from one process to another as a file. */
public record Measured(Machine machine, List<Section> sections) {

    public Measured {
        sections = List.copyOf(sections);
    }

    public void write(Path file) throws IOException {
        Mapper.JSON.writeValue(file.toFile(), this);
    }

    public static Measured read(Path file) throws IOException {
        return Mapper.JSON.readValue(file.toFile(), Measured.class);
    }
}
