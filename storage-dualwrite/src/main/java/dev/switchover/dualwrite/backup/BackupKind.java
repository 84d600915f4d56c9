package dev.switchover.dualwrite.backup;

import java.util.Locale;
import java.util.Optional;

/** Why a backup was made. */
public enum BackupKind {
    /** Somebody asked for it. */
    MANUAL,
    /** It was time. */
    SCHEDULED,
    /** A batch of writes was about to be made. */
    BEFORE_WRITE_BATCH,
    /** A restore was about to change something. */
    BEFORE_RESTORE,
    /** Another store was about to become the authority; this is what the old one had. */
    BEFORE_SWITCHOVER,
    /** JSON was about to be retired. */
    BEFORE_RETIREMENT,
    /** Something had gone wrong. */
    EMERGENCY;

    /** In a file's name and in its head: {@code before-restore}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whether cleaning up leaves it alone, however old it is. */
    public boolean isProtected() {
        return this == BEFORE_RESTORE || this == BEFORE_SWITCHOVER || this == BEFORE_RETIREMENT || this == EMERGENCY;
    }

    static Optional<BackupKind> of(String word) {
        for (BackupKind kind : values()) {
            if (kind.word().equals(word)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
