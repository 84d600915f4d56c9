package dev.switchover.dualwrite.request;

import dev.switchover.storage.RequestFailedException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** What can be asked for, by kind. Immutable. */
public final class RequestHandlers {

    /** Nothing. */
    public static final RequestHandlers NONE = new RequestHandlers(Map.of());

    private final Map<String, RequestHandler> byKind;

    private RequestHandlers(Map<String, RequestHandler> byKind) {
        this.byKind = Map.copyOf(byKind);
    }

    /** These and one more. */
    public RequestHandlers with(String kind, RequestHandler handler) {
        Map<String, RequestHandler> more = new TreeMap<>(byKind);
        if (more.put(kind, handler) != null) {
            throw new IllegalArgumentException("two handlers of " + kind);
        }
        return new RequestHandlers(more);
    }

    /** These, each telling when it has ended, well or not. */
    public RequestHandlers telling(Consumer<String> ended) {
        Map<String, RequestHandler> all = new TreeMap<>();
        byKind.forEach((kind, handler) -> all.put(kind, (request, storage, progress) -> {
            try {
                return handler.handle(request, storage, progress);
            } finally {
                ended.accept(kind);
            }
        }));
        return new RequestHandlers(all);
    }

    /** @throws RequestFailedException if there is none, or the handler says why it could not be done */
    String handle(Request request, HeldStorage storage, RequestProgress progress) {
        RequestHandler handler = byKind.get(request.kind());
        if (handler == null) {
            throw new RequestFailedException(
                    request.kind(),
                    "The holder of the directory knows no request \"" + request.kind() + "\", only "
                            + String.join(", ", new TreeSet<>(byKind.keySet()))
                            + "; it may run another version of the library: bring both to the same one");
        }
        return handler.handle(request, storage, progress);
    }
}
