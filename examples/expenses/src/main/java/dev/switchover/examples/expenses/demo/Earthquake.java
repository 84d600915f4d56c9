package dev.switchover.examples.expenses.demo;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An earthquake of the USGS feed. The file's records have more than this class knows ({@code geometry}), and {@code
 * properties} is whatever the feed says.
 */
public record Earthquake(@Nullable String type, @Nullable Map<String, @Nullable Object> properties, String id) {

    /** Nested in a GeoJSON envelope, as documents. */
    static final CollectionDefinition<Earthquake, String> EARTHQUAKES = CollectionDefinition.of(
                    "earthquakes", Earthquake.class, String.class)
            .json(JsonLayout.array().in("/features").format(JsonLayout.Format.LINES))
            .build();
}
