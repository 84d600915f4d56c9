package dev.switchover.examples.materials;

import dev.switchover.console.Console;
import dev.switchover.console.ConsoleAnswer;
import dev.switchover.console.ConsoleRequest;
import dev.switchover.dualwrite.SwitchoverStorage;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The library's console, where there is a token for it. Thread-safe. */
@Component
class OperatorPage implements AutoCloseable {

    static final String PATH = "/api/admin/console";
    static final String PATH_HERE = "/console";

    private final @Nullable Console console;

    OperatorPage(SwitchoverStorage storage, MaterialsSettings settings) {
        String token = settings.adminToken();
        this.console = token == null
                ? null
                : Console.over(storage).path(PATH).token(token).open();
    }

    /** It asks for the token by itself. */
    ConsoleAnswer answer(ConsoleRequest request) {
        if (console == null) {
            throw new IllegalStateException("The gate lets nobody pass without a token");
        }
        return console.answer(request);
    }

    @Override
    public void close() {
        if (console != null) {
            console.close();
        }
    }
}
