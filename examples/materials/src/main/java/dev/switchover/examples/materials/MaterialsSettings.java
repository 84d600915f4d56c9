package dev.switchover.examples.materials;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What {@code application.properties} says about the service itself. Immutable. */
@Component
class MaterialsSettings {

    private final Path directory;
    private final @Nullable String adminToken;
    private final boolean embeddedDatabase;
    private final boolean sampleData;

    /** A switch without a value is on. */
    MaterialsSettings(
            @Value("${materials.directory}") Path directory,
            @Value("${materials.admin-token}") String adminToken,
            @Value("${embedded-database:false}") String embeddedDatabase,
            @Value("${sample-data:false}") String sampleData) {
        this.directory = directory.toAbsolutePath().normalize();
        this.adminToken = adminToken.isEmpty() ? null : adminToken;
        this.embeddedDatabase = !embeddedDatabase.equals("false");
        this.sampleData = !sampleData.equals("false");
    }

    Path directory() {
        return directory;
    }

    /** Null if nobody may ask as an operator. */
    @Nullable
    String adminToken() {
        return adminToken;
    }

    boolean embeddedDatabase() {
        return embeddedDatabase;
    }

    boolean sampleData() {
        return sampleData;
    }
}
