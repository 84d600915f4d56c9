package dev.switchover.json.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {

    @TempDir
    Path folder;

    /** What lies in the way is deleted before; whoever plants it again in between wins nothing. */
    @Test
    void aNewFileIsNeverSomethingThatIsThereAlready() throws IOException {
        Path victim = Files.writeString(folder.resolve("victim"), "untouched");
        Path link = Files.createSymbolicLink(folder.resolve("link"), victim);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
        for (Path planted : new Path[] {victim, link, dangling}) {
            assertThatThrownBy(() -> Disk.real().create(planted).close())
                    .isInstanceOf(FileAlreadyExistsException.class);
        }
        assertThat(victim).hasContent("untouched");
        assertThat(folder.resolve("nowhere")).doesNotExist();
    }
}
