package dev.switchover.dualwrite.faults;

import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every fault in every phase with a database. The stories mostly wait, so several are played at once. */
class BoundedWaitingTest {

    private static final Set<Fault> ALWAYS = EnumSet.of(Fault.SWALLOWED, Fault.REFUSED, Fault.READ_ONLY, Fault.LOCKED);

    @TempDir
    Path directory;

    private final ExecutorService stages = Executors.newFixedThreadPool(9);

    @AfterEach
    void end() {
        stages.shutdownNow();
    }

    @TestFactory
    Stream<DynamicTest> everyCallEndsAndEverythingRecovers() {
        return play(ALWAYS, Set.of(Phase.JSON_PRIMARY, Phase.DB_PRIMARY));
    }

    @Tag("slow")
    @TestFactory
    Stream<DynamicTest> everyCallEndsAndEverythingRecoversFromEveryFaultInEveryPhase() {
        return play(EnumSet.allOf(Fault.class), Set.of(Phase.JSON_PRIMARY, Phase.DB_PRIMARY, Phase.DB_ONLY));
    }

    private Stream<DynamicTest> play(Set<Fault> faults, Set<Phase> phases) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Fault fault : faults) {
            for (Phase phase : phases) {
                Future<?> story = stages.submit(() -> {
                    new OutageStory(fault, phase, newDirectory()).play();
                    return null;
                });
                tests.add(DynamicTest.dynamicTest(fault + " in " + phase, () -> join(story)));
            }
        }
        return tests.stream();
    }

    private Path newDirectory() throws IOException {
        return Files.createTempDirectory(directory, "story");
    }

    private static void join(Future<?> story) throws Throwable {
        try {
            story.get();
        } catch (ExecutionException e) {
            throw e.getCause();
        }
    }
}
