package dev.switchover.cli;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.NOTES;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.postgres.testing.TestDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A service with a database, and a shell beside it. */
abstract class CommandTest {

    @TempDir
    Path directory;

    TestDatabase database;
    ServiceUnderTest service;
    Shell shell;

    @BeforeEach
    void begin() {
        database = TestDatabase.create();
        service = new ServiceUnderTest(directory, database);
        shell = Shell.of(directory, EXPENSES, NOTES).set("DATABASE_URL", database.url());
    }

    @AfterEach
    void end() {
        database.close();
    }
}
