package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.backup.BackupTotals.Total;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.storage.schema.IdType;
import dev.switchover.storage.schema.RecordId;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a backup that has to be whole: at its end it is known that counts and checksum are right, and that no id came twice. The first
 * thing wrong ends it with a {@link DamagedBackupException}. Memory stays constant. Used by one thread.
 */
final class BackupReader implements Closeable {

    private final BackupText text;
    private final MessageDigest digest = FileDigest.newDigest();
    private final BackupHead head;
    private final Map<String, long[]> counted = new HashMap<>();
    private int part = -1;
    private @Nullable RecordId last;
    private @Nullable BackupTotals totals;
    private long done;

    private BackupReader(BackupText text) throws IOException {
        this.text = text;
        byte[] first = text.piece();
        if (first == null) {
            throw new DamagedBackupException("the file is empty");
        }
        digest.update(first);
        this.head = BackupHead.parse(first);
        for (BackupPart known : head.parts()) {
            if (counted.put(known.name(), new long[3]) != null) {
                throw new DamagedBackupException("collection " + known.name() + " is named twice in the first line");
            }
        }
    }

    /** @throws DamagedBackupException if it does not begin like a backup */
    static BackupReader open(Path file) throws IOException {
        BackupReader reader = null;
        BackupText text = null;
        try {
            text = new BackupText(BackupInput.strict(file), true);
            reader = new BackupReader(text);
            return reader;
        } catch (ZipException | EOFException e) {
            throw new DamagedBackupException("it is no whole gzip file");
        } finally {
            if (reader == null && text != null) {
                text.close();
            }
        }
    }

    BackupHead head() {
        return head;
    }

    /** How many records have been read, envelopes included. */
    long done() {
        return done;
    }

    /** The next record; null at the end, when everything has been found to be right. */
    @Nullable
    BackupLine next() throws IOException {
        if (totals != null) {
            return null;
        }
        byte[] piece;
        try {
            piece = text.piece();
        } catch (ZipException | EOFException e) {
            throw new DamagedBackupException("it is no whole gzip file, behind " + done + " records");
        }
        if (piece == null) {
            throw new DamagedBackupException("the file is cut, behind " + done + " records");
        }
        if (BackupText.isLast(piece)) {
            end(piece);
            return null;
        }
        digest.update(piece);
        if (!BackupText.isRecord(piece)) {
            throw new DamagedBackupException("there is something that is no record, behind " + done + " records");
        }
        BackupLine line;
        try {
            line = BackupLine.parse(piece);
        } catch (DamagedBackupException e) {
            throw new DamagedBackupException(e.problem() + ", behind " + done + " records");
        }
        inOrder(line);
        done++;
        return line;
    }

    private void inOrder(BackupLine line) {
        long[] counts = counted.get(line.collection());
        if (counts == null) {
            throw new DamagedBackupException("a record is of a collection that the first line does not name");
        }
        if (part < 0 || !head.parts().get(part).name().equals(line.collection())) {
            int next = part + 1;
            while (next < head.parts().size() && !head.parts().get(next).name().equals(line.collection())) {
                next++;
            }
            if (next == head.parts().size()) {
                throw new DamagedBackupException("the collections are mixed, behind " + done + " records");
            }
            part = next;
            last = null;
        }
        RecordId id = line.record().id();
        requireAscending(head.parts().get(part), id);
        last = id;
        counts[id.isEnvelope() ? 1 : 0]++;
        counts[2] += line.record().body().length;
    }

    private void requireAscending(BackupPart of, RecordId id) {
        if (of.idType() == IdType.LONG && !id.isEnvelope() && !isNumber(id.text())) {
            throw new DamagedBackupException("id " + id + " of " + of.name() + " is no number");
        }
        RecordId before = last;
        if (before != null && of.idType().order().compare(before, id) >= 0) {
            throw new DamagedBackupException("id " + id + " of " + of.name() + " comes twice, or out of order");
        }
    }

    /** As it is written canonically, see {@link IdType}: other texts of numbers have no order. */
    private static boolean isNumber(String text) {
        try {
            return Long.toString(Long.parseLong(text)).equals(text);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void end(byte[] piece) throws IOException {
        BackupTotals found = BackupTotals.parse(piece);
        digest.update(piece, 0, BackupTotals.checked(piece));
        if (!HexFormat.of().formatHex(digest.digest()).equals(found.sha256())) {
            throw new DamagedBackupException("the checksum is wrong");
        }
        if (text.piece() != null) {
            throw new DamagedBackupException("there is something behind the end");
        }
        List<Total> expected = new ArrayList<>();
        for (BackupPart known : head.parts()) {
            long[] counts = counted.getOrDefault(known.name(), new long[3]);
            expected.add(new Total(known.name(), counts[0], counts[1] > 0, counts[2]));
        }
        if (!expected.equals(found.collections())) {
            throw new DamagedBackupException("the counts are wrong");
        }
        totals = found;
    }

    /** What the last line says; once {@link #next} has returned null. */
    BackupTotals totals() {
        return java.util.Objects.requireNonNull(totals, "read to the end first");
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
