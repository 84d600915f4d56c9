package dev.switchover.postgres;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Who writes a line of the ledger's history. */
final class ThisProcess {

    static final long PID = ProcessHandle.current().pid();
    static final String HOST = host();

    private ThisProcess() {}

    private static String host() {
        String name = System.getenv("HOSTNAME");
        if (name != null && !name.isBlank()) {
            return name;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
