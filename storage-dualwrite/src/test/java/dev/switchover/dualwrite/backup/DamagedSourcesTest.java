package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;
import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static dev.switchover.dualwrite.backup.SourceInMemory.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest.Note;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.json.recovery.DamagedDirectory;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.FencedException;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.spi.RecordCursor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a recovery makes of sources that are damaged, or that lack what others have. */
class DamagedSourcesTest {

    private static final int NOTES_WRITTEN = 12;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "DROP TABLE notes",
                "ALTER TABLE notes DROP COLUMN body",
                "ALTER TABLE notes RENAME TO elsewhere",
                "DROP TABLE switchover_ledger",
            })
    void aDatabaseThatIsDamagedIsReadAsFarAsItGoes(String damage) throws Exception {
        try (TestDatabase database = TestDatabase.create()) {
            BackedUp service = new BackedUp(directory, database.url());
            try (SwitchoverStorage storage = service.open(Phase.DB_ONLY)) {
                BackedUp.fill(storage);
                storage.backups().create();
                try (Connection connection = database.connect();
                        Statement statement = connection.createStatement()) {
                    statement.execute(damage);
                    List<FoundRecord> found = new ArrayList<>();
                    RecoveryScan scan = storage.backups().scan(RecoveryOptions.ALL, found::add);
                    assertThat(newest(found)).hasSize(5 + 4 + 5);
                    assertThat(scan.sources())
                            .filteredOn(source -> source.kind() == RecoveryScan.Kind.POSTGRESQL)
                            .singleElement()
                            .satisfies(source -> assertThat(source.problems()).isNotEmpty());
                }
            }
            try (dev.switchover.dualwrite.Operator operator = service.operator(Phase.DB_ONLY)) {
                List<FoundRecord> found = new ArrayList<>();
                operator.backups().scan(RecoveryOptions.ALL, found::add);
                assertThat(newest(found)).hasSize(5 + 4 + 5);
            }
        }
    }

    @Test
    void aServiceThatHasNoticedTheDamageStillFindsEverything() throws Exception {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = new BackedUp(directory, database.url()).open(Phase.DB_ONLY)) {
            BackedUp.fill(storage);
            storage.backups().create();
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP TABLE notes");
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> catchThrowable(() -> storage.repository(NOTES).findAll()) instanceof FencedException);
            List<FoundRecord> found = new ArrayList<>();
            storage.backups().scan(RecoveryOptions.ALL, found::add);
            assertThat(newest(found)).hasSize(5 + 4 + 5);
        }
    }

    private static List<FoundRecord> newest(List<FoundRecord> found) {
        return found.stream().filter(FoundRecord::newest).distinct().toList();
    }

    /** A write that was under way is given its version first and is seen later, so a backup may be past it and lack it. */
    @Test
    void whatALaterSourceHasIsNotDeletedByAnEarlierOneThatLacksIt() {
        RawRecord written = thing("x", 10, "under way");
        RecoverySource lacks = source("lacks", 11);
        RecoverySource has = source("has", 11, written);
        RecoverySource later = source("later", 12);
        try (RecoveryMerge merge = new RecoveryMerge(THINGS, List.of(lacks, has))) {
            assertThat(merge.next().deletedLater()).isFalse();
        }
        try (RecoveryMerge merge = new RecoveryMerge(THINGS, List.of(lacks, has, later))) {
            assertThat(merge.next().deletedLater()).isTrue();
        }
    }

    private static RecoverySource source(String name, long wholeUpTo, RawRecord... records) {
        return RecoverySource.of(
                name,
                name,
                RecoveryScan.Kind.BACKUP,
                schema -> wholeUpTo,
                schema -> RecordCursor.of(List.of(records).iterator()));
    }

    /** Each flipped byte costs one entry at most, and never makes a record that nobody wrote. */
    @Test
    void aJournalIsReadAroundItsDamage() throws IOException {
        Path copy = directory.resolve("copy");
        BackedUp service = new BackedUp(directory.resolve("data"), null)
                .set("SWITCHOVER_CHECKPOINT_DELAY", "1h")
                .set("SWITCHOVER_MAXIMUM_STALENESS", "2h");
        Files.createDirectory(directory.resolve("data"));
        Set<String> written = new HashSet<>();
        try (SwitchoverStorage storage = service.open(Phase.JSON_ONLY)) {
            for (int i = 0; i < NOTES_WRITTEN; i++) {
                storage.repository(NOTES).save(new Note("n" + i, "text " + i));
                written.add("n" + i + " text " + i);
            }
            copy(directory.resolve("data"), copy);
        }
        Path journal = onlyFile(copy.resolve(".switchover"), "journal-");
        byte[] whole = withoutRoomAhead(Files.readAllBytes(journal));
        assertThat(read(copy)).isEqualTo(written);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Files.write(journal, flipped);
            Set<String> found = read(copy);
            assertThat(written).as("byte " + at + " flipped").containsAll(found);
            assertThat(found).as("byte " + at + " flipped").hasSizeGreaterThanOrEqualTo(NOTES_WRITTEN - 1);
        }
        int before = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(journal, Arrays.copyOf(whole, length));
            Set<String> found = read(copy);
            assertThat(written).as("cut to " + length).containsAll(found);
            assertThat(found.size()).as("cut to " + length).isBetween(before, before + 1);
            before = found.size();
        }
    }

    private static byte[] withoutRoomAhead(byte[] journal) {
        int end = journal.length;
        while (journal[end - 1] == 0) {
            end--;
        }
        return Arrays.copyOf(journal, end);
    }

    private static Set<String> read(Path copy) {
        Set<String> found = new HashSet<>();
        DamagedDirectory.show(copy, List.of(CollectionSchema.of(NOTES)), new DamagedDirectory.Visitor() {
            @Override
            public void record(Path file, CollectionSchema<?, ?> schema, RawRecord record) {
                String body = new String(record.body(), StandardCharsets.UTF_8);
                found.add(record.id() + " " + body.replaceAll("(?s).*\"text\" ?: ?\"(.*)\".*", "$1"));
            }

            @Override
            public void damage(Path file, String problem) {}
        });
        return found;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static Path onlyFile(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .reduce((one, other) -> {
                        throw new AssertionError("several: " + one + ", " + other);
                    })
                    .orElseThrow();
        }
    }
}
