package dev.switchover.json.testing;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.nio.file.Path;

/** The real disk, which says that it is of another kind. */
public record DiskOfType(String type) implements Disk {

    @Override
    public DiskFile create(Path file) throws IOException {
        return Disk.real().create(file);
    }

    @Override
    public void copyMode(Path model, Path file) throws IOException {
        Disk.real().copyMode(model, file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Disk.real().rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        Disk.real().delete(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        Disk.real().forceDirectory(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        Disk.real().createDirectory(directory);
    }

    @Override
    public String fileSystemType(Path file) {
        return type;
    }
}
