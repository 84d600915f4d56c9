package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Measure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasuredTest {

    @TempDir
    Path folder;

    @Test
    void whatOneProcessWritesAnotherReads() throws Exception {
        Comparison comparison = Comparison.amounts(
                Comparison.Kind.BYTES, "held", 0.5, Map.of("ours", List.of(1.25, 2.5), "theirs", List.of(3.0, 1e-9)));
        Section section = new Section(
                comparison,
                List.of(new Section.Against("ours", "theirs")),
                List.of(Target.atMost("ours", "theirs", Measure.P50, 1.2)),
                List.of("a note"));
        Measured measured = new Measured(new Machine(Map.of("cores", "2")), List.of(section));
        Path file = folder.resolve("measured.json");
        measured.write(file);
        assertThat(Measured.read(file)).isEqualTo(measured);
    }
}
