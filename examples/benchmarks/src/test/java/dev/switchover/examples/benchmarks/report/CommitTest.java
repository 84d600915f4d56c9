package dev.switchover.examples.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitTest {

    @TempDir
    Path folder;

    @Test
    void itIsTheHeadOfTheRepositoryAndTellsOfChanges() throws Exception {
        assumeTrue(thereIsGit());
        git("init", "--quiet");
        Path file = Files.writeString(folder.resolve("file"), "committed");
        Path below = Files.createDirectory(folder.resolve("below"));
        git("add", "file");
        git("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "commit", "--quiet", "-m", "a");
        String head = git("rev-parse", "--short", "HEAD");
        assertThat(head).matches("[0-9a-f]{4,}");
        assertThat(Commit.of("git", below)).isEqualTo(head);
        Files.writeString(file, "changed");
        assertThat(Commit.of("git", below)).isEqualTo(head + ", with uncommitted changes");
    }

    @Test
    void whereThereIsNoCommitItIsNotKnown() throws Exception {
        assumeTrue(thereIsGit());
        git("init", "--quiet");
        assertThat(Commit.of("git", folder)).isEqualTo("not known");
    }

    @Test
    void whereThereIsNoFolderOrNoGitItIsNotKnown() {
        assertThat(Commit.of("git", folder.resolve("gone"))).isEqualTo("not known");
        assertThat(Commit.of(folder.resolve("no-git").toString(), folder)).isEqualTo("not known");
        assertThat(Commit.of(String.class)).isEqualTo("not known");
    }

    private static boolean thereIsGit() throws InterruptedException {
        try {
            return new ProcessBuilder("git", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private String git(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
