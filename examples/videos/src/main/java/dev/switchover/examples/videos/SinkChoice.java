package dev.switchover.examples.videos;

import dev.switchover.dualwrite.Operator;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Which way the command line writes. */
final class SinkChoice {

    private SinkChoice() {}

    /**
     * Where the database leads, an instance of its own beside the web process. Where JSON leads, the web process if it runs, and
     * otherwise the file: its lock keeps a second writer out, whoever comes first.
     *
     * @throws InvalidSettingsException if the web process has to be asked and there is no token
     */
    static VideoSink open(Settings settings, Map<String, String> variables) throws IOException {
        if (!databaseLeads(settings, variables)) {
            WebProcess web = new WebProcess(settings.web(), settings.adminToken());
            if (web.runs()) {
                if (settings.adminToken() == null) {
                    throw new InvalidSettingsException(List.of("ADMIN_TOKEN is not set; the web process that runs at "
                            + settings.web() + " writes the file, and takes videos only with its token"));
                }
                return web;
            }
        }
        return new OwnStorage(VideoStorage.open(settings.dataDirectory(), variables));
    }

    /** Flags that are wrong are no reason to say no: the start that follows refuses them, with everything there is to say. */
    private static boolean databaseLeads(Settings settings, Map<String, String> variables) {
        try (Operator operator =
                VideoStorage.builder(settings.dataDirectory(), variables).operator()) {
            return operator.flags().collections().stream()
                    .anyMatch(choice -> choice.phase().databasePhase());
        }
    }
}
