package dev.switchover.dualwrite.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.spi.LedgerEntry;
import org.jspecify.annotations.Nullable;

/** Which state of which data set a file was exported from. */
record Origin(String lineage, long epoch, long version) {

    static Origin of(LedgerEntry entry) {
        return new Origin(
                entry.lineage().toString(), entry.epoch(), entry.position().version());
    }

    /** Null if nothing is known. */
    static @Nullable Origin read(JsonNode json) {
        return json.isObject()
                ? new Origin(
                        json.path("lineage").asText(),
                        json.path("epoch").asLong(),
                        json.path("version").asLong())
                : null;
    }

    void write(ObjectNode json) {
        json.put("lineage", lineage).put("epoch", epoch).put("version", version);
    }

    /** Why a file of this origin must not take the place of one of that origin; null if it may. */
    @Nullable
    String objection(Origin before) {
        if (!lineage.equals(before.lineage())) {
            return "is of another data set";
        }
        boolean behind = epoch < before.epoch() || (epoch == before.epoch() && version < before.version());
        return behind ? "is of a later state than what would be exported: the store went back in time" : null;
    }
}
