package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups larger than the heap of the process that writes, checks, reads and salvages them. */
class LargeBackupTest {

    @TempDir
    Path folder;

    /** Does it all, and says how many records it salvaged. */
    static final class InLittleMemory {

        private InLittleMemory() {}

        public static void main(String[] arguments) throws Exception {
            long count = Long.parseLong(arguments[1]);
            String text = "x".repeat(4_000);
            SourceInMemory source = new SourceInMemory()
                    .with(
                            THINGS,
                            count,
                            () -> LongStream.range(0, count)
                                    .mapToObj(i -> SourceInMemory.thing(String.format("t%09d", i), i + 1, text))
                                    .iterator());
            BackupSettings settings = BackupSettings.in(Path.of(arguments[0]));
            for (BackupEncoding encoding : BackupEncoding.values()) {
                Path file = new BackupMaker(settings.withEncoding(encoding), Clock.systemUTC())
                        .make(source, BackupKind.MANUAL, source.schemas())
                        .toPath();
                Archive archive = Archive.check(file, source.schemas());
                long read = count(archive.records(THINGS));
                // A byte in the middle, so that one record, or one piece, is lost.
                try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw")) {
                    damaged.seek(damaged.length() / 2);
                    int old = damaged.read();
                    damaged.seek(damaged.length() / 2);
                    damaged.write(old ^ 1);
                }
                long salvaged = count(new SalvagedBackup(file, THINGS, problem -> {}));
                System.out.println(encoding + " " + read + " " + (salvaged < count && salvaged > 0));
            }
        }

        private static long count(RecordCursor cursor) {
            long count = 0;
            try (cursor) {
                while (cursor.hasNext()) {
                    RawRecord record = cursor.next();
                    count += record.body().length > 0 ? 1 : 0;
                }
            }
            return count;
        }
    }

    private void run(long records) throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx24m",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InLittleMemory.class.getName(),
                        folder.toString(),
                        String.valueOf(records))
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(said).isZero();
        assertThat(said.lines().filter(line -> line.endsWith("true")))
                .containsExactlyElementsOf(List.of(
                        "PLAIN " + records + " true", "GZIP " + records + " true", "BASE64 " + records + " true"));
    }

    @Tag("slow")
    @Test
    void moreThanTheHeapIsNoMatter() throws Exception {
        run(8_000);
    }

    @Tag("slow")
    @Test
    void aGigabyteIsNoMatter() throws Exception {
        run(250_000);
    }
}
