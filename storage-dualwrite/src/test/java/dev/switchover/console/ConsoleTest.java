package dev.switchover.console;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleTest {

    private static final String TOKEN = "correct horse";
    private static final Pattern SECRET = Pattern.compile("<meta name=\"secret\" content=\"([^\"]+)\">");

    @TempDir
    Path directory;

    private TestDatabase database;
    private SwitchoverStorage storage;
    private Console console;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        storage = new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY);
        storage.repository(EXPENSES).create(expense("12.50"));
        assertThat(storage.awaitInSync(Duration.ofSeconds(30))).isTrue();
        console = Console.over(storage).path("/console").token(TOKEN).open();
    }

    @AfterEach
    void close() {
        console.close();
        storage.close();
        database.close();
    }

    @Test
    void nobodySeesAnythingWithoutTheToken() {
        for (String path : new String[] {"/status", "/history", "/history/day"}) {
            assertThat(get(path, Map.of()).status()).as(path).isEqualTo(401);
            assertThat(get(path, Map.of("Authorization", "Bearer wrong")).status())
                    .isEqualTo(401);
            assertThat(get(path, Map.of("Cookie", Access.COOKIE + "=" + TOKEN)).status())
                    .isEqualTo(401);
        }
        assertThat(post("/verify", Map.of(), "").status()).isEqualTo(401);
        ConsoleAnswer page = get("/", Map.of());
        assertThat(text(page)).contains("Admin token").doesNotContain("meta name=\"secret\"");
    }

    @Test
    void theTokenIsTradedForACookieThatScriptsAndOtherSitesCannotUse() {
        ConsoleAnswer answer = post("/login", Map.of(), "token=correct+horse");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers()).containsEntry("Location", "/console/");
        assertThat(answer.headers().get("Set-Cookie"))
                .contains("HttpOnly", "SameSite=Strict", "Path=/console/")
                .doesNotContain("correct");

        Map<String, String> session = session();
        assertThat(get("/status", session).status()).isEqualTo(200);
        assertThat(text(get("/", session))).contains("meta name=\"secret\"");

        Map<String, String> leaving = new HashMap<>(session);
        leaving.put(Access.SECRET_HEADER, secret(session));
        assertThat(post("/logout", leaving, "").headers().get("Set-Cookie")).contains("Max-Age=0");
        assertThat(get("/status", session).status()).isEqualTo(401);
    }

    @Test
    void aWrongTokenIsRefusedAndTenOfThemForAWhile() {
        for (int i = 0; i < 10; i++) {
            assertThat(post("/login", Map.of(), "token=guess" + i).status()).isEqualTo(403);
        }
        assertThat(post("/login", Map.of(), "token=correct+horse").status()).isEqualTo(429);
    }

    @Test
    void whatChangesSomethingHasToComeFromOurOwnPage() {
        Map<String, String> session = session();
        assertThat(post("/verify", session, "").status()).isEqualTo(403);

        Map<String, String> forged = new HashMap<>(session);
        forged.put(Access.SECRET_HEADER, "guess");
        assertThat(post("/verify", forged, "").status()).isEqualTo(403);

        Map<String, String> elsewhere = new HashMap<>(session);
        elsewhere.put(Access.SECRET_HEADER, secret(session));
        elsewhere.put("Sec-Fetch-Site", "cross-site");
        assertThat(post("/verify", elsewhere, "").status()).isEqualTo(403);
        elsewhere.remove("Sec-Fetch-Site");
        elsewhere.put("Host", "service.example");
        elsewhere.put("Origin", "https://evil.example");
        assertThat(post("/verify", elsewhere, "").status()).isEqualTo(403);

        assertThat(text(get("/status", session))).contains("\"job\":{}");
        assertThat(get("/verify", session).status()).isEqualTo(404);
    }

    @Test
    void theWorksRunAndTellWhatCameOfThem() {
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + TOKEN);
        for (String work : new String[] {"verify", "rollback-check", "export"}) {
            assertThat(post("/" + work, bearer, "").status()).isEqualTo(202);
            await().untilAsserted(() -> assertThat(text(get("/status", bearer)))
                    .contains("\"name\":\"" + work + "\"", "\"running\":false"));
            assertThat(text(get("/status", bearer))).contains("\"failed\":false");
        }
    }

    @Test
    void theStatusHasHealthAndPlotsButNoValues() {
        Map<String, String> bearer = Map.of("Authorization", "Bearer " + TOKEN);
        await().untilAsserted(() -> assertThat(text(get("/history", bearer))).contains("\"pending\":[0"));
        assertThat(text(get("/status", bearer)))
                .contains("\"health\":\"UP\"", "\"phase\":\"DB_PRIMARY\"")
                .doesNotContain("12.50");
    }

    @Tag("slow")
    @Test
    void whatIsPendingIsNamed() {
        console.close();
        storage.close();
        new ServiceUnderTest(directory, database).open(Phase.JSON_PRIMARY).close();
        try (SwitchoverStorage alone =
                        new ServiceUnderTest(directory, "postgresql://u@127.0.0.1:1/gone").open(Phase.JSON_PRIMARY);
                Console open = Console.over(alone).open()) {
            alone.repository(EXPENSES).create(expense("1.00"));
            assertThat(text(open.answer(new ConsoleRequest("GET", "/status", name -> null, ""))))
                    .contains("\"pending\":{\"expenses\":[{\"id\":\"2\",\"shown\":\"2\",");
        }
    }

    @Test
    void everyAnswerForbidsFramesAndForeignScripts() {
        for (String path : new String[] {"/", "/console.js", "/console.css", "/nothing"}) {
            assertThat(get(path, Map.of()).headers().get("Content-Security-Policy"))
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe-inline");
        }
        assertThat(console.answer(new ConsoleRequest("DELETE", "/", name -> null, ""))
                        .status())
                .isEqualTo(405);
        assertThat(get("", Map.of()).headers()).containsEntry("Location", "/console/");
    }

    @Test
    void behindTheServicesOwnAuthenticationThePageIsStillProtectedAgainstForgery() {
        try (Console open = Console.over(storage).path("/console").open()) {
            ConsoleAnswer page = open.answer(new ConsoleRequest("GET", "/", name -> null, ""));
            Matcher secret = SECRET.matcher(text(page));
            assertThat(secret.find()).isTrue();
            assertThat(open.answer(new ConsoleRequest("POST", "/verify", name -> null, ""))
                            .status())
                    .isEqualTo(403);
            ConsoleRequest own = new ConsoleRequest(
                    "POST", "/verify", name -> name.equals(Access.SECRET_HEADER) ? secret.group(1) : null, "");
            assertThat(open.answer(own).status()).isEqualTo(202);
        }
    }

    private Map<String, String> session() {
        String cookie = Objects.requireNonNull(
                post("/login", Map.of(), "token=correct+horse").headers().get("Set-Cookie"));
        return Map.of("Cookie", "theme=dark; " + cookie.substring(0, cookie.indexOf(';')));
    }

    private String secret(Map<String, String> session) {
        Matcher secret = SECRET.matcher(text(get("/", session)));
        assertThat(secret.find()).isTrue();
        return secret.group(1);
    }

    private ConsoleAnswer get(String path, Map<String, String> headers) {
        return console.answer(new ConsoleRequest("GET", path, headers(headers)::get, ""));
    }

    private ConsoleAnswer post(String path, Map<String, String> headers, String body) {
        return console.answer(new ConsoleRequest("POST", path, headers(headers)::get, body));
    }

    private static Map<String, String> headers(Map<String, String> given) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(given);
        return headers;
    }

    private static String text(ConsoleAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
