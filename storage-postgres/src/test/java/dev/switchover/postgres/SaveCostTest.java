package dev.switchover.postgres;

import static dev.switchover.postgres.Fixture.put;

import dev.switchover.storage.spi.Mirroring;
import dev.switchover.storage.spi.Write;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Prints what a single save costs beside the raw driver, in turns on one server; not a gate. */
@Tag("slow")
class SaveCostTest {

    private static final int ROUNDS = 12;
    private static final int CALLS = 400;

    private interface Call {
        void run(int i) throws Exception;
    }

    @Test
    void a_single_save_beside_the_raw_driver() throws Exception {
        try (Fixture off = Fixture.durable(Mirroring.OFF);
                Fixture on = Fixture.durable(Mirroring.ON);
                Connection raw = off.database.connect();
                PreparedStatement upsert = raw.prepareStatement(
                        "INSERT INTO plain (id, body) VALUES (?, ?::json) ON CONFLICT (id) DO UPDATE SET body ="
                                + " EXCLUDED.body")) {
            off.sql("CREATE TABLE plain (id bigint PRIMARY KEY, body json NOT NULL)");
            String text = Fixture.text(Fixture.item(7, "n".repeat(200)));
            Call plain = i -> {
                upsert.setLong(1, i % 500 + 1);
                upsert.setString(2, text);
                upsert.executeUpdate();
            };
            List<Call> calls = List.of(
                    plain,
                    i -> off.write(write(off, i)),
                    i -> on.write(write(on, i)),
                    i -> on.write(put(on.columns, i % 500 + 1, "n".repeat(200))));
            double[][] medians = new double[calls.size()][ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                for (int c = 0; c < calls.size(); c++) {
                    medians[c][round] = median(calls.get(c));
                }
            }
            String[] names = {"raw upsert", "save, mirroring off", "save, mirroring on", "save in columns, mirroring on"
            };
            double base = middle(medians[0]);
            for (int c = 0; c < calls.size(); c++) {
                System.out.printf("%-32s p50 %.0f µs, %.2f%n", names[c], middle(medians[c]), middle(medians[c]) / base);
            }
        }
    }

    private static Write write(Fixture fixture, int i) {
        return put(fixture.documents, i % 500 + 1, "n".repeat(200));
    }

    private static double median(Call call) throws Exception {
        double[] micros = new double[CALLS];
        for (int i = 0; i < CALLS; i++) {
            long begin = System.nanoTime();
            call.run(i);
            micros[i] = (System.nanoTime() - begin) / 1_000.0;
        }
        return middle(micros);
    }

    private static double middle(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
