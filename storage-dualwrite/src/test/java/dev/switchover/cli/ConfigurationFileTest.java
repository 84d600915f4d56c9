package dev.switchover.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.ConfigurationException;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.JsonLayout.Encoding;
import dev.switchover.storage.JsonLayout.Format;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationFileTest {

    @TempDir
    Path folder;

    @Test
    void everythingADocumentLayoutNeedsCanBeSaid() throws IOException {
        ConfigurationFile file = ConfigurationFile.read(write("""
                {
                  "directory": "data",
                  "collections": [
                    {"name": "expenses", "idType": "long", "idGeneration": "sequence"},
                    {
                      "name": "contacts",
                      "file": "address-book.b64",
                      "shape": "object",
                      "in": "/book/contacts",
                      "encoding": "base64",
                      "format": "lines",
                      "id": "key",
                      "idType": "uuid",
                      "idGeneration": "random-uuid",
                      "table": "people.contacts",
                      "indexes": ["city", ["city", "name"]],
                      "copies": [{"path": "/mnt/share/contacts.json"}, {"path": "c.b64", "encoding": "base64"}],
                      "limits": {"bytes": 1000, "idBytes": 100}
                    }
                  ]
                }
                """));

        assertThat(file.directory()).isEqualTo(folder.resolve("data"));
        CollectionDefinition<?, ?> expenses = file.collections().get(0);
        assertThat(expenses.idClass()).isEqualTo(Long.class);
        assertThat(expenses.idProperties()).containsExactly("id");
        assertThat(expenses.idGeneration()).isEqualTo(IdGeneration.SEQUENCE);
        assertThat(expenses.jsonLayout()).isEqualTo(JsonLayout.array());
        assertThat(expenses.fileName()).isEqualTo("expenses.json");
        CollectionDefinition<?, ?> contacts = file.collections().get(1);
        assertThat(contacts.idClass()).isEqualTo(UUID.class);
        assertThat(contacts.idProperties()).containsExactly("key");
        assertThat(contacts.jsonLayout())
                .isEqualTo(JsonLayout.objectKeyedById()
                        .in("/book/contacts")
                        .base64()
                        .format(Format.LINES)
                        .file("address-book.b64")
                        .copy("/mnt/share/contacts.json")
                        .copy("c.b64", Encoding.BASE64));
        assertThat(contacts.tableLayout())
                .isEqualTo(TableLayout.document()
                        .table("people.contacts")
                        .index("city")
                        .index("city", "name"));
        assertThat(contacts.limits().bytes()).isEqualTo(1000);
        assertThat(contacts.limits().idBytes()).isEqualTo(100);
    }

    @Test
    void everyProblemIsToldAtOnceWithItsLine() throws IOException {
        List<String> problems = problems("""
                {
                  "folder": "data",
                  "collections": [
                    {"name": "Expenses",
                     "idType": "int"},
                    {"idType": "long",
                     "shape": "list",
                     "in": 3,
                     "limits": {"bytes": 0}},
                    {"name": "notes", "idType": "string", "idGeneration": "sequence",
                     "file": "../notes.json"},
                    "contacts"
                  ]
                }
                """);

        assertThat(problems)
                .anyMatch(line -> line.startsWith("switchover.json, line 2: folder is unknown; there is"))
                .anyMatch(line -> line.startsWith("switchover.json, line 5: collections[0].idType: write \"long\""))
                .anyMatch(line -> line.startsWith("switchover.json, line 6: collections[1].name is missing"))
                .anyMatch(line -> line.startsWith("switchover.json, line 7: collections[1].shape: write \"array\""))
                .anyMatch(line -> line.startsWith("switchover.json, line 8: collections[1].in: write a text"))
                .anyMatch(line -> line.startsWith("switchover.json, line 9: collections[1].limits: bytes must be"))
                .anyMatch(line -> line.startsWith("switchover.json, line 10: ") && line.contains("sequence"))
                .anyMatch(line -> line.startsWith("switchover.json, line 10: ") && line.contains("../notes.json"))
                .anyMatch(line -> line.startsWith("switchover.json, line 12: collections[3]: write an object"))
                .hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "{\"collections\": []}",
                "{\"collections\": [], \"collections\": []}",
                "{\"collections\": \"all\"}"
            })
    void whatIsNoDescriptionIsRefused(String text) throws IOException {
        assertThat(problems(text)).allMatch(problem -> problem.startsWith("switchover.json, line 1: "));
    }

    @Test
    void aMissingFileSaysWhereToLook() {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class, () -> ConfigurationFile.read(folder.resolve("nowhere.json")));
        assertThat(refused).hasMessageContaining("nowhere.json").hasMessageContaining("--config");
    }

    private List<String> problems(String text) throws IOException {
        Path file = write(text);
        return catchThrowableOfType(ConfigurationException.class, () -> ConfigurationFile.read(file))
                .problems();
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("switchover.json"), text);
    }
}
