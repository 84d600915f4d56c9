package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The web process. */
final class Serving {

    private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

    private Serving() {}

    static void start(Settings settings, Map<String, String> variables, Shutdown shutdown) {
        SwitchoverStorage storage = shutdown.closeAtEnd(VideoStorage.open(settings.dataDirectory(), variables));
        WebService service = shutdown.closeAtEnd(WebService.start(settings, storage));
        LOG.info("Listening on http://{}:{}", settings.host(), service.port());
    }
}
