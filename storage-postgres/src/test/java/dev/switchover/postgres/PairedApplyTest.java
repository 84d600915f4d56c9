package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.absent;
import static dev.switchover.postgres.Fixture.fence;
import static dev.switchover.postgres.Fixture.fences;
import static dev.switchover.postgres.Fixture.present;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.switchover.storage.FencedException;
import dev.switchover.storage.RecordRefusedException;
import dev.switchover.storage.StorageException;
import dev.switchover.storage.spi.Fence;
import dev.switchover.storage.spi.LedgerEntry;
import dev.switchover.storage.spi.MirrorChange;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PairedApplyTest {

    private static final int MANY = 6_000;

    private Fixture fixture;

    @BeforeEach
    void open() {
        fixture = Fixture.create();
        fixture.follow(fixture.documents);
        fixture.store
                .mirrorTarget()
                .load(
                        fixture.documents,
                        fence(),
                        LongStream.rangeClosed(1, MANY)
                                .mapToObj(id -> present(fixture.documents, id, id, "before"))
                                .iterator());
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    /** Six units of a thousand records; of each the first is deleted. */
    private List<List<MirrorChange>> units() {
        List<List<MirrorChange>> units = new ArrayList<>();
        for (long from = 1; from < MANY; from += 1_000) {
            List<MirrorChange> unit = new ArrayList<>();
            unit.add(absent(fixture.documents, from, MANY + from));
            for (long id = from + 1; id < from + 1_000; id++) {
                unit.add(present(fixture.documents, id, MANY + id, "after"));
            }
            units.add(unit);
        }
        return units;
    }

    private void applyApart(List<List<MirrorChange>> units) {
        fixture.store.mirrorTarget().applyApart(fences(fixture.documents), units, Map.of(fixture.documents, 70_000L));
    }

    private String ask(String sql) throws SQLException {
        return fixture.ask(sql);
    }

    private void requireAllApplied() throws SQLException {
        assertThat(ask("SELECT count(*) || ' of ' || min(switchover_version) FROM documents"))
                .isEqualTo((MANY - 6) + " of " + (MANY + 2));
        assertThat(ask("SELECT count(*) FROM documents WHERE body->>'name' = 'after'"))
                .isEqualTo(Integer.toString(MANY - 6));
    }

    @Test
    void many_units_are_applied_on_two_connections() throws SQLException {
        applyApart(units()); // taken for new ones, and begun as such
        assertThat(ask("SELECT count(DISTINCT xmin::text) FROM documents")).isEqualTo("2");
        requireAllApplied();

        applyApart(units());
        assertThat(ask("SELECT count(DISTINCT xmin::text) FROM documents")).isEqualTo("2");
        requireAllApplied();
        LedgerEntry entry = fixture.store.ledger().read(fixture.documents).orElseThrow();
        assertThat(entry.highestId()).isEqualTo(70_000);
        assertThat(entry.position().version()).isEqualTo(2 * MANY);
    }

    @Test
    void a_half_that_is_refused_leaves_the_other_and_no_part_of_a_unit() throws SQLException {
        fixture.sql("ALTER TABLE documents ADD CONSTRAINT small CHECK (id <> 5500 OR switchover_version < 6000)");
        assertThatThrownBy(() -> applyApart(units())).isInstanceOf(RecordRefusedException.class);
        assertThat(
                        ask(
                                "SELECT string_agg(unit || ' ' || applied, ', ' ORDER BY unit) FROM (SELECT (id - 1) / 1000 AS unit,"
                                        + " count(*) FILTER (WHERE switchover_version > 6000) AS applied FROM documents GROUP BY 1) u"))
                .isEqualTo("0 999, 1 999, 2 999, 3 0, 4 0, 5 0");

        fixture.sql("ALTER TABLE documents DROP CONSTRAINT small");
        applyApart(units());
        requireAllApplied();
    }

    @Test
    void a_half_whose_connection_is_lost_is_made_up_for_by_the_next_apply() throws SQLException {
        fixture.sql(
                "CREATE FUNCTION end_of_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.id = 500 THEN PERFORM"
                        + " pg_terminate_backend(pg_backend_pid()); END IF; RETURN NEW; END $$");
        fixture.sql("CREATE TRIGGER end_of_it BEFORE UPDATE ON documents FOR EACH ROW EXECUTE FUNCTION end_of_it()");
        assertThatThrownBy(() -> applyApart(units())).isInstanceOf(StorageException.class);
        assertThat(ask("SELECT count(*) FROM documents WHERE switchover_version > 6000"))
                .isEqualTo("2997");

        fixture.sql("DROP TRIGGER end_of_it ON documents");
        applyApart(units());
        requireAllApplied();
    }

    @Test
    void a_half_that_comes_after_the_next_apply_changes_nothing() {
        Tables tables = new Tables(List.of(fixture.documents), new Names(null), Capabilities.NONE);
        List<MirrorGroup> late = MirrorGroup.of(units().get(0), fences(fixture.documents), Map.of(), tables);
        try (Database database = new Database(fixture.settings(), connection -> {})) {
            PairedApply paired = new PairedApply(database, () -> Capabilities.NONE, fixture.settings());
            assertThatThrownBy(() -> paired.apply(late, 1)).isInstanceOf(FencedException.class);
        }
        assertThat(fixture.store
                        .find(fixture.documents, units().get(0).get(5).id())
                        .orElseThrow()
                        .version())
                .isLessThan(MANY);
    }

    @Test
    void nothing_is_let_in_under_another_term() throws SQLException {
        assertThatThrownBy(() -> fixture.store
                        .mirrorTarget()
                        .applyApart(Map.of(fixture.documents, new Fence(1, 9)), units(), Map.of()))
                .isInstanceOf(FencedException.class);
        assertThat(ask("SELECT max(switchover_version) FROM documents")).isEqualTo(Integer.toString(MANY));
    }

    @Test
    void units_are_parted_into_halves_whole_and_in_their_order() {
        List<List<MirrorChange>> units = units();
        List<List<MirrorChange>> halves = PairedApply.parted(units);
        assertThat(halves.get(0)).hasSize(MANY / 2);
        assertThat(halves.get(1)).hasSize(MANY / 2);
        List<MirrorChange> all = new ArrayList<>(halves.get(0));
        all.addAll(halves.get(1));
        assertThat(all)
                .containsExactlyElementsOf(units.stream().flatMap(List::stream).toList());
    }
}
