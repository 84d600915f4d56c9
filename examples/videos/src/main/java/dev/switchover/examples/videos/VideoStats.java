package dev.switchover.examples.videos;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What was counted in one video; in the table a column each, {@code stats_words} and so on.
 *
 * @param scriptureReferences how many there are, repeated ones included
 * @param suspects names of books that may be something else, and chapters that no book has
 */
record VideoStats(
        int words,
        @JsonProperty("scripture_references") int scriptureReferences,
        @JsonProperty("distinct_references") int distinctReferences,
        int suspects) {}
