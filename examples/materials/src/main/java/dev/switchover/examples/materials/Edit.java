package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One cell that somebody changed.
 *
 * @param id made by the store; null before that
 * @param item its place in the section, from 0
 * @param field {@code price.ttc}
 * @param before what the cell held; null for nothing
 */
record Edit(
        @Nullable Long id,
        @Nullable Instant at,
        @Nullable String section,
        int item,
        @Nullable String field,
        @Nullable JsonNode before,
        @Nullable JsonNode after) {}
