package dev.switchover.storage.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/** A record whose properties have names that would do harm if they ever became SQL. */
public record Hostile(
        String id,
        @JsonProperty(QUOTES) String quotes,
        @JsonProperty(APOSTROPHES) String apostrophes,
        @JsonProperty(DOLLARS) String dollars) {

    public static final String QUOTES = "a\"; DROP TABLE victim; --";
    public static final String APOSTROPHES = "b'; DROP TABLE victim; --";
    public static final String DOLLARS = "$$ ? :c \\";
}
