package dev.switchover.dualwrite;

import dev.switchover.json.export.ExportedFile;
import dev.switchover.json.export.FileForm;
import dev.switchover.storage.Query;
import dev.switchover.storage.Read;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.VersionConflictException;
import dev.switchover.storage.schema.CollectionSchema;
import dev.switchover.storage.schema.RawRecord;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.RecordAccess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Collections as their files would be at this moment, whichever store answers. Thread-safe. */
final class WholeFiles {

    /** Each lost attempt is an envelope that others have written meanwhile. */
    private static final int ATTEMPTS = 1_000;

    private final RecordAccess access;
    private final @Nullable Path directory;
    private final Map<CollectionSchema<?, ?>, FileForm> forms = new ConcurrentHashMap<>();

    /** @param directory where the files are whose form is kept; null if there is none */
    WholeFiles(RecordAccess access, @Nullable Path directory) {
        this.access = access;
        this.directory = directory;
    }

    Read<byte[]> read(CollectionSchema<?, ?> schema) {
        AtomicReference<@Nullable Instant> oldest = new AtomicReference<>();
        RecordAccess observed = access.observing(copyTime -> oldest.accumulateAndGet(
                copyTime, (known, next) -> known == null || (next != null && next.isBefore(known)) ? next : known));
        byte[] text = schema.definition().jsonLayout().hasEnvelope()
                ? withEnvelope(schema, observed)
                : text(schema, null, records(schema, observed));
        return new Read<>(text, oldest.get());
    }

    /**
     * Envelope and records are two reads. They are of one moment if the envelope has one version before and after: versions are
     * never given again.
     */
    private byte[] withEnvelope(CollectionSchema<?, ?> schema, RecordAccess from) {
        Optional<RawRecord> before = from.find(schema, RecordId.ENVELOPE);
        for (int attempt = 1; ; attempt++) {
            List<RawRecord> records = records(schema, from);
            Optional<RawRecord> after = from.find(schema, RecordId.ENVELOPE);
            if (version(before) == version(after)) {
                return text(schema, after.map(RawRecord::body).orElse(null), records);
            }
            if (attempt == ATTEMPTS) {
                throw new VersionConflictException(
                        schema.name(), RecordId.ENVELOPE.text(), version(before), version(after));
            }
            before = after;
        }
    }

    private static long version(Optional<RawRecord> envelope) {
        return envelope.map(RawRecord::version).orElse(0L);
    }

    private static List<RawRecord> records(CollectionSchema<?, ?> schema, RecordAccess from) {
        return from.list(schema, Query.all());
    }

    private byte[] text(CollectionSchema<?, ?> schema, byte @Nullable [] envelope, List<RawRecord> records) {
        try {
            FileForm form = forms.get(schema);
            if (form == null) {
                form = directory == null ? FileForm.standard(schema) : FileForm.of(directory, schema);
                forms.put(schema, form);
            }
            return ExportedFile.text(schema, form, envelope, records);
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON, "The form of " + schema.name() + "'s file could not be read: " + e.getMessage(), e);
        }
    }
}
