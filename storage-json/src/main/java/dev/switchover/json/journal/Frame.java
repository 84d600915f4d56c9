package dev.switchover.json.journal;

import java.util.List;

/**
 * One step of the store: its changes happen together or not at all.
 *
 * @param sequence counts frames without a gap
 * @param millis when it was written, since the epoch; for people only
 */
public record Frame(long sequence, long millis, List<Change> changes) {}
