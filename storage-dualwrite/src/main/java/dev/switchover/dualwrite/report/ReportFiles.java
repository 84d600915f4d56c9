package dev.switchover.dualwrite.report;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import dev.switchover.json.directory.StoreDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports beside the journal of a JSON store: one file each, so that nobody needs a lock. {@code
 * .switchover/reports/verify-expenses-20260105T101500.123Z-1a2b3c4d.json}. Thread-safe.
 */
public final class ReportFiles {

    private static final Logger LOG = LoggerFactory.getLogger("dev.switchover.reports");

    /** Sorts like the time it says. */
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String END = ".json";

    private final Path hidden;
    private final Path folder;
    private final Disk disk = Disk.real();

    /** @param directory the JSON store's; where it has never kept anything, nothing is written */
    public ReportFiles(Path directory) {
        this.hidden = new StoreDirectory(directory).hidden();
        this.folder = hidden.resolve("reports");
    }

    void add(Report report, int keep) {
        if (!Files.isDirectory(hidden)) {
            return;
        }
        String name = prefix(report.kind(), report.collection()) + STAMP.format(report.at()) + "-"
                + UUID.randomUUID().toString().substring(0, 8) + END;
        try {
            disk.createDirectory(folder);
            Path temporary = StoreDirectory.temporary(folder.resolve(name));
            try (DiskFile file = disk.create(temporary)) {
                file.write(ByteBuffer.wrap(report.json().getBytes(StandardCharsets.UTF_8)), 0);
                file.force();
            }
            disk.rename(temporary, folder.resolve(name));
            disk.forceDirectory(folder);
            List<Path> all = newestFirst(report.kind(), report.collection());
            for (Path old : all.subList(Math.min(keep, all.size()), all.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            LOG.warn(
                    "The report {} cannot be kept in {}: {}",
                    name,
                    folder,
                    e.getClass().getSimpleName());
        }
    }

    List<Report> last(String kind, String collection, int atMost) {
        List<Report> reports = new ArrayList<>();
        try {
            for (Path file : newestFirst(kind, collection)) {
                if (reports.size() == atMost) {
                    break;
                }
                String stamp = stamp(file, prefix(kind, collection));
                reports.add(new Report(kind, collection, STAMP.parse(stamp, Instant::from), Files.readString(file)));
            }
        } catch (IOException | DateTimeException e) {
            LOG.debug(
                    "Not every report in {} can be read: {}",
                    folder,
                    e.getClass().getSimpleName());
        }
        return reports;
    }

    private List<Path> newestFirst(String kind, String collection) throws IOException {
        String prefix = prefix(kind, collection);
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(
                folder, file -> stamp(file, prefix).length() == "20260105T101500.123Z".length())) {
            all.forEach(files::add);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        Collections.sort(files, Collections.reverseOrder());
        return files;
    }

    private static String prefix(String kind, String collection) {
        return kind + "-" + collection + "-";
    }

    /** Empty if the file is no report of this kind and collection. */
    private static String stamp(Path file, String prefix) {
        String name = String.valueOf(file.getFileName());
        int end = name.lastIndexOf('-');
        return name.startsWith(prefix) && name.endsWith(END) && end > prefix.length()
                ? name.substring(prefix.length(), end)
                : "";
    }
}
