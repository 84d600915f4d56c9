package dev.switchover.dualwrite;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.Phase;
import dev.switchover.storage.TableLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory, a database and two collections, opened in whichever phase a test wants. */
public final class ServiceUnderTest {

    public record Expense(
            @Nullable Long id,
            LocalDate date,
            String category,
            BigDecimal amount,
            @Nullable String notes) {

        public Expense with(BigDecimal newAmount) {
            return new Expense(id, date, category, newAmount, notes);
        }
    }

    public record Note(String id, String text) {}

    public static final CollectionDefinition<Expense, Long> EXPENSES = CollectionDefinition.of(
                    "expenses", Expense.class, Long.class)
            .idGeneration(IdGeneration.SEQUENCE)
            .table(TableLayout.columns().index("date"))
            .build();

    public static final CollectionDefinition<Note, String> NOTES =
            CollectionDefinition.of("notes", Note.class, String.class).build();

    private final Path directory;
    private final @Nullable String databaseUrl;
    private final Map<String, String> more = new HashMap<>();

    public ServiceUnderTest(Path directory, TestDatabase database) {
        this(directory, database.url());
    }

    public ServiceUnderTest(Path directory, @Nullable String databaseUrl) {
        this.directory = directory;
        this.databaseUrl = databaseUrl;
    }

    public Path directory() {
        return directory;
    }

    /** On a copy of the directory as it is now, as a crash of the process leaves it: what closing would note is missing. */
    public ServiceUnderTest crashedInto(Path elsewhere) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.copy(file, elsewhere.resolve(directory.relativize(file).toString()), REPLACE_EXISTING);
            }
            return new ServiceUnderTest(elsewhere, databaseUrl);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A variable for all later starts. */
    public ServiceUnderTest set(String name, String value) {
        more.put(name, value);
        return this;
    }

    public SwitchoverStorage open(Phase phase) {
        return open(flags(phase));
    }

    public SwitchoverStorage open(Map<String, String> flags) {
        return builder(flags).open();
    }

    /** Somebody who looks after the service, with the flags of this phase. */
    public Operator operator(Phase phase) {
        return builder(flags(phase)).operator();
    }

    private Switchover.Builder builder(Map<String, String> flags) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(flags);
        if (databaseUrl != null) {
            environment.putIfAbsent("DATABASE_URL", databaseUrl);
        }
        return Switchover.builder()
                .directory(directory)
                .environment(environment)
                .collection(EXPENSES)
                .collection(NOTES);
    }

    public static Map<String, String> flags(Phase phase) {
        return Map.of(
                "FF_USE_DATABASE_STORAGE", String.valueOf(phase.databasePhase()),
                "FF_DUAL_WRITE_ENABLED", String.valueOf(phase.mirrored()));
    }

    public static Expense expense(String amount) {
        return new Expense(null, LocalDate.of(2026, 1, 5), "food", new BigDecimal(amount), null);
    }
}
