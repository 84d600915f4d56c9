package dev.switchover.postgres;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of one write, in the orders {@link WriteSql} and {@link ShortWriteSql} take them. Used by one thread.
 *
 * @param id null for an insert, whose id is made by the statement
 * @param values none for a deletion
 * @param expected the version asked for, or null
 */
record WriteParameters(
        RecordTable table,
        long epoch,
        @Nullable String id,
        @Nullable String[] values,
        @Nullable Long expected) {

    /** Of put and create. */
    List<@Nullable Object> shortWrite(boolean marking) {
        List<@Nullable Object> all = new ArrayList<>(values.length + 4);
        all.add(id);
        all.addAll(Arrays.asList(values));
        return locked(all, marking);
    }

    /** Of replace and of both deletions. */
    List<@Nullable Object> shortChange(boolean marking) {
        List<@Nullable Object> all = new ArrayList<>(values.length + 5);
        all.addAll(Arrays.asList(values));
        all.add(epoch);
        all.add(lock());
        all.add(id);
        if (expected != null) {
            all.add(expected);
        }
        return mark(all, marking);
    }

    List<@Nullable Object> shortInsert() {
        List<@Nullable Object> all = new ArrayList<>(values.length + 1);
        all.addAll(Arrays.asList(values));
        all.add(epoch);
        return all;
    }

    /** Of put, and, with {@code found}, of create. */
    List<@Nullable Object> fullWrite(boolean found) {
        List<@Nullable Object> all = full();
        all.add(id);
        all.addAll(Arrays.asList(values));
        return found ? found(mark(all, true)) : mark(all, true);
    }

    /** Of replace and of both deletions. */
    List<@Nullable Object> fullChange() {
        List<@Nullable Object> all = full();
        all.addAll(Arrays.asList(values));
        all.add(id);
        if (expected != null) {
            all.add(expected);
        }
        return found(mark(all, true));
    }

    List<@Nullable Object> fullInsert() {
        List<@Nullable Object> all = new ArrayList<>(values.length + 1);
        all.add(epoch);
        all.addAll(Arrays.asList(values));
        return all;
    }

    private List<@Nullable Object> full() {
        List<@Nullable Object> all = new ArrayList<>(values.length + 6);
        all.add(epoch);
        all.add(lock());
        return all;
    }

    private int lock() {
        return id == null ? 0 : WriteSql.lockOf(id);
    }

    private List<@Nullable Object> locked(List<@Nullable Object> all, boolean marking) {
        all.add(epoch);
        all.add(lock());
        return mark(all, marking);
    }

    private List<@Nullable Object> mark(List<@Nullable Object> all, boolean marking) {
        if (marking && !table.envelope()) {
            all.add(id);
        }
        return all;
    }

    private List<@Nullable Object> found(List<@Nullable Object> all) {
        all.add(id);
        return all;
    }
}
