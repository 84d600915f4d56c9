package dev.switchover.examples.videos;

import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.JsonLayout;
import dev.switchover.storage.JsonLayout.Encoding;
import dev.switchover.storage.JsonLayout.Format;
import dev.switchover.storage.TableLayout;

/** What is kept: {@code results.json}, an object keyed by video with nothing to spare, or the table {@code videos}. */
final class Videos {

    static final String FILE = "results.json";
    static final String COPY = "results.json.b64";

    static final CollectionDefinition<Video, String> VIDEOS = CollectionDefinition.of(
                    "videos", Video.class, String.class)
            .id("video_id")
            .json(JsonLayout.objectKeyedById().format(Format.COMPACT).file(FILE).copy(COPY, Encoding.BASE64))
            .table(TableLayout.columns()
                    .flatten("stats")
                    // The exact text; QueryColumns has the same as jsonb, under the plain names.
                    .column("counts", "counts_text")
                    .column("suspect_counts", "suspect_counts_text")
                    .column("positions", "positions_text")
                    .index("processed_at"))
            .build();

    private Videos() {}
}
