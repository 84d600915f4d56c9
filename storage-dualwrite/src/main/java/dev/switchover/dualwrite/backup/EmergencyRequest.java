package dev.switchover.dualwrite.backup;

import dev.switchover.dualwrite.backup.EmergencyWrites.One;
import dev.switchover.dualwrite.request.HeldStorage;
import dev.switchover.dualwrite.request.Request;
import dev.switchover.dualwrite.request.RequestHandler;
import dev.switchover.dualwrite.request.RequestProgress;
import dev.switchover.json.directory.Disk;
import dev.switchover.storage.BackupException;
import dev.switchover.storage.RecordExistsException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.Store;
import dev.switchover.storage.UnknownOutcomeException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Expected;
import dev.switchover.storage.spi.ParkedRecord;
import dev.switchover.storage.spi.PendingMark;
import dev.switchover.storage.spi.RecordCursor;
import dev.switchover.storage.spi.RecordStore;
import dev.switchover.storage.spi.Write;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Applies a write that was saved aside, where the directory is held: all of its records or none, and only if none of them is newer by
 * now. The file is renamed before and after, so that it is applied at most once, whatever dies. Thread-safe.
 */
public final class EmergencyRequest implements RequestHandler {

    public static final String KIND = "apply-emergency";

    private static final String FILE = "file";

    static Map<String, String> arguments(Path file) {
        return Map.of(FILE, file.toAbsolutePath().toString());
    }

    @Override
    public String handle(Request request, HeldStorage storage, RequestProgress progress) {
        Path file = Path.of(request.arguments().getOrDefault(FILE, ""));
        Path begun = file.resolveSibling(file.getFileName() + EmergencyFiles.BEGUN);
        Path applied = file.resolveSibling(file.getFileName() + EmergencyFiles.APPLIED);
        try {
            EmergencyWrites content = EmergencyWrites.parse(Files.readAllBytes(file));
            HeldSource source = new HeldSource(storage, KIND);
            List<Write> writes = new ArrayList<>();
            RecordStore target = null;
            for (One one : content.writes()) {
                CollectionSchema<?, ?> schema =
                        Chosen.of(storage.schemas(), List.of(one.collection())).get(0);
                Store store = source.authority(schema).store();
                if (target != null && target.store() != store) {
                    throw new BackupException(file, "The records in " + file + " are led by different stores by now");
                }
                target = served(storage, source, schema, store);
                if (content.maybeDone()) {
                    requireNotDone(file, target, schema, one);
                }
                requireNotDeletedSince(file, target, schema, one);
                writes.add(write(file, target, schema, one));
            }
            rename(file, begun);
            apply(Objects.requireNonNull(target, "a file without writes"), writes, file, begun);
            rename(begun, applied);
            return Json.write(Map.of("applied", String.valueOf(applied.getFileName()), "writes", writes.size()));
        } catch (DamagedBackupException e) {
            throw new BackupException(file, "The emergency file " + file + " is damaged: " + e.problem());
        } catch (IOException e) {
            throw new BackupException(file, "The emergency file " + file + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static void apply(RecordStore target, List<Write> writes, Path file, Path begun) throws IOException {
        try {
            target.write(writes);
        } catch (UnknownOutcomeException e) {
            throw e; // it stays begun: somebody has to look
        } catch (VersionConflictException | RecordExistsException e) {
            rename(begun, file);
            throw newer(file, e);
        } catch (StorageException e) {
            rename(begun, file);
            throw e;
        }
    }

    private static BackupException newer(Path file, StorageException cause) {
        return new BackupException(
                file,
                "The write in " + file + " was not applied, for there is something newer by now: " + cause.getMessage(),
                cause);
    }

    private static RecordStore served(
            HeldStorage storage, HeldSource source, CollectionSchema<?, ?> schema, Store store) {
        RecordStore target = source.store(store);
        if (storage.phase(schema).isEmpty()) {
            target.ledger().read(schema).ifPresent(entry -> target.serve(schema, entry.epoch()));
        }
        return target;
    }

    /** A new id tells nothing newer from the write itself, so the record is looked for by what it would be. */
    private static void requireNotDone(Path file, RecordStore target, CollectionSchema<?, ?> schema, One one) {
        if (one.operation() != EmergencyWrites.Operation.INSERT) {
            return;
        }
        try (RecordCursor stored = target.scan(schema)) {
            while (stored.hasNext()) {
                RawRecord record = stored.next();
                if (record.version() > one.newest()
                        && !record.id().isEnvelope()
                        && schema.sameContent(
                                record.body(), bytes(one.body() + record.id().text() + one.tail()))) {
                    throw new BackupException(
                            file,
                            "The write in " + file + " was not applied, for it seems to have happened: record "
                                    + record.id() + " of " + schema.name()
                                    + " is what it would make. If a second one is meant, make it by hand");
                }
            }
        }
    }

    /** A deletion leaves no version but in the mark of what the mirror has not yet. */
    private static void requireNotDeletedSince(Path file, RecordStore target, CollectionSchema<?, ?> schema, One one) {
        if (one.operation() == EmergencyWrites.Operation.INSERT) {
            return;
        }
        RecordId id = id(schema, one);
        if (target.pending().among(schema, List.of(id)).isEmpty()
                || target.find(schema, id).isPresent()) {
            return;
        }
        Stream<PendingMark> parked = target.pending().parked(schema).stream().map(ParkedRecord::mark);
        Stream<PendingMark> waiting = target.pending().marks(schema, Integer.MAX_VALUE).stream();
        if (Stream.concat(parked, waiting).anyMatch(mark -> mark.id().equals(id) && mark.version() > one.newest())) {
            throw new BackupException(
                    file,
                    "The write in " + file + " was not applied, for there is something newer by now: record " + id
                            + " of " + schema.name()
                            + " has been deleted since. If it is meant all the same, write it by hand");
        }
    }

    private static RecordId id(CollectionSchema<?, ?> schema, One one) {
        return one.id().isEmpty() ? RecordId.ENVELOPE : schema.parseId(one.id());
    }

    /** With an expectation in any case: what expected nothing must not meet anything newer than was known then. */
    private static Write write(Path file, RecordStore target, CollectionSchema<?, ?> schema, One one) {
        if (one.operation() == EmergencyWrites.Operation.INSERT) {
            return new Write.Insert(schema, bytes(one.body()), bytes(one.tail()));
        }
        RecordId id = id(schema, one);
        Long known = one.expected();
        Expected expected;
        if (known != null) {
            expected = known == 0 ? Expected.ABSENT : new Expected.Version(known);
        } else {
            RawRecord present = target.find(schema, id).orElse(null);
            if (present != null && present.version() > one.newest()) {
                throw newer(
                        file, new VersionConflictException(schema.name(), id.text(), one.newest(), present.version()));
            }
            expected = present == null ? Expected.ABSENT : new Expected.Version(present.version());
        }
        return switch (one.operation()) {
            case PUT -> new Write.Put(schema, id, bytes(one.body()), expected);
            case DELETE ->
                expected instanceof Expected.Absent
                        ? new Write.Check(schema, id, Expected.ABSENT)
                        : new Write.Delete(schema, id, expected);
            case CHECK, INSERT -> new Write.Check(schema, id, expected);
        };
    }

    private static byte[] bytes(@org.jspecify.annotations.Nullable String text) {
        return String.valueOf(text).getBytes(StandardCharsets.UTF_8);
    }

    private static void rename(Path from, Path to) throws IOException {
        Disk.real().rename(from, to);
        Path parent = to.toAbsolutePath().getParent();
        if (parent != null) {
            Disk.real().forceDirectory(parent);
        }
    }
}
