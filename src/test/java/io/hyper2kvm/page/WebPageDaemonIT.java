package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hyper2kvm.config.value.WebConfig;
import io.hyper2kvm.daemon.RunningDaemon;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser, served by a running daemon with fake tools. */
@Tag("daemon")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class WebPageDaemonIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private RunningDaemon daemon;
  private Browser browser;

  @BeforeAll
  void openBrowser() {
    assumeTrue(Browser.isThere(), "needs chromium and chromium-driver");
    browser = new Browser();
  }

  @AfterAll
  void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void configure() throws IOException {
    Path token =
        Files.createFile(
            folder.resolve("token"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(token, TOKEN + "\n");
    daemon = new RunningDaemon(Files.createDirectory(folder.resolve("daemon")));
    daemon.web = new WebConfig(Optional.of(freePort()), "127.0.0.1", Optional.of(token), List.of());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @AfterEach
  void stop() {
    browser.leave();
    daemon.close();
  }

  private void open(String view) throws IOException {
    daemon.start();
    browser.console();
    browser.size(1280, 900);
    browser.open("http://127.0.0.1:" + daemon.webPort() + "/#" + view);
    awaitText(".link", "live");
  }

  private void awaitText(String css, String text) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(browser.text(css)).contains(text));
  }

  private void unlock() {
    browser.one("#head button").sendKeys(Keys.ENTER);
    browser.press(TOKEN, Keys.ENTER);
    awaitText("#head button", "Token set");
  }

  private void confirm(String button) {
    browser.one(button).sendKeys(Keys.ENTER);
    browser.one("dialog button[type=submit]").sendKeys(Keys.ENTER);
    await().atMost(LIMIT).until(() -> !browser.has("dialog"));
  }

  /** A conversion begins and does not end by itself. */
  private void holdConversions() throws IOException {
    daemon.tools.before("convert", ": >\"$last\"; sleep 600 & wait");
  }

  @Test
  void submittedManifestIsFollowedToItsReport() throws IOException {
    Path disk = daemon.disk("web01");
    open("/submit");
    unlock();
    await().atMost(LIMIT).until(() -> browser.has("#text"));
    browser.one("#file").sendKeys("web01.json");
    browser.one("#text").sendKeys(daemon.single(disk, "web01").replace("raw\"}", "rawe\"}"));
    awaitText(".problems", "line 3");

    browser.script("document.querySelector('.editor-place').set('')");
    browser.one("#text").sendKeys(daemon.single(disk, "web01"));
    awaitText(".problems", "No problem found, 1 VM");
    browser.one("form button[type=submit]").sendKeys(Keys.ENTER);

    awaitText(".summary", "completed");
    awaitText("main", daemon.output().resolve("web01-converted.raw").toString());
    assertThat(browser.text(".checks")).contains("content", "passed");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void failedManifestIsRetriedWhenItsSourceIsThere() throws IOException {
    open("/");
    Path disk = daemon.root.resolve("in/late.raw");
    daemon.drop("late.json", daemon.single(disk, "late"));
    awaitText("table.failed", "SOURCE_NOT_FOUND");
    unlock();

    browser.one("table.failed a").sendKeys(Keys.ENTER);
    awaitText(".failure", "does not exist");
    assertThat(browser.text(".failure")).contains("What to do", "in stage load");
    daemon.disk("late");
    confirm(".actions button");

    awaitText(".summary", "completed");
  }

  @Test
  void runningManifestIsCancelled() throws IOException {
    holdConversions();
    open("/");
    unlock();
    daemon.drop("long.json", daemon.single(daemon.disk("long"), "long"));
    awaitText("table.running", "convert");

    browser.one("table.running a").sendKeys(Keys.ENTER);
    await().atMost(LIMIT).until(() -> browser.has(".actions button"));
    confirm(".actions button");

    awaitText(".failure", "CANCELLED");
    awaitText(".summary", "failed");
  }

  @Test
  void drainedDaemonTakesNothingUntilItIsTold() throws IOException {
    open("/");
    unlock();
    confirm("[aria-labelledby=drain] button");
    awaitText("[aria-labelledby=drain]", "nothing new begins");

    daemon.drop("later.json", daemon.single(daemon.disk("later"), "later"));
    awaitText("table.waiting", "the end of the drain");
    confirm("[aria-labelledby=drain] button");

    awaitText("table.completed", "later");
  }

  @Test
  void manifestInAFileWithAHostileNameIsShownAsItIs() throws IOException {
    open("/");
    String name = "<img src=x onerror=alert(1)>";
    daemon.drop(name + ".json", daemon.batch("\"name\": \"" + name + "\",", "one"));
    awaitText("table.failed", name);

    browser.one("table.failed a").sendKeys(Keys.ENTER);

    awaitText("main h1", name);
    awaitText(".failure", "MANIFEST_INVALID");
    assertThat(browser.text(".failure")).contains("found \"" + name);
    assertThat(browser.all("main img")).isEmpty();
  }

  @Test
  void failedBatchNamesTheVmAndOffersItsRetryManifest() throws IOException {
    daemon.disk("one");
    open("/");
    daemon.drop("both.json", daemon.batch("", "one", "missing"));
    awaitText("table.failed", "1 of 2");

    browser.one("table.failed a").sendKeys(Keys.ENTER);

    awaitText(".vms", "SOURCE_NOT_FOUND");
    assertThat(browser.text("main")).contains("1 of 2 VMs completed", "retry manifest");
  }

  @Test
  void everyAnswerTellsTheDaemonsTime() throws IOException {
    open("/");

    Object date =
        browser.script(
            "return fetch('/api/v1/overview').then(a => Date.parse(a.headers.get('Date')))");

    assertThat((Long) date)
        .isCloseTo(System.currentTimeMillis(), within(Duration.ofMinutes(10).toMillis()));
  }

  @Test
  void stoppedDaemonIsNamed() throws IOException {
    open("/");

    daemon.close();

    awaitText("#stale", "The daemon cannot be reached.");
    assertThat(browser.text(".link")).isEqualTo("not reached");
  }

  /** Writes 20,000 files. */
  @Tag("all")
  @Test
  void tenThousandEndedManifestsAreFound() throws IOException {
    Path day =
        Files.createDirectories(daemon.directories.processed().resolve(LocalDate.now().toString()));
    String report =
        """
        {"manifest": "%s", "status": "completed", "original_name": "%1$s.json",
         "started_at": "2026-11-24T18:47:02.255Z", "completed_at": "2026-11-24T18:50:06.561Z",
         "duration_seconds": 184.306, "stages": {}, "artifacts": {}, "warnings": []}
        """;
    for (int i = 0; i < 10_000; i++) {
      String name = "host%04d".formatted(i);
      Files.writeString(day.resolve(name + ".json"), "{}");
      Files.writeString(day.resolve(name + ".json.report.json"), report.formatted(name));
    }
    open("/search");
    awaitText("main", "shown, newest first");

    browser.one("#q").sendKeys("host0042");

    await()
        .atMost(LIMIT)
        .until(() -> browser.text("main").matches("(?s).*\\n1 (found|of 1 shown).*"));
    assertThat(browser.text("table.mixed tbody")).contains("host0042");
    for (Path file : Files.newDirectoryStream(day)) {
      Files.delete(file);
    }
  }
}
