package dev.switchover.dualwrite.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Plants mistakes into the library, one at a time, and demands that the test named for each fails. */
class PlantedMutantsTest {

    private static final Map<String, Integer> WITHOUT_MISTAKE = new HashMap<>();

    @TempDir
    static Path folder;

    private static Path project;

    @BeforeAll
    static void find() {
        project = project();
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        return Files.isDirectory(here.resolve("storage-dualwrite")) ? here : here.getParent();
    }

    /** {@code -Dswitchover.mutants} chooses those whose name contains it, or one of several between commas. */
    static List<Mutant> mutants() throws IOException {
        List<String> chosen =
                List.of(System.getProperty("switchover.mutants", "").split(","));
        return Mutant.all(project().resolve("storage-dualwrite/src/test/mutants")).stream()
                .filter(mutant -> chosen.stream().anyMatch(mutant.name()::contains))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void everyMutantStillFitsTheSources(Mutant mutant) throws IOException {
        assertThat(mutant.applied(project)).isNotEqualTo(Files.readString(project.resolve(mutant.file())));
        String test = mutant.test().replaceAll("#.*", "").replace('.', '/');
        assertThat(project.resolve(mutant.module()).resolve("src/test/java/" + test + ".java"))
                .exists();
    }

    @ParameterizedTest
    @MethodSource("mutants")
    @Tag("slow")
    void everyMutantIsCaughtByItsTest(Mutant mutant) throws IOException, InterruptedException {
        MutantBuild build = new MutantBuild(project, folder);
        Integer sound = WITHOUT_MISTAKE.get(mutant.test());
        if (sound == null) {
            sound = build.run(mutant.module(), mutant.test(), List.of());
            WITHOUT_MISTAKE.put(mutant.test(), sound);
        }
        Assumptions.assumeFalse(
                sound == RunByName.NOTHING_RAN, () -> "SKIPPED: " + mutant.test() + " is skipped on this machine");
        assertThat(sound).as("%s without the mistake", mutant.test()).isEqualTo(RunByName.PASSED);
        int mutated = build.run(mutant.module(), mutant.test(), List.of(build.compile(mutant)));
        assertThat(mutated)
                .as("%s notices that %s", mutant.test(), mutant.mistake())
                .isEqualTo(RunByName.FAILED);
        System.out.println("caught: " + mutant.name() + " by " + mutant.test());
    }
}
