package dev.switchover.postgres;

import dev.switchover.postgres.Database.Subject;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Many units of work of one table on two connections side by side; each half is a transaction of its own and has whole units. Let in,
 * and kept from coming late, as {@link PairedCopy} is. Guarded by the turn of {@link PostgresMirror}.
 */
final class PairedApply {

    /** Fewer are not worth a thread and a round trip more. */
    private static final int HALVED_FROM = 4_000;

    private final Database database;
    private final Supplier<Capabilities> capabilities;
    private final Halves halves;

    PairedApply(Database database, Supplier<Capabilities> capabilities, PostgresSettings settings) {
        this.database = database;
        this.capabilities = capabilities;
        this.halves = new Halves(database, settings);
    }

    /** Whether it is worth it: many records of one table of ours, in more than one unit of work. */
    boolean suits(List<List<MirrorChange>> units, Tables tables) {
        if (units.size() < 2 || units.stream().mapToInt(List::size).sum() < HALVED_FROM) {
            return false;
        }
        MirrorChange first = units.stream().flatMap(List::stream).findFirst().orElseThrow();
        return tables.of(first.schema(), first.id()).shape().side() == null
                && units.stream()
                        .flatMap(List::stream)
                        .allMatch(change -> change.schema() == first.schema()
                                && !change.id().isEnvelope())
                && halves.areTwoToSpare();
    }

    /** The units in their order, in two lists of about as many records. */
    static List<List<MirrorChange>> parted(List<List<MirrorChange>> units) {
        int all = units.stream().mapToInt(List::size).sum();
        List<MirrorChange> first = new ArrayList<>(all);
        List<MirrorChange> second = new ArrayList<>(all);
        for (List<MirrorChange> unit : units) {
            (first.size() < all / 2 ? first : second).addAll(unit);
        }
        return List.of(first, second);
    }

    /** @param all as one, for what the ledger is told */
    void apply(MirrorGroup all, List<List<MirrorGroup>> parts, long number, long before) {
        database.write(subject(all), connection -> {
            MirrorCopy.requireOpen(connection, all, number, before);
            return true;
        });
        halves.run(() -> apply(parts.get(0), number), () -> apply(parts.get(1), number));
    }

    /** One transaction. */
    boolean apply(List<MirrorGroup> half, long number) {
        if (half.isEmpty()) {
            return true;
        }
        Transaction transaction = Transaction.writing("");
        return database.transaction(subject(half.get(0)), transaction, connection -> {
            for (MirrorGroup group : half) {
                apply(connection, group, number);
            }
            capabilities.get().name(connection, transaction);
            return true;
        });
    }

    private static void apply(Connection connection, MirrorGroup group, long number) throws SQLException {
        try (PreparedStatement statement =
                        Bind.all(connection.prepareStatement(group.part()), group.partParameters(number));
                ResultSet row = statement.executeQuery()) {
            PostgresMirror.requireOpen(group, row, 0);
        }
    }

    private static Subject subject(MirrorGroup group) {
        return new Subject(group.table().schema().name(), null);
    }
}
