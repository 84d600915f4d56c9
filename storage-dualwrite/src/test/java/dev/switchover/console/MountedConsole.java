package dev.switchover.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service of its own that mounts the console, as any service would. */
final class MountedConsole implements AutoCloseable {

    static final String PATH = "/api/admin/console";

    private final Console console;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final HttpServer server;

    MountedConsole(Console console) throws IOException {
        this.console = console;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(PATH, this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + PATH;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readNBytes(4096), StandardCharsets.UTF_8);
            ConsoleAnswer answer = console.answer(new ConsoleRequest(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath().substring(PATH.length()),
                    exchange.getRequestHeaders()::getFirst,
                    body));
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean empty =
                    answer.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
            if (!empty) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        console.close();
    }
}
