package dev.switchover.examples.videos;

import dev.switchover.dualwrite.SwitchoverStorage;
import java.util.Map;

/** The web process. */
final class Serving {

    private Serving() {}

    static void start(Settings settings, Map<String, String> variables, Shutdown shutdown) {
        SwitchoverStorage storage = shutdown.closeAtEnd(VideoStorage.open(settings.dataDirectory(), variables));
        WebService service = shutdown.closeAtEnd(WebService.start(settings, storage));
        System.out.println("Listening on http://" + settings.host() + ":" + service.port());
    }
}
