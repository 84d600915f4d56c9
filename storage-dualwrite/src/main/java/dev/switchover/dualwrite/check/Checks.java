package dev.switchover.dualwrite.check;

import dev.switchover.dualwrite.check.CheckReport.Check;
import dev.switchover.dualwrite.check.CheckReport.State;
import dev.switchover.dualwrite.view.FilesView;
import dev.switchover.json.DirectoryLook;
import dev.switchover.postgres.PostgresStore;
import dev.switchover.postgres.SchemaLook;
import dev.switchover.postgres.SchemaMode;
import dev.switchover.postgres.ServerLook;
import dev.switchover.storage.StartRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.StoreUnavailableException;
import dev.switchover.storage.schema.CollectionSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks both stores' surroundings, without a lock and without changing anything. Used by one thread, once. */
public final class Checks {

    private final List<Check> checks = new ArrayList<>();
    private final List<CollectionSchema<?, ?>> schemas;

    /**
     * Where both stores are.
     *
     * @param trusted whether the operator insists on a network file system
     * @param database masked, or null if none is configured
     */
    public record Place(
            Path directory, boolean trusted, @Nullable String database) {}

    private Checks(List<CollectionSchema<?, ?>> schemas) {
        this.schemas = schemas;
    }

    /**
     * Checks what there is.
     *
     * @param postgres null if no database is configured
     */
    public static CheckReport run(
            Place place,
            FilesView files,
            @Nullable PostgresStore postgres,
            SchemaMode mode,
            List<CollectionSchema<?, ?>> schemas) {
        Checks all = new Checks(List.copyOf(schemas));
        all.directory(place.directory(), place.trusted());
        all.files(files);
        if (postgres == null) {
            all.add(
                    "postgresql.connection",
                    State.OK,
                    "no database is configured; set DATABASE_URL or DATABASE_URL_FILE before any phase but JSON_ONLY");
        } else {
            all.database(postgres, String.valueOf(place.database()), mode);
        }
        return new CheckReport(all.checks);
    }

    private void add(String name, State state, String detail) {
        checks.add(new Check(name, state, detail));
    }

    private void directory(Path directory, boolean trusted) {
        DirectoryLook look;
        try {
            look = DirectoryLook.of(directory);
        } catch (IOException e) {
            add("json.directory", State.UNREACHABLE, directory + " cannot be looked at; check its rights and its disk");
            return;
        }
        if (!look.exists()) {
            add("json.directory", State.WARNING, directory + " is not there; the first start makes it");
        } else if (!look.directory()) {
            add("json.directory", State.FAILED, directory + " is a file; name the folder");
        } else {
            String holder = look.holder().map(who -> "held by " + who).orElse("held by nobody");
            add("json.directory", State.OK, directory + ", " + holder);
        }
        if (!look.writable()) {
            add(
                    "json.rights",
                    State.FAILED,
                    "this user may not write in " + directory + "; run this as the service's user to know what it may");
        }
        if (look.network()) {
            add(
                    "json.fileSystem",
                    trusted ? State.WARNING : State.FAILED,
                    look.fileSystem()
                            + " is a network file system, whose locks and forces cannot be trusted; use a local"
                            + " disk");
        } else {
            add("json.fileSystem", State.OK, look.fileSystem() + ", " + look.usableBytes() / (1 << 20) + " MiB free");
        }
    }

    private void files(FilesView files) {
        try {
            files.now();
            for (CollectionSchema<?, ?> schema : schemas) {
                String file = schema.definition().fileName();
                boolean there = files.hasFile(schema) || files.entry(schema).isPresent();
                add(
                        "json.file." + schema.name(),
                        State.OK,
                        there ? file + ", " + files.count(schema) + " records" : file + " is not there yet");
            }
        } catch (StartRefusedException e) {
            boolean retired = e.code().equals("JSON-RETIRED");
            add("json.files", retired ? State.OK : State.FAILED, retired ? String.join("; ", e.facts()) : message(e));
        } catch (StorageException e) {
            add("json.files", State.FAILED, message(e));
        }
    }

    private void database(PostgresStore postgres, String where, SchemaMode mode) {
        try {
            ServerLook server = postgres.server();
            add(
                    "postgresql.connection",
                    State.OK,
                    where + " as " + server.role() + ", one round trip "
                            + server.roundTrip().toNanos() / 1000 + " µs");
            version(server);
            settings(server);
            rights(server);
            tables(postgres.look(), server, mode);
        } catch (StoreUnavailableException e) {
            add("postgresql.connection", State.UNREACHABLE, message(e));
        } catch (StartRefusedException e) {
            add("postgresql.session", State.FAILED, message(e));
        } catch (StorageException e) {
            add("postgresql.session", State.FAILED, message(e));
        }
    }

    private void version(ServerLook server) {
        String lacks = (server.advisoryLocks() ? "" : ", no advisory locks")
                + (server.transactionStatus() ? "" : ", cannot be asked what became of a transaction");
        add(
                "postgresql.version",
                State.OK,
                "server " + server.version() + lacks + ", driver " + server.driver()
                        + (server.flyway() ? ", Flyway" : ", no Flyway"));
    }

    private void settings(ServerLook server) {
        if (!server.takesWrites()) {
            add("postgresql.writes", State.FAILED, "the server takes no writes; name the primary in DATABASE_URL");
        }
        require(server, "server_encoding", "UTF8", State.FAILED, "it cannot hold every record; use ENCODING 'UTF8'");
        require(
                server,
                "transaction_isolation",
                "read committed",
                State.FAILED,
                "set default_transaction_isolation for the role");
        for (String durable : List.of("synchronous_commit", "fsync", "full_page_writes")) {
            if ("off".equals(server.settings().get(durable))) {
                add(
                        "postgresql." + durable,
                        State.WARNING,
                        durable + " is off: what was acknowledged can be lost when the server crashes");
            }
        }
        if ("0".equals(server.settings().get("statement_timeout"))) {
            add(
                    "postgresql.statement_timeout",
                    State.WARNING,
                    "there is none: a slow statement goes on after its caller has given up; set it for the role");
        }
    }

    private void require(ServerLook server, String setting, String value, State otherwise, String advice) {
        String found = server.settings().getOrDefault(setting, value);
        add(
                "postgresql." + setting,
                found.equals(value) ? State.OK : otherwise,
                found.equals(value) ? value : found + ": " + advice);
    }

    private void rights(ServerLook server) {
        add(
                "postgresql.rights",
                server.missingRights().isEmpty() ? State.OK : State.FAILED,
                server.missingRights().isEmpty()
                        ? "all that is needed"
                        : server.role() + " lacks " + String.join(", ", server.missingRights()) + "; GRANT them");
    }

    private void tables(SchemaLook look, ServerLook server, SchemaMode mode) {
        boolean made = mode == SchemaMode.APPLY && server.flyway();
        add(
                "postgresql.tables",
                look.own().isEmpty() ? State.OK : made ? State.WARNING : State.FAILED,
                look.own().isEmpty()
                        ? "the library's own are there"
                        : String.join(", ", look.own())
                                + (made ? "; a start makes them, or 'schema apply'" : "; see 'schema print'"));
        for (CollectionSchema<?, ?> schema : schemas) {
            SchemaLook.Table table = look.table(schema);
            String name = "postgresql.table." + schema.name();
            if (!table.problems().isEmpty()) {
                add(name, State.FAILED, String.join("; ", table.problems()));
            } else if (!table.missing().isEmpty()) {
                add(
                        name,
                        mode == SchemaMode.APPLY ? State.WARNING : State.FAILED,
                        table.name()
                                + (table.exists() ? " is to be changed" : " is not there yet")
                                + (mode == SchemaMode.APPLY
                                        ? "; a start does it, or 'schema apply'"
                                        : "; see 'schema print'"));
            } else {
                add(name, State.OK, table.name());
            }
        }
    }

    private static String message(StorageException e) {
        return String.valueOf(e.getMessage());
    }
}
