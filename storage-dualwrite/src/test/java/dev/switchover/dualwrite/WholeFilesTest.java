package dev.switchover.dualwrite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Read;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@link SwitchoverStorage#file}: a collection as its file, whichever store leads. */
class WholeFilesTest {

    private static final CollectionDefinition<ObjectNode, String> ROOMS = CollectionDefinition.of(
                    "rooms", ObjectNode.class, String.class)
            .json(JsonLayout.array().in("/house/rooms"))
            .build();

    private static final CollectionDefinition<ObjectNode, String> PEOPLE = CollectionDefinition.of(
                    "people", ObjectNode.class, String.class)
            .json(JsonLayout.objectKeyedById().base64())
            .build();

    private static final String ROOMS_TEXT = "{ \"currency\":\"EUR\",\r\n\t\"house\" : { \"rooms\":\r\n\t[\r\n"
            + "   {\"id\":\"b\",  \"area\": 1e2 },\r\n   { \"area\": 9.10,\"id\":\"a\\u00e9\"}\r\n\t],\r\n  \"n\" : 1.0} }";

    private static final String PEOPLE_TEXT =
            "{\n \"b\\u00fc\" :{\"id\":\"b\\u00fc\", \"x\":-0.0},\n \"a\" :{\"id\":\"a\"}\n}\n";

    @TempDir
    Path directory;

    @Test
    void inEveryPhaseItIsTheFileByteForByte() throws Exception {
        String people = Base64.getEncoder().encodeToString(PEOPLE_TEXT.getBytes(StandardCharsets.UTF_8));
        Files.writeString(directory.resolve("rooms.json"), ROOMS_TEXT);
        Files.writeString(directory.resolve("people.json.b64"), people);
        try (TestDatabase database = TestDatabase.create()) {
            for (Phase phase : Phase.values()) {
                try (SwitchoverStorage storage = open(phase, database)) {
                    Read<byte[]> rooms = storage.file(ROOMS);
                    assertThat(text(rooms)).as("%s", phase).isEqualTo(ROOMS_TEXT);
                    assertThat(rooms.stale()).isFalse();
                    assertThat(text(storage.file(PEOPLE))).as("%s", phase).isEqualTo(people);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"JSON_ONLY", "DB_ONLY"})
    void envelopeAndRecordsAreOfOneMoment(Phase phase) throws Exception {
        try (TestDatabase database = TestDatabase.create();
                SwitchoverStorage storage = open(phase, database)) {
            AtomicBoolean enough = new AtomicBoolean();
            replace(storage, 0);
            var writer = Executors.newSingleThreadExecutor();
            try {
                Future<?> writing = writer.submit(() -> {
                    for (int i = 1; !enough.get(); i++) {
                        replace(storage, i);
                    }
                });
                for (int i = 0; i < 300; i++) {
                    JsonNode seen =
                            new ObjectMapper().readTree(storage.file(ROOMS).value());
                    assertThat(seen.at("/house/rooms/0/n")).isEqualTo(seen.at("/n"));
                }
                enough.set(true);
                writing.get();
            } finally {
                enough.set(true);
                writer.shutdown();
            }
        }
    }

    private static void replace(SwitchoverStorage storage, int number) {
        storage.inUnitOfWork(work -> {
            work.envelope(ROOMS).write("{\"n\": " + number + ", \"house\": {\"rooms\": []}}");
            ObjectNode room =
                    new ObjectMapper().createObjectNode().put("id", "a").put("n", number);
            return work.on(ROOMS).save(room);
        });
    }

    private SwitchoverStorage open(Phase phase, TestDatabase database) {
        Map<String, String> environment = new HashMap<>(ServiceUnderTest.flags(phase));
        environment.put("DATABASE_URL", database.url());
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(ROOMS)
                .collection(PEOPLE)
                .open();
    }

    private static String text(Read<byte[]> file) {
        return new String(file.value(), StandardCharsets.UTF_8);
    }
}
