package dev.switchover.examples.videos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/** deploy.sh against a bare repository on this machine; render.yaml as far as it can be checked without Render. */
class DeployTest {

    @TempDir
    Path root;

    private Path site;

    /** How a program ended and what it said, on both ways. */
    private record Ended(int code, String said) {}

    @BeforeEach
    void repository() {
        site = root.resolve("site");
        git(root, "init", "-q", "--bare", "-b", "main", "site.git");
        git(root, "clone", "-q", "site.git", "site");
    }

    @Test
    void aDeploymentIsABackupAndAPushedSite() throws IOException {
        Path directory = root.resolve("data");
        try (TestDatabase database = TestDatabase.create();
                RunningWeb web = RunningWeb.start(directory, RunningWeb.variables(Phase.DB_ONLY, database.url()))) {
            Map<String, String> environment = RunningWeb.environment(Phase.DB_ONLY, database.url());
            web.put(RunningWeb.video("a1", "John 3:16"));

            Ended first = deploy(directory, environment, site);

            assertThat(first.code()).as(first.said()).isZero();
            assertThat(web.storage().backups().verifyAll())
                    .hasSize(1)
                    .allMatch(check -> check.sound() && check.records() == 1);
            String pushed = git(root, "--git-dir=site.git", "show", "main:results.json");
            assertThat(pushed).contains("\"a1\":");
            assertThat(Base64.getDecoder()
                            .decode(git(root, "--git-dir=site.git", "show", "main:results.json.b64")
                                    .strip()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(pushed);
            assertThat(git(root, "--git-dir=site.git", "show", "main:index.html"))
                    .contains("fetch('results.json')");

            // Another machine, where no export has been yet.
            web.put(RunningWeb.video("b2", "John 3:16"));
            git(root, "clone", "-q", "site.git", "elsewhere");
            Ended second = deploy(directory, environment, root.resolve("elsewhere"));

            assertThat(second.code()).as(second.said()).isZero();
            assertThat(git(root, "--git-dir=site.git", "show", "main:results.json"))
                    .contains("\"b2\":");
            assertThat(git(root, "--git-dir=site.git", "rev-list", "--count", "main")
                            .strip())
                    .isEqualTo("2");
        }
    }

    /** What it does with git, without the program: that would take its time, and is tried above. */
    @Test
    void whatElseIsInTheSiteStaysAsItIs() throws IOException {
        git(site, "switch", "-q", "-c", "main");
        Files.writeString(site.resolve("about.html"), "about");
        git(site, "add", "about.html");
        git(site, "commit", "-q", "-m", "About");
        Files.writeString(site.resolve("about.html"), "not finished");
        Files.writeString(site.resolve("draft.html"), "not finished");
        git(site, "add", "draft.html");

        Ended ended = deploy(standIn("one"), site);
        Ended nothingNew = deploy(standIn("one"), site);

        assertThat(ended.code()).as(ended.said()).isZero();
        assertThat(nothingNew.code()).as(nothingNew.said()).isZero();
        assertThat(nothingNew.said()).contains("nothing new");
        assertThat(git(root, "--git-dir=site.git", "ls-tree", "--name-only", "main")
                        .lines())
                .containsExactlyInAnyOrder(
                        ".switchover-export.json", "about.html", "index.html", "results.json", "results.json.b64");
        assertThat(git(root, "--git-dir=site.git", "show", "main:about.html")).isEqualTo("about");
        assertThat(git(site, "status", "--short").lines()).containsExactlyInAnyOrder(" M about.html", "A  draft.html");
    }

    @Test
    void aPushThatWasRefusedIsAFailureAndIsDoneNextTime() throws IOException {
        Path hook = root.resolve("site.git/hooks/pre-receive");
        Files.createDirectories(hook.getParent());
        Files.writeString(hook, "#!/bin/sh\nexit 1\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwx------"));

        Ended refused = deploy(standIn("one"), site);

        assertThat(refused.code()).as(refused.said()).isNotZero();
        assertThat(refused.said()).doesNotContain("pushed ");
        assertThat(git(root, "--git-dir=site.git", "branch")).isEmpty();
        Files.delete(hook);
        Ended again = deploy(standIn("one"), site);
        assertThat(again.code()).as(again.said()).isZero();
        assertThat(git(root, "--git-dir=site.git", "show", "main:results.json")).isEqualTo("one");
    }

    @Test
    void whatSomebodyElsePushedIsNotOverwritten() throws IOException {
        git(root, "clone", "-q", "site.git", "elsewhere");
        Ended first = deploy(standIn("one"), site);
        assertThat(first.code()).as(first.said()).isZero();

        Ended behind = deploy(standIn("two"), root.resolve("elsewhere"));

        assertThat(behind.code()).as(behind.said()).isNotZero();
        assertThat(git(root, "--git-dir=site.git", "show", "main:results.json")).isEqualTo("one");
    }

    @Test
    void whereTheProgramFailsNothingIsPushed() throws IOException {
        for (String command : List.of("storage", "publish")) {
            Path failing = root.resolve("failing.sh");
            Files.writeString(failing, "[ \"$1\" != " + command + " ]\n");

            Ended ended = deploy("sh " + failing, site);

            assertThat(ended.code()).as(ended.said()).isNotZero();
        }
        Ended nowhere = deploy(standIn("one"), Files.createDirectory(root.resolve("nowhere")));
        assertThat(nowhere.code()).as(nowhere.said()).isNotZero();
        assertThat(root.resolve("nowhere/results.json")).doesNotExist();
        assertThat(git(root, "--git-dir=site.git", "branch")).isEmpty();
    }

    /** In place of the program: publishes files that hold this. */
    private String standIn(String content) throws IOException {
        Path script = root.resolve("stand-in.sh");
        Files.writeString(script, """
                [ "$1" = publish ] || exit 0
                for file in index.html results.json results.json.b64 .switchover-export.json; do
                    printf '%s' "CONTENT" > "$2/$file"
                done
                """.replace("CONTENT", content));
        return "sh " + script;
    }

    private Ended deploy(String program, Path where) {
        return run(
                root,
                Map.of("VIDEOS", program),
                List.of("sh", Path.of("deploy.sh").toAbsolutePath().toString(), where.toString()));
    }

    @Test
    void whatCannotBeBackedUpIsNotPushed() throws IOException {
        Path directory = Files.createDirectories(root.resolve("data"));
        Files.writeString(directory.resolve(Videos.FILE), "{\"a1\":");

        Ended ended = deploy(directory, Map.of(), site);

        assertThat(ended.code()).as(ended.said()).isNotZero();
        assertThat(site.resolve(Videos.FILE)).doesNotExist();
        assertThat(git(root, "--git-dir=site.git", "branch")).isEmpty();
    }

    @Test
    void theProgramUnderstandsWhatTheBlueprintTellsIt() throws IOException {
        Map<String, List<Map<String, Object>>> file = new Yaml().load(Files.readString(Path.of("render.yaml")));
        Map<String, Object> service = file.get("services").get(0);
        Map<String, String> environment = new java.util.HashMap<>();
        for (Object variable : (List<?>) service.get("envVars")) {
            Map<?, ?> one = (Map<?, ?>) variable;
            Object value = one.get("value");
            // The platform's own: the database's address and a token it makes up.
            environment.put(
                    (String) one.get("key"), value instanceof String text ? text : "postgresql://u:p@database/videos");
        }

        Settings settings = Settings.read(environment);
        VideoStorage.builder(root, StorageVariables.of(environment)).operator().close();
        assertThat(settings.host()).isEqualTo("0.0.0.0");
        assertThat(settings.port()).isEqualTo(10_000);
        assertThat(settings.adminToken()).isNotNull();
        assertThat(service.get("healthCheckPath")).isEqualTo("/api/health");
        assertThat(service.get("dockerfilePath")).isEqualTo("./examples/videos/Dockerfile");
        assertThat(Files.readString(Path.of("Dockerfile"))).contains("/srv/videos.jar", "-d -o videos");
        assertThat(file.get("databases").get(0).get("name")).isEqualTo("videos-database");
    }

    private Ended deploy(Path directory, Map<String, String> environment, Path where) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Map<String, String> variables = new java.util.HashMap<>(environment);
        variables.put("DATA_DIR", directory.toString());
        variables.put("CLASSPATH", System.getProperty("java.class.path"));
        variables.put("VIDEOS", java + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + Main.class.getName());
        return run(
                root,
                variables,
                List.of("sh", Path.of("deploy.sh").toAbsolutePath().toString(), where.toString()));
    }

    private static String git(Path where, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Ended ended = run(where, Map.of(), command);
        assertThat(ended.code()).as(ended.said()).isZero();
        return ended.said();
    }

    private static Ended run(Path where, Map<String, String> variables, List<String> command) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(where.toFile()).redirectErrorStream(true);
        String path = builder.environment().get("PATH");
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path, "HOME", where.toString(), "GIT_CONFIG_NOSYSTEM", "1"));
        for (String who : List.of("AUTHOR", "COMMITTER")) {
            builder.environment().put("GIT_" + who + "_NAME", "Tester");
            builder.environment().put("GIT_" + who + "_EMAIL", "tester@example.org");
        }
        builder.environment().putAll(variables);
        try {
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ended(process.exitValue(), said);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
