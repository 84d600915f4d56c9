package dev.switchover.dualwrite.retire;

import dev.switchover.dualwrite.retire.RetireReport.ArchivedFile;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** A zip file of JSON files: written beside its place, forced, read back file by file, renamed. Thread-safe, without state. */
final class Archive {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String MANIFEST = "manifest.json";

    /** @param sha256 of the zip file */
    record Written(Path file, String sha256) {}

    private final Disk disk;

    Archive(Disk disk) {
        this.disk = disk;
    }

    /**
     * Writes the archive, and its checksum beside it.
     *
     * @param directory where the files are
     * @throws IOException if it cannot be written, or is not read back as it should be; then there is none
     */
    Written write(Path directory, Path folder, List<ArchivedFile> files, String manifest, Instant at)
            throws IOException {
        disk.createDirectory(folder);
        Path archive = folder.resolve("retired-" + TIME.format(at) + ".zip");
        if (Files.exists(archive)) {
            throw new IOException(archive + " is there already");
        }
        Path temporary = StoreDirectory.temporary(archive);
        disk.delete(temporary);
        boolean done = false;
        try {
            pack(temporary, directory, files, manifest);
            verify(temporary, files);
            FileDigest digest = FileDigest.of(temporary);
            if (digest == null) {
                throw new IOException(temporary + " is gone");
            }
            disk.rename(temporary, archive);
            writeChecksum(archive, digest.sha256());
            disk.forceDirectory(folder);
            done = true;
            return new Written(archive, digest.sha256());
        } finally {
            if (!done) {
                disk.delete(temporary);
            }
        }
    }

    private void pack(Path to, Path directory, List<ArchivedFile> files, String manifest) throws IOException {
        try (DiskFile file = disk.create(to)) {
            ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(new Output(file), 1 << 16));
            for (ArchivedFile one : files) {
                zip.putNextEntry(new ZipEntry(one.file()));
                Files.copy(directory.resolve(one.file()), zip);
                zip.closeEntry();
            }
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(manifest.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
            zip.finish();
            zip.flush();
            file.force();
        }
    }

    private static void verify(Path archive, List<ArchivedFile> files) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile(), StandardCharsets.UTF_8)) {
            for (ArchivedFile one : files) {
                ZipEntry entry = zip.getEntry(one.file());
                if (entry == null) {
                    throw new IOException("the archive was read back without " + one.file());
                }
                try (InputStream content = zip.getInputStream(entry)) {
                    if (!sha256(content).equals(one.sha256())) {
                        throw new IOException(
                                "the archive was read back with another " + one.file() + " than was exported");
                    }
                }
            }
            if (zip.getEntry(MANIFEST) == null) {
                throw new IOException("the archive was read back without " + MANIFEST);
            }
        }
    }

    private static String sha256(InputStream content) throws IOException {
        MessageDigest digest = FileDigest.newDigest();
        byte[] buffer = new byte[1 << 16];
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** As {@code sha256sum -c} reads it. */
    private void writeChecksum(Path archive, String sha256) throws IOException {
        Path file = archive.resolveSibling(archive.getFileName() + ".sha256");
        disk.delete(file);
        try (DiskFile opened = disk.create(file)) {
            String line = sha256 + "  " + archive.getFileName() + "\n";
            opened.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), 0);
            opened.force();
        }
    }

    private static final class Output extends OutputStream {

        private final DiskFile file;
        private long length;

        Output(DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            file.write(ByteBuffer.wrap(bytes, from, count), length);
            length += count;
        }
    }
}
