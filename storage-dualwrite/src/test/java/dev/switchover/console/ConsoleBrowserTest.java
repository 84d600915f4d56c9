package dev.switchover.console;

import static dev.switchover.dualwrite.ServiceUnderTest.EXPENSES;
import static dev.switchover.dualwrite.ServiceUnderTest.expense;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.switchover.dualwrite.ServiceUnderTest;
import dev.switchover.dualwrite.SwitchoverStorage;
import dev.switchover.postgres.testing.TestDatabase;
import dev.switchover.storage.Phase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** The console in a real browser: needs Debian's packages chromium and chromium-driver, or is skipped. */
class ConsoleBrowserTest {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @TempDir
    Path profile;

    private TestDatabase database;
    private SwitchoverStorage storage;
    private MountedConsole mounted;
    private @Nullable ChromeDriver browser;

    @BeforeEach
    void open() throws IOException {
        boolean there = Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
        if (!there) {
            System.out.println(
                    "SKIPPED: the console was not looked at in a browser: install chromium and chromium-driver");
        }
        assumeTrue(there, "no chromium and chromium-driver");
        database = TestDatabase.create();
        storage = new ServiceUnderTest(directory, database).open(Phase.DB_PRIMARY);
        storage.repository(EXPENSES).create(expense("12.50"));
        assertThat(storage.awaitInSync(SOON)).isTrue();
        mounted = new MountedConsole(Console.over(storage)
                .path(MountedConsole.PATH)
                .token("correct horse")
                .open());
        browser = browser();
    }

    private ChromeDriver browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", Map.of(LogType.BROWSER, "ALL"));
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        return new ChromeDriver(service, options);
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.quit();
            mounted.close();
            storage.close();
            database.close();
        }
    }

    @Test
    void anOperatorSeesThePhaseAndVerifiesWithTheKeyboardAlone() {
        logIn();
        assertThat(driver().findElements(By.cssSelector(".phases li[aria-current=step] strong")))
                .extracting(WebElement::getText)
                .containsOnly("DB_PRIMARY");
        assertThat(text("#health")).isEqualTo("UP");

        tabTo("verify");
        press(Keys.ENTER);
        await().atMost(SOON).until(() -> text("#job").startsWith("verify: expenses"));
        tabTo("export");
        press(Keys.SPACE);
        await().atMost(SOON).until(() -> text("#job").startsWith("export: "));

        List<LogEntry> errors = driver().manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .filter(entry -> !entry.getMessage().contains("favicon"))
                .toList();
        assertThat(errors).isEmpty();
        assertThat((List<?>) Objects.requireNonNull(
                        driver().executeScript("return performance.getEntriesByType('resource').map(e => e.name)")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(name.toString()).startsWith(mounted.address()));
    }

    @Test
    void itFitsAPhoneAndADeskInLightAndDark() throws IOException {
        logIn();
        await().atMost(SOON)
                .until(() ->
                        !driver().findElements(By.cssSelector("svg polyline")).isEmpty());
        assertThat(text(".plots figcaption")).startsWith("Pending: now 0, top 0, last ");
        for (String scheme : List.of("light", "dark")) {
            driver().executeCdpCommand(
                            "Emulation.setEmulatedMedia",
                            Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
            for (Dimension size : List.of(new Dimension(390, 844), new Dimension(1280, 900))) {
                driver().executeCdpCommand(
                                "Emulation.setDeviceMetricsOverride",
                                Map.of(
                                        "width",
                                        size.width,
                                        "height",
                                        size.height,
                                        "deviceScaleFactor",
                                        1,
                                        "mobile",
                                        size.width < 600));
                assertThat(number("return document.documentElement.scrollWidth"))
                        .as("nothing sticks out at %s in %s", size, scheme)
                        .isLessThanOrEqualTo(size.width);
                assertThat(number("return Math.min(...[...document.querySelectorAll('button:not([hidden])')]"
                                + ".map(b => b.getBoundingClientRect().height))"))
                        .as("buttons are large enough for a finger")
                        .isGreaterThanOrEqualTo(40);
                if (size.width > 1000) {
                    assertThat(number(
                                    "const tiles = document.querySelector('.card .tiles'); return tiles.children.length"
                                            + " % getComputedStyle(tiles).gridTemplateColumns.split(' ').length"))
                            .as("no tile is alone in a row at a desk")
                            .isZero();
                }
                assertThat(contrast()).as("contrast at %s in %s", size, scheme).isGreaterThanOrEqualTo(4.5);
                keep(scheme + "-" + size.width + ".png");
            }
        }
    }

    private ChromeDriver driver() {
        return Objects.requireNonNull(browser);
    }

    private void keep(String name) throws IOException {
        String folder = System.getProperty("switchover.screenshots");
        if (folder != null) {
            Files.write(Path.of(folder, name), driver().getScreenshotAs(OutputType.BYTES));
        }
    }

    /** The least contrast of any text with what is behind it (WCAG 2, relative luminance). */
    private double contrast() {
        return ((Number) Objects.requireNonNull(driver().executeScript("""
                const channels = (css) => css.match(/[\\d.]+/g).map(Number);
                const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
                    .map((c) => c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4))
                    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
                const behind = (e) => {
                  for (let at = e; at; at = at.parentElement) {
                    const c = channels(getComputedStyle(at).backgroundColor);
                    if (c.length < 4 || c[3] > 0) return c;
                  }
                  return [255, 255, 255];
                };
                let least = 21;
                document.querySelectorAll('h1,h2,p,button:not(:disabled),li,.name,.value,figcaption,summary,td,th,label').forEach((e) => {
                  if (!e.textContent.trim() || e.hidden || !e.getClientRects().length) return;
                  const a = light(channels(getComputedStyle(e).color)), b = light(behind(e));
                  least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
                });
                return least;
                """))).doubleValue();
    }

    private void logIn() {
        driver().get(mounted.address());
        press("correct horse" + Keys.ENTER);
        await().atMost(SOON)
                .until(() -> !driver().findElements(By.cssSelector(".phases")).isEmpty());
    }

    private void tabTo(String id) {
        for (int i = 0; i < 30; i++) {
            if (id.equals(driver().switchTo().activeElement().getAttribute("id"))) {
                return;
            }
            press(Keys.TAB);
        }
        throw new AssertionError("the keyboard does not reach " + id);
    }

    private void press(CharSequence keys) {
        new Actions(driver()).sendKeys(keys).perform();
    }

    private String text(String selector) {
        return driver().findElement(By.cssSelector(selector)).getText();
    }

    private double number(String script) {
        return ((Number) Objects.requireNonNull(driver().executeScript(script))).doubleValue();
    }
}
