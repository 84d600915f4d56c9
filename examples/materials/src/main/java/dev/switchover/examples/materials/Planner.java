package dev.switchover.examples.materials;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.switchover.storage.CollectionDefinition;
import dev.switchover.storage.IdGeneration;
import dev.switchover.storage.JsonLayout;

/** What the service keeps: {@code materials.json}, whose sections are the records, and {@code edit-history.json}. */
final class Planner {

    /** Trees, for people put fields into the document that no class knows. */
    static final CollectionDefinition<ObjectNode, String> SECTIONS = CollectionDefinition.of(
                    "sections", ObjectNode.class, String.class)
            .json(JsonLayout.array().in("/sections").file("materials.json"))
            .build();

    static final CollectionDefinition<Edit, Long> EDITS = CollectionDefinition.of("edits", Edit.class, Long.class)
            .idGeneration(IdGeneration.SEQUENCE)
            .json(JsonLayout.array().file("edit-history.json"))
            .build();

    private Planner() {}
}
