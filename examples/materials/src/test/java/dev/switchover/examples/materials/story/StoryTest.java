package dev.switchover.examples.materials.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoryTest {

    @TempDir
    Path root;

    @Test
    @Tag("slow")
    void theStoryIsTrue() throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();

        Story.play(root, new PrintStream(said, true, StandardCharsets.UTF_8));

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("acknowledged edits are all there")
                .contains("the file has what was written after the export")
                .doesNotContain("WRONG");
    }
}
