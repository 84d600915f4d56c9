package dev.switchover.dualwrite.retire;

import dev.switchover.dualwrite.request.MessageFile;
import dev.switchover.dualwrite.retire.RetireReport.ArchivedFile;
import dev.switchover.json.checkpoint.FileDigest;
import dev.switchover.json.directory.DirectoryLock;
import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.StoreDirectory;
import dev.switchover.storage.RequestFailedException;
import dev.switchover.storage.Store;
import dev.switchover.storage.StoreUnavailableException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A directory whose files were archived: {@code .switchover/retired.json} says so, and no store opens it. Thread-safe.
 */
public final class RetiredDirectory {

    private static final int LONGEST = 4 << 20;

    private final StoreDirectory directory;
    private final MessageFile note;

    public RetiredDirectory(Path directory) {
        this.directory = new StoreDirectory(directory.toAbsolutePath());
        this.note = new MessageFile(this.directory.retired(), LONGEST);
    }

    /** Whether the note is there. */
    public boolean isRetired() {
        return Files.exists(directory.retired(), LinkOption.NOFOLLOW_LINKS);
    }

    /** What the note says; empty if there is none. */
    Optional<RetireReport> read() {
        try {
            return note.read().map(text -> RetireReport.fromJson(new String(text, StandardCharsets.UTF_8)));
        } catch (IOException | IllegalArgumentException e) {
            throw new RequestFailedException(
                    Retirement.KIND,
                    note.path() + " cannot be read; put it back from a backup, or move the whole directory away",
                    e);
        }
    }

    void write(RetireReport report) throws IOException {
        note.write(
                report.toJson().getBytes(StandardCharsets.UTF_8),
                UUID.randomUUID().toString());
    }

    /** Takes the note away: the directory has files again. */
    public void forget() {
        try {
            note.delete();
            Disk.real().forceDirectory(directory.hidden());
        } catch (IOException e) {
            throw new StoreUnavailableException(Store.JSON, note.path() + " cannot be deleted", e);
        }
    }

    /**
     * Deletes what the archive has: each file if it is still the one that was archived, and the store's own bookkeeping. Done again
     * where it was broken off.
     *
     * @return the files that were left, for they have changed since
     */
    List<String> clear(RetireReport report, Clock clock) {
        try {
            DirectoryLock.Answer answer = DirectoryLock.ask(Disk.real(), directory, clock.instant());
            if (!(answer instanceof DirectoryLock.Answer.Granted granted)) {
                throw new RequestFailedException(
                        Retirement.KIND, "Another process has the directory at present; try again to clear it away");
            }
            try (DirectoryLock lock = granted.lock()) {
                return clear(report, lock);
            }
        } catch (IOException e) {
            throw new StoreUnavailableException(
                    Store.JSON,
                    "The files are in the archive " + report.archive() + ", but could not all be deleted; try again",
                    e);
        }
    }

    private List<String> clear(RetireReport report, DirectoryLock lock) throws IOException {
        Disk disk = Disk.real();
        List<String> left = new ArrayList<>();
        for (ArchivedFile one : report.files()) {
            Path file = directory.user(one.file());
            FileDigest digest = FileDigest.of(file);
            if (digest != null && digest.sha256().equals(one.sha256()) && lock.isHeld()) {
                disk.delete(file);
            } else if (digest != null) {
                left.add(one.file());
            }
        }
        disk.forceDirectory(directory.root());
        try (DirectoryStream<Path> own = Files.newDirectoryStream(directory.hidden(), "{checkpoint,journal}-*")) {
            for (Path file : own) {
                disk.delete(file);
            }
        }
        disk.forceDirectory(directory.hidden());
        return left;
    }
}
