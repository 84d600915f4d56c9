package dev.switchover.json.records;

import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records in their order, in arrays of a bounded length one behind the other: a record that stays in its place is replaced there,
 * one that comes last, as nearly all do, is put behind the others, and any other moves no more than one array, or joins two. That takes a
 * tenth of the memory of a tree. The id breaks ties, which occur while a mirror takes over another order record by record. Not
 * thread-safe.
 */
final class OrderedRecords {

    static final Comparator<RawRecord> ORDER = OrderedRecords::compare;

    private static final int MOST = 512;
    private static final int FEW = 8;

    /** None of them is empty. */
    private final List<Part> parts = new ArrayList<>();

    private int size;

    private static int compare(RawRecord one, RawRecord other) {
        int place = Long.compare(one.order(), other.order());
        return place != 0 ? place : RecordId.BY_CODE_POINT.compare(one.id(), other.id());
    }

    int size() {
        return size;
    }

    /** All of them, in order. */
    RawRecord[] toArray() {
        RawRecord[] all = new RawRecord[size];
        int at = 0;
        for (Part part : parts) {
            System.arraycopy(part.records, 0, all, at, part.size);
            at += part.size;
        }
        return all;
    }

    void clear() {
        parts.clear();
        size = 0;
    }

    /** Where there is none yet. */
    void addAll(List<RawRecord> records) {
        if (size > 0) {
            throw new IllegalStateException(size + " records are there already");
        }
        RawRecord[] all = records.toArray(RawRecord[]::new);
        if (!isAscending(all)) {
            Arrays.sort(all, ORDER);
        }
        for (int from = 0; from < all.length; from += MOST) {
            RawRecord[] some = Arrays.copyOfRange(all, from, Math.min(all.length, from + MOST));
            parts.add(new Part(some, some.length));
        }
        size = all.length;
    }

    private static boolean isAscending(RawRecord[] records) {
        for (int i = 1; i < records.length; i++) {
            if (compare(records[i - 1], records[i]) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** @param old of the same id, which is there, and which this one takes the place of; null if there is none */
    void put(RawRecord record, @Nullable RawRecord old) {
        if (old == null) {
            add(record);
        } else if (old.order() == record.order()) {
            Part part = parts.get(partOf(old));
            part.records[part.place(old)] = record;
        } else {
            remove(old);
            add(record);
        }
    }

    private void add(RawRecord record) {
        if (parts.isEmpty()) {
            parts.add(new Part(new RawRecord[FEW], 0));
        }
        int index = partOf(record);
        Part part = parts.get(index);
        int at = -1 - part.find(record);
        if (part.size == MOST) {
            boolean last = at == MOST && index + 1 == parts.size();
            int keep = last ? MOST : MOST / 2; // what comes behind all others leaves full parts
            Part rest = part.cut(keep);
            parts.add(index + 1, rest);
            if (at >= keep) {
                part = rest;
                at -= keep;
            }
        }
        part.insert(at, record);
        size++;
    }

    /** Removes one that is there. */
    void remove(RawRecord record) {
        int index = partOf(record);
        Part part = parts.get(index);
        part.delete(part.place(record));
        size--;
        if (part.size == 0) {
            parts.remove(index);
        } else {
            joinWithNext(index);
            joinWithNext(index - 1);
        }
    }

    /** If there is a next one, and both have few. */
    private void joinWithNext(int index) {
        if (index >= 0 && index + 1 < parts.size() && parts.get(index).size + parts.get(index + 1).size <= MOST / 2) {
            parts.get(index).append(parts.remove(index + 1));
        }
    }

    /** How many arrays they lie in. */
    int parts() {
        return parts.size();
    }

    /** The last part that does not begin behind the record, or the first. */
    private int partOf(RawRecord record) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (compare(parts.get(middle).records[0], record) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private static final class Part {

        private RawRecord[] records;
        private int size;

        Part(RawRecord[] records, int size) {
            this.records = records;
            this.size = size;
        }

        /** As {@link Arrays#binarySearch}. */
        int find(RawRecord record) {
            if (size > 0 && compare(records[size - 1], record) < 0) {
                return -1 - size;
            }
            return Arrays.binarySearch(records, 0, size, record, ORDER);
        }

        int place(RawRecord record) {
            int at = find(record);
            if (at < 0) {
                throw new IllegalStateException("record " + record.id() + " is not where its order says");
            }
            return at;
        }

        void insert(int at, RawRecord record) {
            if (size == records.length) {
                records = Arrays.copyOf(records, Math.min(MOST, Math.max(FEW, 2 * size)));
            }
            System.arraycopy(records, at, records, at + 1, size - at);
            records[at] = record;
            size++;
        }

        void delete(int at) {
            System.arraycopy(records, at + 1, records, at, size - at - 1);
            size--;
            Arrays.fill(records, size, size + 1, null);
        }

        Part cut(int keep) {
            Part rest = new Part(Arrays.copyOfRange(records, keep, keep + Math.max(FEW, size - keep)), size - keep);
            Arrays.fill(records, keep, size, null);
            size = keep;
            return rest;
        }

        void append(Part next) {
            records = Arrays.copyOf(records, Math.max(FEW, size + next.size));
            System.arraycopy(next.records, 0, records, size, next.size);
            size += next.size;
        }
    }
}
