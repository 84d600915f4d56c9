package dev.switchover.examples.expenses.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.examples.expenses.Expense;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes like a user would, on records of its own, and tells a journal before and after. What it expects of each write is
 * worked out here, not taken from the library's answer. For one thread.
 */
final class Writer {

    private final int number;
    private final String tag;
    private final Random random;
    private final Session session;
    private final AckJournal journal;
    private final Map<String, String> expenses;
    private final Map<String, String> earthquakes;
    private int writes;

    /**
     * @param tag not used before, as it makes what is written unique
     * @param expenses its own, by id
     * @param earthquakes its own, by id
     */
    Writer(
            int number,
            String tag,
            Session session,
            AckJournal journal,
            Map<String, String> expenses,
            Map<String, String> earthquakes) {
        this.number = number;
        this.tag = tag;
        this.random = new Random(tag.hashCode() * 31L + number);
        this.session = session;
        this.journal = journal;
        this.expenses = new LinkedHashMap<>(expenses);
        this.earthquakes = new LinkedHashMap<>(earthquakes);
    }

    int writes() {
        return writes;
    }

    /** One write of a kind chosen by chance. */
    void write() {
        int chance = random.nextInt(100);
        if (chance < 30) {
            createExpense();
        } else if (chance < 50) {
            updateExpense();
        } else if (chance < 57) {
            deleteExpense();
        } else if (chance < 60) {
            deleteExpenses();
        } else if (chance < 80) {
            reviewEarthquake();
        } else if (chance < 88) {
            saveEarthquakes();
        } else {
            deleteEarthquake();
        }
        writes++;
    }

    private void createExpense() {
        Expense expense = new Expense(
                null,
                LocalDate.of(2026, 1, 1).plusDays(random.nextInt(365)),
                random.nextBoolean() ? "food" : "Büro ☕",
                amount(),
                random.nextBoolean() ? "cash" : "bank",
                random.nextInt(3) == 0 ? null : (Boolean) random.nextBoolean(),
                "₪",
                next());
        String content = Canonical.of(expense);
        Change change = new Change(StoreReader.EXPENSES, null, content);
        journal.tried(number, List.of(change));
        String id = Long.toString(id(session.expenses().create(expense)));
        expenses.put(id, content);
        journal.acknowledged(number, List.of(change.withId(id)));
    }

    private void updateExpense() {
        String id = any(expenses);
        if (id == null) {
            createExpense();
            return;
        }
        BigDecimal amount = amount();
        String notes = random.nextInt(4) == 0 ? null : next();
        ObjectNode node = Canonical.parse(expenses.getOrDefault(id, ""));
        node.put("amount", amount.toPlainString());
        node.put("notes", notes);
        Change change = new Change(StoreReader.EXPENSES, id, Canonical.text(node));
        journal.tried(number, List.of(change));
        Optional<Expense> updated = session.expenses()
                .update(
                        Long.valueOf(id),
                        old -> new Expense(
                                old.id(),
                                old.date(),
                                old.category(),
                                amount,
                                old.account(),
                                old.business(),
                                old.currency(),
                                notes));
        require(updated.isPresent(), "update", change);
        done(expenses, List.of(change));
    }

    private void deleteExpense() {
        String id = any(expenses);
        if (id == null) {
            createExpense();
            return;
        }
        Change change = new Change(StoreReader.EXPENSES, id, null);
        journal.tried(number, List.of(change));
        require(session.expenses().delete(Long.valueOf(id)), "delete", change);
        done(expenses, List.of(change));
    }

    private void deleteExpenses() {
        List<Change> changes = expenses.keySet().stream()
                .limit(3)
                .map(id -> new Change(StoreReader.EXPENSES, id, null))
                .toList();
        if (changes.isEmpty()) {
            createExpense();
            return;
        }
        journal.tried(number, changes);
        int count = session.expenses()
                .deleteAll(
                        changes.stream().map(change -> Long.valueOf(id(change))).toList());
        require(count == changes.size(), "delete of several", changes.get(0));
        done(expenses, changes);
    }

    /** A typed update: what the record class does not know has to survive it. */
    private void reviewEarthquake() {
        String id = any(earthquakes);
        if (id == null) {
            saveEarthquakes();
            return;
        }
        String review = "reviewed " + next();
        ObjectNode node = Canonical.parse(earthquakes.getOrDefault(id, ""));
        ((ObjectNode) node.get("properties")).put("status", review);
        Change change = new Change(StoreReader.EARTHQUAKES, id, Canonical.text(node));
        journal.tried(number, List.of(change));
        Optional<Earthquake> updated = session.earthquakes().update(id, old -> {
            Map<String, @Nullable Object> properties = new LinkedHashMap<>(Objects.requireNonNull(old.properties()));
            properties.put("status", review);
            return new Earthquake(old.type(), properties, old.id());
        });
        require(updated.isPresent(), "update", change);
        done(earthquakes, List.of(change));
    }

    /** Several records in one call, all or nothing. */
    private void saveEarthquakes() {
        List<Change> changes = new ArrayList<>();
        List<Earthquake> records = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String id = "demo-" + next();
            BigDecimal magnitude = amount();
            ObjectNode node = Canonical.EXACT.createObjectNode().put("type", "Feature");
            node.putObject("properties")
                    .put("mag", magnitude)
                    .put("place", "Büro ☕")
                    .put("status", "automatic");
            node.put("id", id);
            Map<String, @Nullable Object> properties = new LinkedHashMap<>();
            properties.put("mag", magnitude);
            properties.put("place", "Büro ☕");
            properties.put("status", "automatic");
            records.add(new Earthquake("Feature", properties, id));
            changes.add(new Change(StoreReader.EARTHQUAKES, id, Canonical.text(node)));
        }
        journal.tried(number, changes);
        session.earthquakes().saveAll(records);
        done(earthquakes, changes);
    }

    private void deleteEarthquake() {
        String id = any(earthquakes);
        if (id == null) {
            saveEarthquakes();
            return;
        }
        Change change = new Change(StoreReader.EARTHQUAKES, id, null);
        journal.tried(number, List.of(change));
        require(session.earthquakes().delete(id), "delete", change);
        done(earthquakes, List.of(change));
    }

    private void done(Map<String, String> own, List<Change> changes) {
        for (Change change : changes) {
            if (change.content() == null) {
                own.remove(id(change));
            } else {
                own.put(id(change), change.content());
            }
        }
        journal.acknowledged(number, changes);
    }

    private @Nullable String any(Map<String, String> own) {
        if (own.isEmpty()) {
            return null;
        }
        return List.copyOf(own.keySet()).get(random.nextInt(own.size()));
    }

    /** Two digits behind the point, often a zero at the end. */
    private BigDecimal amount() {
        return BigDecimal.valueOf(random.nextInt(100_000), 1).setScale(2);
    }

    private String next() {
        return tag + "-" + number + "-" + writes + "-" + random.nextInt(1_000_000);
    }

    private static long id(Expense expense) {
        return Objects.requireNonNull(expense.id());
    }

    private static String id(Change change) {
        return Objects.requireNonNull(change.id());
    }

    private static void require(boolean condition, String what, Change change) {
        if (!condition) {
            throw new IllegalStateException(what + ": " + change.collection() + " " + change.id() + " was not there");
        }
    }
}
