package dev.switchover.postgres.testing;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Apart from {@link TestServer}, so that Testcontainers is loaded only where it is asked for. */
final class TestContainer {

    private static final String IMAGE = "postgres:18";

    private TestContainer() {}

    static boolean dockerIsAvailable() {
        return DockerClientFactory.instance().isDockerAvailable();
    }

    static TestServer start(boolean durable, String maxConnections) {
        String force = durable ? "on" : "off";
        @SuppressWarnings("resource") // It lives as long as the JVM; Testcontainers removes it afterwards.
        PostgreSQLContainer container = new PostgreSQLContainer(IMAGE);
        container.setCommand(
                "postgres",
                "-c",
                "fsync=" + force,
                "-c",
                "full_page_writes=" + force,
                "-c",
                "synchronous_commit=" + force,
                "-c",
                "max_connections=" + maxConnections);
        container.start();
        return new TestServer(
                container.getHost() + ":" + container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT),
                container.getDatabaseName(),
                container.getUsername(),
                container.getPassword(),
                "");
    }
}
