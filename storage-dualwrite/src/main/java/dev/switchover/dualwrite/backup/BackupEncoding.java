package dev.switchover.dualwrite.backup;

/** How a backup's JSON text lies in its file. A file is read by what it holds, whatever its name is. */
public enum BackupEncoding {
    PLAIN(".json"),
    /** Several members one behind the other, so that damage costs what is near it. */
    GZIP(".json.gz"),
    /** In lines of 76 characters, so that damage costs what is near it. */
    BASE64(".json.b64");

    private final String suffix;

    BackupEncoding(String suffix) {
        this.suffix = suffix;
    }

    /** How names of such files end. */
    public String suffix() {
        return suffix;
    }
}
