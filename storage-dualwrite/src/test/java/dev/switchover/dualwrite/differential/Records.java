package dev.switchover.dualwrite.differential;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.DocumentLimits;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.TableLayout;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The collections a history plays with: ids of every kind, properties of every kind, files of every layout. */
final class Records {

    enum Colour {
        RED,
        GREEN
    }

    record Stats(int total, @Nullable BigDecimal mean) {}

    record Specimen(
            @Nullable Long id,
            @Nullable BigDecimal number,
            @Nullable Long whole,
            @Nullable Double approximate,
            @Nullable Boolean flag,
            @Nullable String text,
            @Nullable Colour colour,
            @Nullable UUID reference,
            @Nullable LocalDate day,
            @Nullable Instant moment,
            @Nullable Stats stats,
            @Nullable List<String> list) {}

    record Note(
            String id,
            @Nullable String text,
            @Nullable BigDecimal number,
            @Nullable Stats stats) {}

    record Tag(
            @Nullable UUID id,
            @Nullable String text,
            @Nullable Instant moment) {}

    record Place(
            String title,
            int year,
            @Nullable Double approximate,
            @Nullable String text) {}

    record PlaceId(String title, int year) {}

    static final DocumentLimits LIMITS = new DocumentLimits(30_000, 50, 3_000, 1_000, 512);

    private Records() {}

    static List<Shape<?, ?>> shapes(boolean columns) {
        TableLayout plain = columns ? TableLayout.columns() : TableLayout.document();
        TableLayout indexed = columns
                ? TableLayout.columns().flatten("stats").index("number", "text")
                : TableLayout.document().index("number", "text");
        return List.of(
                new Shape<>(CollectionDefinition.of("specimens", Specimen.class, Long.class)
                        .idGeneration(IdGeneration.SEQUENCE)
                        .json(JsonLayout.array().format(JsonLayout.Format.LINES))
                        .table(indexed)
                        .limits(LIMITS)
                        .build()),
                new Shape<>(CollectionDefinition.of("notes", Note.class, String.class)
                        .json(JsonLayout.objectKeyedById().in("/data/notes"))
                        .table(plain)
                        .limits(LIMITS)
                        .build()),
                new Shape<>(CollectionDefinition.of("tags", Tag.class, UUID.class)
                        .idGeneration(IdGeneration.RANDOM_UUID)
                        .json(JsonLayout.array()
                                .format(JsonLayout.Format.COMPACT)
                                .base64())
                        .table(plain)
                        .limits(LIMITS)
                        .build()),
                new Shape<>(CollectionDefinition.of("places", Place.class, PlaceId.class)
                        .table(indexed(columns))
                        .json(JsonLayout.array())
                        .limits(LIMITS)
                        .build()));
    }

    private static TableLayout indexed(boolean columns) {
        return columns
                ? TableLayout.columns().index("year", "title").column("year", "in_year")
                : TableLayout.document().index("year", "title");
    }
}
