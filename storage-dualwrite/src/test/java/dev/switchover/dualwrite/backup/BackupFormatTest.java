package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.backup.SourceInMemory.ITEMS;
import static dev.switchover.dualwrite.backup.SourceInMemory.THINGS;
import static dev.switchover.dualwrite.backup.SourceInMemory.record;
import static dev.switchover.dualwrite.backup.SourceInMemory.thing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.switchover.storage.Store;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordSnapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackupFormatTest {

    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T02:00:00.123456Z"), ZoneOffset.UTC);

    private static final String ENVELOPE = "{\"currency\":\"EUR\",\"items\":[]}";

    @TempDir
    Path folder;

    private static SourceInMemory source() {
        return new SourceInMemory()
                .with(
                        THINGS,
                        record("a", 3, 9, "{ \"id\" : \"a\",\n  \"text\":\t\"with 1.10 and \\u00e9\" }"),
                        record("b", 4, 2, "{\"id\":\"b\",\"text\":\"},\\n{\"}"),
                        record("c\"\\\u2028", 5, 5, "{\"id\":\"c\\\"\\\\\\u2028\",\"text\":\"grüße 🎈\"}"),
                        record("d", 6, 6, "{\"id\":\"d\",\n\"text\":\n{\"id\":\"x\",\"collection\":\"things\"}}"),
                        record("e", 7, 7, "{\"x\":[1\n],\"totals\":2,\"id\":\"e\",\"text\":\"\"}"))
                .with(
                        ITEMS,
                        new RawRecord(RecordId.ENVELOPE, 1, 0, ENVELOPE.getBytes(StandardCharsets.UTF_8)),
                        record("-3", 10, 12, "{\"id\":-3,\"name\":\"below\"}"),
                        record("9", 11, 11, "{\"id\":9,\"name\":\"nine\"}"),
                        record("10", 12, 10, "{\"id\":10,\"name\":\"ten\"}"));
    }

    private BackupFile make(SourceInMemory source, BackupEncoding encoding) {
        BackupSettings settings = BackupSettings.in(folder).withEncoding(encoding);
        return new BackupMaker(settings, CLOCK).make(source, BackupKind.MANUAL, source.schemas());
    }

    private BackupCheck verify(Path file) {
        return new BackupCatalog(new BackupFolder(folder), source().schemas(), CLOCK).verify(file);
    }

    private static String text(Path file, BackupEncoding encoding) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            InputStream decoded = switch (encoding) {
                case PLAIN -> in;
                case GZIP -> new GZIPInputStream(in);
                case BASE64 -> Base64.getMimeDecoder().wrap(in);
            };
            return new String(decoded.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void whatWentInComesOutToTheByte(BackupEncoding encoding) throws IOException {
        BackupFile file = make(source(), encoding);
        Archive archive = Archive.check(file.toPath(), List.of());
        for (CollectionSchema<?, ?> schema : source().schemas()) {
            List<RawRecord> out = new ArrayList<>();
            try (RecordCursor cursor = archive.records(schema)) {
                cursor.forEachRemaining(out::add);
            }
            List<RawRecord> in = new ArrayList<>();
            source().snapshot(dev.switchover.storage.Store.JSON, List.of(schema))
                    .scan(schema)
                    .forEachRemaining(in::add);
            assertThat(out).usingRecursiveComparison().isEqualTo(in);
        }
        assertThat(file.name()).isEqualTo("backup-20261121T020000.123Z-manual" + encoding.suffix());
        assertThat(file.time()).isEqualTo(Instant.parse("2026-11-21T02:00:00.123Z"));
        assertThat(file.records()).isEqualTo(8);
        BackupPart things = file.collections().get(0);
        assertThat(things.lineage()).isEqualTo(SourceInMemory.LINEAGE.toString());
        assertThat(things.version()).isEqualTo(77);
        assertThat(things.highestId()).isEqualTo(42);
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void anybodyReadsItAsJson(BackupEncoding encoding) throws Exception {
        String text = text(make(source(), encoding).toPath(), encoding);
        JsonNode json = new ObjectMapper().readTree(text);
        assertThat(json.at("/kind").asText()).isEqualTo("manual");
        assertThat(json.at("/collections/0/records").asLong()).isEqualTo(5);
        assertThat(json.at("/records/0/body/text").asText()).isEqualTo("with 1.10 and é");
        assertThat(json.at("/records/6/body/id").asLong()).isEqualTo(-3);
        assertThat(json.at("/totals/1/records").asLong()).isEqualTo(3);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Arrays.copyOf(bytes, bytes.length - 67));
        assertThat(json.at("/sha256").asText()).isEqualTo(HexFormat.of().formatHex(digest));
    }

    @Test
    void itIsReadableByItsOwnerOnlyAndNothingElseIsLeft() throws IOException {
        BackupFile file = make(source(), BackupEncoding.PLAIN);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.toPath())))
                .isEqualTo("rw-------");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file.toPath());
        }
    }

    @Test
    void twoOfOneMomentHaveTwoNames() {
        assertThat(make(source(), BackupEncoding.PLAIN).name()).endsWith("123Z-manual.json");
        assertThat(make(source(), BackupEncoding.PLAIN).name()).endsWith("123Z-manual-2.json");
        assertThat(make(source(), BackupEncoding.PLAIN).name()).endsWith("123Z-manual-3.json");
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void aWholeBackupIsSound(BackupEncoding encoding) {
        BackupCheck check = verify(make(source(), encoding).toPath());
        assertThat(check.problems()).isEmpty();
        assertThat(check.sound()).isTrue();
        assertThat(check.records()).isEqualTo(8);
    }

    @Test
    void aBackupOfNothingIsSound() {
        SourceInMemory empty = new SourceInMemory().with(THINGS).with(ITEMS);
        assertThat(verify(make(empty, BackupEncoding.PLAIN).toPath()).sound()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void everyFlippedByteIsNoticed(BackupEncoding encoding) throws IOException {
        Path file = make(source(), encoding).toPath();
        byte[] whole = Files.readAllBytes(file);
        String text = text(file, encoding);
        for (int i = 0; i < whole.length; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x10;
            Files.write(file, damaged);
            BackupCheck check = verify(file);
            // In a gzip member's head, and at the ends of lines of Base64, are bytes that mean nothing.
            assertThat(!check.sound() || sameText(file, encoding, text))
                    .as("byte " + i)
                    .isTrue();
        }
    }

    private static boolean sameText(Path file, BackupEncoding encoding, String text) {
        try {
            return text(file, encoding).equals(text);
        } catch (IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(BackupEncoding.class)
    void everyCutIsNoticed(BackupEncoding encoding) throws IOException {
        Path file = make(source(), encoding).toPath();
        byte[] whole = Files.readAllBytes(file);
        int least = encoding == BackupEncoding.BASE64 ? whole.length - 1 : whole.length;
        for (int length = 0; length < least; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(verify(file).sound()).as("cut to " + length).isFalse();
        }
    }

    @Test
    void aRecordRewrittenWithItsChecksumIsNoticed() throws IOException {
        Path file = make(source(), BackupEncoding.PLAIN).toPath();
        String text = Files.readString(file);
        String line = new String(
                new BackupLine("items", record("9", 11, 11, "{\"id\":9,\"name\":\"forged\"}")).encode(),
                StandardCharsets.UTF_8);
        String forged = text.replaceFirst("\\{\"id\":\"9\".*", line.replace("\\", "\\\\") + ",");
        assertThat(forged).isNotEqualTo(text);
        Files.writeString(file, forged);
        assertThat(verify(file).problems()).containsExactly("the checksum is wrong; recover takes what can be read");
    }

    @Test
    void anIdThatComesTwiceIsNoticed() {
        SourceInMemory twice = new SourceInMemory().with(THINGS, thing("a", 1, "x"), thing("a", 2, "y"));
        assertThat(verify(make(twice, BackupEncoding.PLAIN).toPath()).problems())
                .singleElement()
                .asString()
                .contains("id a of things comes twice");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-", "010", "+10", "1e1", "9223372036854775808"})
    void anIdThatIsNoNumberAsNumbersAreWrittenIsNoticed(String id) {
        SourceInMemory wrong =
                new SourceInMemory().with(ITEMS, record("-3", 10, 12, "{\"id\":-3}"), record(id, 11, 11, "{\"id\":9}"));
        BackupCheck check = verify(make(wrong, BackupEncoding.PLAIN).toPath());
        assertThat(check.problems().toString()).contains("id " + id + " of items is no number");
    }

    @Test
    void aRecordTheDefinitionsDoNotTakeIsNamedWithoutItsValue() {
        SourceInMemory wrong =
                new SourceInMemory().with(THINGS, record("a", 1, 1, "{\"id\":\"b\",\"text\":\"secret\"}"));
        assertThat(verify(make(wrong, BackupEncoding.PLAIN).toPath()).problems())
                .singleElement()
                .asString()
                .contains("things")
                .doesNotContain("secret");
    }

    @Test
    void aRowThatIsNoRecordIsNamedAndTheBackupIsNotSound() throws IOException {
        SourceInMemory source =
                new SourceInMemory().with(THINGS, thing("a", 1, "x"), record("bad", -1, 1, "{}"), thing("c", 2, "y"));
        BackupFile file = make(source, BackupEncoding.PLAIN);
        assertThat(Files.readString(file.toPath())).contains("{\"collection\":\"things\",\"id\":\"bad\"}");
        assertThat(verify(file.toPath()).problems())
                .singleElement()
                .asString()
                .startsWith("1 rows of things were no records");
    }

    /** A store that went on behind such a version would come to the end of numbers. */
    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, Long.MAX_VALUE / 2 + 1})
    void aVersionThatNoStoreGivesIsNoticed(long version) {
        SourceInMemory forged = new SourceInMemory().with(THINGS, thing("a", version, "x"));
        assertThat(verify(make(forged, BackupEncoding.PLAIN).toPath()).sound()).isFalse();
    }

    /** A few megabytes may unpack to more than anybody can read. */
    @Test
    @Timeout(60)
    void aLineWithoutEndEndsTheReading() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }

            @Override
            public int read(byte[] into, int from, int length) {
                Arrays.fill(into, from, from + length, (byte) 'x');
                return length;
            }
        };
        assertThatThrownBy(() -> new BackupText(endless, true).piece()).isInstanceOf(DamagedBackupException.class);
        byte[] head = "{\"format\":1,\"records\":[\n".getBytes(StandardCharsets.UTF_8);
        for (String begin : List.of("", "{\"id\":", "],\"totals\":")) {
            BackupText text = new BackupText(
                    new SequenceInputStream(
                            new SequenceInputStream(
                                    new ByteArrayInputStream(head),
                                    new ByteArrayInputStream(begin.getBytes(StandardCharsets.UTF_8))),
                            endless),
                    true);
            assertThatThrownBy(() -> {
                        text.piece();
                        text.piece();
                    })
                    .as(begin)
                    .isInstanceOf(DamagedBackupException.class);
        }
    }

    @Test
    void whatIsNoBackupIsSaidToBeNone() throws IOException {
        Path file = folder.resolve("backup-20261121T020000.123Z-manual.json");
        for (String content :
                List.of("", "[]", "{\"format\":\"other\",\"records\":[\n", "not json at all", "\u0000\u0000")) {
            Files.writeString(file, content);
            assertThat(verify(file).sound()).isFalse();
            assertThat(BackupCatalog.look(file, 1).problem()).isNotNull();
        }
        Files.writeString(
                file,
                Files.readString(make(source(), BackupEncoding.PLAIN).toPath())
                        .replace("\"formatVersion\":1", "\"formatVersion\":2"));
        assertThat(verify(file).problems()).singleElement().asString().contains("format 2");
    }

    /** What the store that led until now took last is in the other one only. */
    @Test
    void ifTheAuthorityChangesMeanwhileTheNewOneIsSaved() {
        SourceInMemory source = source();
        AtomicInteger asked = new AtomicInteger();
        List<Store> opened = new ArrayList<>();
        BackupSource changing = new BackupSource() {
            @Override
            public List<CollectionSchema<?, ?>> schemas() {
                return List.of(THINGS);
            }

            @Override
            public boolean has(Store store) {
                return true;
            }

            @Override
            public Authority authority(CollectionSchema<?, ?> schema) {
                return new Authority(asked.incrementAndGet() == 1 ? Store.JSON : Store.POSTGRESQL, null);
            }

            @Override
            public RecordSnapshot snapshot(Store store, List<CollectionSchema<?, ?>> schemas) {
                opened.add(store);
                return source.snapshot(store, schemas);
            }
        };
        BackupFile made = new BackupMaker(BackupSettings.in(folder), Clock.systemUTC())
                .make(changing, BackupKind.MANUAL, List.of(THINGS));
        assertThat(opened).containsExactly(Store.JSON, Store.POSTGRESQL);
        assertThat(made.collections().get(0).store()).isEqualTo(Store.POSTGRESQL);
        assertThat(source.open).isZero();
    }

    @Test
    void snapshotsAreClosed() {
        SourceInMemory source = source();
        make(source, BackupEncoding.PLAIN);
        assertThat(source.open).isZero();
    }
}
