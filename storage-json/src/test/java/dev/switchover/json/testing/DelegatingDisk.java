package dev.switchover.json.testing;

import dev.switchover.json.directory.Disk;
import dev.switchover.json.directory.DiskFile;
import java.io.IOException;
import java.nio.file.Path;

/** The real disk, for disks that differ from it in something. */
class DelegatingDisk implements Disk {

    private final Disk real = Disk.real();

    @Override
    public DiskFile create(Path file) throws IOException {
        return real.create(file);
    }

    @Override
    public void copyMode(Path model, Path file) throws IOException {
        real.copyMode(model, file);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        real.rename(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
        real.delete(file);
    }

    @Override
    public void force(Path file) throws IOException {
        real.force(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        real.forceDirectory(directory);
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        real.createDirectory(directory);
    }
}
