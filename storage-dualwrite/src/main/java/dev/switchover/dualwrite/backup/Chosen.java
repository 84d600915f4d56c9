package dev.switchover.dualwrite.backup;

import dev.switchover.storage.BackupException;
import dev.switchover.storage.schema.CollectionSchema;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The collections somebody named. */
final class Chosen {

    private Chosen() {}

    /** Names separated by commas, or nothing. */
    static List<String> names(String list) {
        return list.isBlank() ? List.of() : List.of(list.split(","));
    }

    /** Those of the service; none for all. */
    static List<CollectionSchema<?, ?>> of(List<CollectionSchema<?, ?>> schemas, Collection<String> names) {
        if (names.isEmpty()) {
            return schemas;
        }
        List<CollectionSchema<?, ?>> chosen = new ArrayList<>();
        for (CollectionSchema<?, ?> schema : schemas) {
            if (names.contains(schema.name())) {
                chosen.add(schema);
            }
        }
        requireKnown(schemas, names);
        return chosen;
    }

    /**
     * Those of a backup; none for all.
     *
     * @throws BackupException if the backup lacks one, or cannot be restored
     */
    static List<CollectionSchema<?, ?>> of(
            Archive archive, List<CollectionSchema<?, ?>> schemas, Collection<String> names) {
        if (!archive.problems().isEmpty()) {
            throw new BackupException(
                    archive.file(),
                    "The backup " + archive.name() + " cannot be restored: " + String.join("; ", archive.problems())
                            + ". Nothing was changed");
        }
        Collection<String> wanted = names.isEmpty()
                ? archive.head().parts().stream().map(BackupPart::name).toList()
                : names;
        List<CollectionSchema<?, ?>> chosen = of(schemas, wanted);
        for (CollectionSchema<?, ?> schema : chosen) {
            BackupPart part = archive.part(schema);
            if (part.idType() != schema.idType()) {
                throw new BackupException(
                        archive.file(),
                        "The ids of " + schema.name() + " are " + part.idType() + " in the backup and "
                                + schema.idType() + " in the service; nothing was changed");
            }
        }
        return chosen;
    }

    private static void requireKnown(List<CollectionSchema<?, ?>> schemas, Collection<String> names) {
        for (String name : names) {
            if (schemas.stream().noneMatch(schema -> schema.name().equals(name))) {
                throw new BackupException(
                        null,
                        "There is no collection \"" + name + "\" in the service; there is "
                                + String.join(
                                        ", ",
                                        schemas.stream()
                                                .map(CollectionSchema::name)
                                                .toList())
                                + ". Name those that are meant");
            }
        }
    }
}
