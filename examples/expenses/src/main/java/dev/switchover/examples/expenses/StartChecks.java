package dev.switchover.examples.expenses;

import dev.switchover.dualwrite.flags.FlagTable;
import dev.switchover.dualwrite.flags.Flags;
import dev.switchover.dualwrite.flags.SwitchoverSettings;
import dev.switchover.storage.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be told before anything is created or, at the start of the storage, copied from store to store. */
final class StartChecks {

    private StartChecks() {}

    /** @throws InvalidSettingsException if nothing can listen there */
    static void port(ServiceSettings settings) {
        InetAddress address;
        try {
            address = InetAddress.getByName(settings.host());
        } catch (UnknownHostException e) {
            throw new InvalidSettingsException(
                    List.of("HOST is \"" + settings.host() + "\"; there is no such address"));
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, settings.port()));
        } catch (IOException e) {
            throw new InvalidSettingsException(List.of("Cannot listen on " + settings.host() + " port "
                    + settings.port() + " (" + e.getMessage()
                    + "); choose another with PORT and HOST, or stop what uses it"));
        }
    }

    /**
     * The storage checks its flags itself; an embedded database is created before that.
     *
     * @param variables with the URL of a database
     * @throws ConfigurationException with every problem
     */
    static void flags(Map<String, String> variables) {
        List<String> collections = List.of(Budget.EXPENSES.name(), Budget.INCOMES.name());
        List<String> problems = new ArrayList<>();
        gather(problems, () -> SwitchoverSettings.of(variables));
        FlagTable empty = new FlagTable.Read(Map.of());
        gather(problems, () -> Flags.resolve(variables, empty, collections, collection -> Optional.empty()));
        if (!problems.isEmpty()) {
            throw new ConfigurationException(problems);
        }
    }

    private static void gather(List<String> problems, Runnable check) {
        try {
            check.run();
        } catch (ConfigurationException e) {
            problems.addAll(e.problems());
        }
    }
}
