package dev.switchover.json.testing;

import java.nio.file.Path;

/** The real disk, which says that it is of another kind. */
public final class DiskOfType extends DelegatingDisk {

    private final String type;

    public DiskOfType(String type) {
        this.type = type;
    }

    @Override
    public String fileSystemType(Path file) {
        return type;
    }
}
