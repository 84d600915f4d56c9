package dev.switchover.examples.benchmarks;

import dev.switchover.examples.benchmarks.harness.Alternative;
import dev.switchover.examples.benchmarks.harness.Comparison;
import dev.switchover.examples.benchmarks.harness.Job;
import dev.switchover.examples.benchmarks.harness.PairedJobs;
import dev.switchover.examples.benchmarks.harness.PairedRun;
import dev.switchover.examples.benchmarks.harness.Plan;
import dev.switchover.examples.benchmarks.stage.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * What every scenario works with.
 *
 * @param work a folder on the disk that is measured
 * @param progress told a line now and then
 */
record Bench(Scale scale, Server server, Path work, Consumer<String> progress) {

    Comparison compare(Plan plan, String title, int threads, List<Alternative> alternatives)
            throws InterruptedException {
        return new PairedRun(plan, progress).run(title, threads, alternatives);
    }

    Comparison jobs(String title, List<Job> jobs) {
        return new PairedJobs(scale.jobs().warmUps(), scale.jobs().rounds(), progress).run(title, jobs);
    }

    /** A new folder, for one alternative. */
    Path folder(String purpose) throws IOException {
        Files.createDirectories(work);
        return Files.createTempDirectory(work, purpose + "-");
    }
}
