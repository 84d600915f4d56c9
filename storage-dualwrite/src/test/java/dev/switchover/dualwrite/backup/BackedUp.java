package dev.switchover.dualwrite.backup;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;

import dev.switchover.dualwrite.BothStores;
import dev.switchover.dualwrite.Operator;
import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.ServiceUnderTest.Expense;
import dev.switchover.dualwrite.Switchover;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.Phase;
import dev.switchover.storage.Storage;
import dev.switchover.storage.Versioned;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A service with three kinds of collections: columns with ids from a sequence, documents, and an array in an envelope. */
final class BackedUp {

    record Section(String id, String label) {}

    static final CollectionDefinition<Section, String> SECTIONS = CollectionDefinition.of(
                    "sections", Section.class, String.class)
            .json(JsonLayout.array().in("/sections"))
            .build();

    static final List<CollectionDefinition<?, ?>> ALL = List.of(EXPENSES, NOTES, SECTIONS);

    private final Path directory;
    private final @Nullable String databaseUrl;
    private final Map<String, String> more = new HashMap<>();

    BackedUp(Path directory, @Nullable String databaseUrl) {
        this.directory = directory;
        this.databaseUrl = databaseUrl;
    }

    BackedUp set(String name, String value) {
        more.put(name, value);
        return this;
    }

    SwitchoverStorage open(Phase phase) {
        return builder(phase).open();
    }

    Operator operator(Phase phase) {
        return builder(phase).operator();
    }

    Switchover.Builder builder(Phase phase) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(ServiceUnderTest.flags(phase));
        if (databaseUrl != null) {
            environment.put("DATABASE_URL", databaseUrl);
        }
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES)
                .collection(SECTIONS);
    }

    void assertBothStoresEqual() {
        BothStores.assertEqual(directory, java.util.Objects.requireNonNull(databaseUrl), ALL);
    }

    /** Everything a service sees, in order. */
    static List<Object> everything(Storage storage) {
        List<Object> all = new ArrayList<>();
        all.add(storage.repository(EXPENSES).findAll());
        all.add(storage.repository(NOTES).findAll());
        all.add(storage.repository(SECTIONS).findAll());
        all.add(storage.envelope(SECTIONS).read());
        return all;
    }

    static void fill(Storage storage) {
        for (int i = 1; i <= 5; i++) {
            storage.repository(EXPENSES).create(ServiceUnderTest.expense(i + ".10"));
        }
        for (String id : List.of("b", "a", "d", "c")) {
            storage.repository(NOTES).save(new ServiceUnderTest.Note(id, "text of " + id));
            storage.repository(SECTIONS).save(new Section(id, "label of " + id));
        }
        storage.envelope(SECTIONS).write("{\"currency\": \"EUR\", \"sections\": []}");
    }

    /** Changes, deletes and creates in all of them, and leaves some as they are. */
    static void change(Storage storage) {
        storage.repository(EXPENSES).delete(2L);
        storage.repository(EXPENSES).update(3L, expense -> expense.with(java.math.BigDecimal.TEN));
        storage.repository(EXPENSES).create(ServiceUnderTest.expense("99.00"));
        storage.repository(NOTES).delete("b");
        storage.repository(NOTES).save(new ServiceUnderTest.Note("b", "came back last"));
        storage.repository(NOTES).save(new ServiceUnderTest.Note("e", "new"));
        storage.repository(SECTIONS).delete("d");
        storage.repository(SECTIONS).save(new Section("a", "changed"));
        storage.envelope(SECTIONS).write("{\"currency\": \"USD\", \"sections\": []}");
    }

    static Versioned<Expense> third(Storage storage) {
        return storage.repository(EXPENSES).findVersioned(3L).orElseThrow();
    }
}
