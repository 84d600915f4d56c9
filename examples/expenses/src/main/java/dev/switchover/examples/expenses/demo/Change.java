package dev.switchover.examples.expenses.demo;

import org.jspecify.annotations.Nullable;

/**
 * What a write means to do to one record.
 *
 * @param id null while only the store knows it
 * @param content the record as {@link Canonical} text, or null if it is to be gone
 */
record Change(
        String collection, @Nullable String id, @Nullable String content) {

    Change withId(String newId) {
        return new Change(collection, newId, content);
    }
}
