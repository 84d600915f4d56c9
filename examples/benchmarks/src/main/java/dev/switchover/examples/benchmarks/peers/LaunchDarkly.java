package dev.switchover.examples.benchmarks.peers;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.LDValue;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.MigrationStage;
import com.launchdarkly.sdk.server.integrations.TestData;
import com.launchdarkly.sdk.server.migrations.Migration;
import com.launchdarkly.sdk.server.migrations.Migration.MigrationWriteResult;
import com.launchdarkly.sdk.server.migrations.MigrationBuilder;
import com.launchdarkly.sdk.server.migrations.MigrationMethodResult;
import dev.switchover.examples.benchmarks.stage.Entry;
import dev.switchover.examples.benchmarks.stage.EntryStore;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LaunchDarkly's migration flags over two stores: both are written one after the other, in the order of the stage, the old one
 * first in {@code DUALWRITE}, the new one first in {@code LIVE}. Its flag lies in memory and no events are sent.
 */
public final class LaunchDarkly implements EntryStore {

    public static final String DUAL_WRITE = "LaunchDarkly, dual write";
    public static final String LIVE = "LaunchDarkly, live";
    public static final String OFF = "LaunchDarkly, off";

    private static final String FLAG = "storage";
    private static final LDContext CONTEXT = LDContext.create("benchmark");

    private final String name;
    private final MigrationStage stage;
    private final EntryStore json;
    private final EntryStore database;
    private final LDClient client;
    private final Migration<Entry, Boolean, Long, Entry> migration;

    private LaunchDarkly(String name, MigrationStage stage, EntryStore json, EntryStore database) {
        this.name = name;
        this.stage = stage;
        this.json = json;
        this.database = database;
        TestData flags = TestData.dataSource();
        flags.update(flags.flag(FLAG).valueForAll(LDValue.of(stage.toString())));
        this.client = new LDClient(
                "none",
                new LDConfig.Builder()
                        .dataSource(flags)
                        .events(Components.noEvents())
                        .build());
        this.migration = new MigrationBuilder<Entry, Boolean, Long, Entry>(client)
                .trackErrors(false)
                .trackLatency(false)
                .read(id -> found(json, id), id -> found(database, id))
                .write(entry -> written(json, entry), entry -> written(database, entry))
                .build()
                .orElseThrow();
    }

    /** @param json the old store and {@code database} the new one; both are closed with this */
    public static LaunchDarkly dualWrite(EntryStore json, EntryStore database) {
        return new LaunchDarkly(DUAL_WRITE, MigrationStage.DUAL_WRITE, json, database);
    }

    /** @param json the old store and {@code database} the new one; both are closed with this */
    public static LaunchDarkly live(EntryStore json, EntryStore database) {
        return new LaunchDarkly(LIVE, MigrationStage.LIVE, json, database);
    }

    /** Only the old store is used. */
    public static LaunchDarkly off(EntryStore json, EntryStore database) {
        return new LaunchDarkly(OFF, MigrationStage.OFF, json, database);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void load(List<Entry> entries) throws Exception {
        json.load(entries);
        database.load(entries);
    }

    @Override
    public void save(Entry entry) {
        MigrationWriteResult<Boolean> result = migration.write(FLAG, CONTEXT, MigrationStage.OFF, entry);
        boolean both =
                result.getNonAuthoritative().map(written -> written.isSuccess()).orElse(stage == MigrationStage.OFF);
        if (!result.getAuthoritative().isSuccess() || !both) {
            throw new IllegalStateException(name + " did not write what stage " + stage + " has to");
        }
    }

    @Override
    public @Nullable Entry find(long id) {
        return migration.read(FLAG, CONTEXT, MigrationStage.OFF, id).getResult().orElse(null);
    }

    private static MigrationMethodResult<Entry> found(EntryStore store, long id) {
        try {
            return MigrationMethodResult.Success(store.find(id));
        } catch (Exception e) {
            return MigrationMethodResult.Failure(e);
        }
    }

    private static MigrationMethodResult<Boolean> written(EntryStore store, Entry entry) {
        try {
            store.save(entry);
            return MigrationMethodResult.Success(true);
        } catch (Exception e) {
            return MigrationMethodResult.Failure(e);
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        json.close();
        database.close();
    }
}
