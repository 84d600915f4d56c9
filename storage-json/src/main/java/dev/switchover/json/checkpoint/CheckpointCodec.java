package dev.switchover.json.checkpoint;

import dev.switchover.json.binary.ByteReader;
import dev.switchover.json.binary.ByteWriter;
import dev.switchover.json.file.FileStyle;
import dev.switchover.json.journal.LedgerCodec;
import dev.switchover.json.journal.SegmentName;
import dev.switchover.json.records.Halves;
import dev.switchover.json.records.Pending;
import dev.switchover.storage.Phase;
import dev.switchover.storage.schema.RecordId;
import dev.switchover.storage.spi.Alongside;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Checkpoints as bytes. */
public final class CheckpointCodec {

    private static final byte[] MAGIC = "SWOCHKP1".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 16;
    private static final int FORMAT = 1;
    /** A guess: it grows where that is not enough. */
    private static final int BYTES_OF_A_RECORD = 40;

    private CheckpointCodec() {}

    /** @param halved many records on two threads */
    static ByteBuffer write(Checkpoint checkpoint, boolean halved) {
        List<Checkpoint.Known> records = checkpoint.records();
        int middle = halved ? Halves.middle(records.size()) : records.size();
        List<Checkpoint.Known> others = records.subList(middle, records.size());
        Alongside<ByteWriter> second = others.isEmpty()
                ? null
                : Alongside.begin(
                        "switchover-json-checkpoint-half",
                        () -> known(new ByteWriter(BYTES_OF_A_RECORD * others.size()), others));
        ByteWriter to = new ByteWriter(1024 + BYTES_OF_A_RECORD * records.size());
        to.skip(HEADER);
        body(to, checkpoint);
        known(to, records.subList(0, middle));
        if (second != null) {
            ByteWriter rest = second.result();
            to.append(rest.array(), rest.size());
        }
        int length = to.size() - HEADER;
        ByteBuffer bytes = ByteBuffer.wrap(to.array(), 0, to.size());
        bytes.put(MAGIC).putInt(length).putInt(checksum(to.array(), HEADER, length));
        return bytes.rewind();
    }

    /** @throws IllegalStateException if it is damaged, or of another version */
    public static Checkpoint read(byte[] bytes) {
        if (bytes.length < HEADER || !Arrays.equals(bytes, 0, 8, MAGIC, 0, 8)) {
            throw new IllegalStateException("it does not begin as a checkpoint does");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes, 8, 8);
        int length = header.getInt();
        if (length != bytes.length - HEADER || header.getInt() != checksum(bytes, HEADER, length)) {
            throw new IllegalStateException("its checksum is wrong");
        }
        return body(new ByteReader(bytes, HEADER, length), true);
    }

    /** The file's style, from the beginning of a checkpoint; empty if it is not in there. */
    static Optional<FileStyle> style(byte[] beginning) {
        if (beginning.length < HEADER || !Arrays.equals(beginning, 0, 8, MAGIC, 0, 8)) {
            return Optional.empty();
        }
        try {
            ByteReader from = new ByteReader(beginning, HEADER, beginning.length - HEADER);
            return Optional.of(body(from, false).style());
        } catch (IllegalStateException tooLongOrNewer) {
            return Optional.empty();
        }
    }

    private static int checksum(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    /** All but the records themselves. */
    private static void body(ByteWriter to, Checkpoint from) {
        to.number(FORMAT)
                .fixed(from.directory().getMostSignificantBits())
                .fixed(from.directory().getLeastSignificantBits())
                .text(from.collection())
                .number(from.number())
                .number(from.sequence())
                .number(from.segment().term())
                .number(from.segment().number());
        FileDigest file = from.file();
        to.flag(file != null);
        if (file != null) {
            to.number(file.length()).text(file.sha256());
        }
        var entry = from.entry();
        to.flag(entry != null);
        if (entry != null) {
            LedgerCodec.write(to, entry);
        }
        Phase phase = from.phase();
        to.text(phase == null ? "" : phase.name());
        to.number(from.version())
                .number(from.highestId())
                .number(from.reserved())
                .number(from.lastWrite());
        to.number(from.pending().size());
        for (Pending pending : from.pending()) {
            String parked = pending.parked();
            to.text(pending.id().text())
                    .number(pending.version())
                    .number(pending.unit())
                    .number(pending.since())
                    .flag(parked != null)
                    .text(parked == null ? "" : parked);
        }
        texts(to, from.tokens());
        texts(to, from.history());
        style(to, from.style());
        to.flag(from.envelope() != null);
        if (from.envelope() != null) {
            known(to, from.envelope());
        }
        to.number(from.records().size());
    }

    private static ByteWriter known(ByteWriter to, List<Checkpoint.Known> records) {
        records.forEach(record -> known(to, record));
        return to;
    }

    private static Checkpoint body(ByteReader from, boolean withRecords) {
        long format = from.number();
        if (format != FORMAT) {
            throw new IllegalStateException("it was written by a newer version (format " + format + ")");
        }
        return new Checkpoint(
                new UUID(from.fixed(), from.fixed()),
                from.text(),
                from.number(),
                from.number(),
                new SegmentName(from.number(), from.number()),
                optional(from, reader -> new FileDigest(reader.number(), reader.text())),
                optional(from, LedgerCodec::readEntry),
                phase(from),
                from.number(),
                from.number(),
                from.number(),
                from.number(),
                list(from, CheckpointCodec::pending),
                list(from, ByteReader::text),
                list(from, ByteReader::text),
                style(from),
                withRecords ? optional(from, CheckpointCodec::known) : null,
                withRecords ? list(from, CheckpointCodec::known) : List.of());
    }

    private static void known(ByteWriter to, Checkpoint.Known record) {
        to.text(record.id().text())
                .number(record.version())
                .number(record.order())
                .fixed(record.hash());
    }

    private static Checkpoint.Known known(ByteReader from) {
        return new Checkpoint.Known(new RecordId(from.text()), from.number(), from.number(), from.fixed());
    }

    private static Pending pending(ByteReader from) {
        RecordId id = new RecordId(from.text());
        long version = from.number();
        long unit = from.number();
        long since = from.number();
        boolean isParked = from.flag();
        String reason = from.text();
        return new Pending(id, version, unit, since, isParked ? reason : null);
    }

    private static void style(ByteWriter to, FileStyle style) {
        to.text(style.before())
                .text(style.lead())
                .text(style.separator())
                .text(style.colon())
                .text(style.trail())
                .text(style.after())
                .number(style.base64().line())
                .text(style.base64().newline())
                .flag(style.base64().last());
    }

    private static FileStyle style(ByteReader from) {
        return new FileStyle(
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                from.text(),
                new FileStyle.Base64Style((int) from.number(), from.text(), from.flag()));
    }

    private static void texts(ByteWriter to, List<String> texts) {
        to.number(texts.size());
        texts.forEach(to::text);
    }

    private static @Nullable Phase phase(ByteReader from) {
        return from.isEmptyText() ? null : from.constant(Phase.class);
    }

    private static <E> @Nullable E optional(ByteReader from, Function<ByteReader, E> read) {
        return from.flag() ? read.apply(from) : null;
    }

    private static <E> List<E> list(ByteReader from, Function<ByteReader, E> read) {
        int size = from.count();
        List<E> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(read.apply(from));
        }
        return list;
    }
}
