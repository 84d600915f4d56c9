package dev.switchover.dualwrite.backup;

import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a backup's file, {@code backup-20261121T020000.000Z-scheduled.json.gz}: in the order of the names they are in the order
 * of their times.
 *
 * @param number from 1; tells backups of one millisecond apart
 */
record BackupName(Instant time, BackupKind kind, int number, BackupEncoding encoding) {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile(
            "backup-(\\d{8}T\\d{6}\\.\\d{3}Z)-([a-z]+(?:-[a-z]+)*)(?:-(\\d{1,6}))?(\\.json(?:\\.gz|\\.b64)?)");

    static Optional<BackupName> parse(Path file) {
        Matcher matcher = NAME.matcher(String.valueOf(file.getFileName()));
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int number = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
        try {
            Instant time = STAMP.parse(matcher.group(1), Instant::from);
            return BackupKind.of(matcher.group(2))
                    .flatMap(kind -> encoding(matcher.group(4)).map(how -> new BackupName(time, kind, number, how)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<BackupEncoding> encoding(String suffix) {
        for (BackupEncoding encoding : BackupEncoding.values()) {
            if (encoding.suffix().equals(suffix)) {
                return Optional.of(encoding);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return "backup-" + STAMP.format(time) + "-" + kind.word() + (number == 1 ? "" : "-" + number)
                + encoding.suffix();
    }
}
