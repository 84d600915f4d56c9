package dev.switchover.examples.benchmarks.peers;

import static java.util.Objects.requireNonNull;

import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import io.jsondb.JsonDBTemplate;
import io.jsondb.annotation.Document;
import io.jsondb.annotation.Id;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A library that keeps records in JSON files: objects in memory, the whole file at each write, without a force. */
public final class Jsondb implements EntryStore {

    public static final String NAME = "jsondb-core";

    private final JsonDBTemplate template;

    public Jsondb(Path folder) throws IOException {
        Files.createDirectories(folder);
        this.template = new JsonDBTemplate(folder.toString(), Row.class.getPackageName());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void load(List<Entry> entries) {
        template.createCollection(Row.class);
        template.insert(entries.stream().map(Row::new).toList(), Row.class);
    }

    @Override
    public void save(Entry entry) {
        template.upsert(new Row(entry));
    }

    @Override
    public @Nullable Entry find(long id) {
        Row row = template.findById(id, Row.class);
        return row == null ? null : row.entry();
    }

    @Override
    public void close() {}

    /** A bean, as it wants one. */
    @Document(collection = "entries", schemaVersion = "1.0")
    public static class Row {

        @Id
        private @Nullable Long id;

        private @Nullable String date;
        private @Nullable String category;
        private @Nullable BigDecimal amount;
        private @Nullable String currency;
        private @Nullable String account;
        private boolean business;
        private @Nullable List<String> tags;
        private @Nullable String notes;

        public Row() {}

        Row(Entry entry) {
            id = entry.id();
            date = entry.date();
            category = entry.category();
            amount = entry.amount();
            currency = entry.currency();
            account = entry.account();
            business = entry.business();
            tags = entry.tags();
            notes = entry.notes();
        }

        Entry entry() {
            return new Entry(
                    requireNonNull(id),
                    requireNonNull(date),
                    requireNonNull(category),
                    requireNonNull(amount),
                    requireNonNull(currency),
                    requireNonNull(account),
                    business,
                    requireNonNull(tags),
                    requireNonNull(notes));
        }

        public @Nullable Long getId() {
            return id;
        }

        public void setId(@Nullable Long id) {
            this.id = id;
        }

        public @Nullable String getDate() {
            return date;
        }

        public void setDate(@Nullable String date) {
            this.date = date;
        }

        public @Nullable String getCategory() {
            return category;
        }

        public void setCategory(@Nullable String category) {
            this.category = category;
        }

        public @Nullable BigDecimal getAmount() {
            return amount;
        }

        public void setAmount(@Nullable BigDecimal amount) {
            this.amount = amount;
        }

        public @Nullable String getCurrency() {
            return currency;
        }

        public void setCurrency(@Nullable String currency) {
            this.currency = currency;
        }

        public @Nullable String getAccount() {
            return account;
        }

        public void setAccount(@Nullable String account) {
            this.account = account;
        }

        public boolean isBusiness() {
            return business;
        }

        public void setBusiness(boolean business) {
            this.business = business;
        }

        public @Nullable List<String> getTags() {
            return tags;
        }

        public void setTags(@Nullable List<String> tags) {
            this.tags = tags;
        }

        public @Nullable String getNotes() {
            return notes;
        }

        public void setNotes(@Nullable String notes) {
            this.notes = notes;
        }
    }
}
