package dev.switchover.dualwrite.backup;

/**
 * A record that a scan found, without its values.
 *
 * @param source the name of a {@link RecoveryScan.Source}
 * @param version 0 if it is not known
 * @param newest whether it is the one that recovering would take
 */
public record FoundRecord(String collection, String id, String source, long version, boolean newest) {

    public String toJson() {
        return Json.write(this);
    }
}
