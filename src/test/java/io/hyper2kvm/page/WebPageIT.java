package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a real browser, with the answers of a daemon in every state. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class WebPageIT {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private Browser browser;
  private PageServer server;
  private FakeDaemon daemon;
  private final List<String> expectedErrors = new ArrayList<>();

  @BeforeAll
  void open() throws IOException {
    assumeTrue(Browser.isThere(), "needs chromium and chromium-driver");
    browser = new Browser();
    server = new PageServer(Scenes.empty());
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @BeforeEach
  void forget() {
    expectedErrors.clear();
    server.setBroken(false);
    browser.size(1280, 900);
    browser.dark(false);
  }

  /** No test may have asked another host, or broken the content security policy. */
  @AfterEach
  void nothingLeftTheMachineAndNothingWasBlocked() {
    assertThat(browser.console())
        .allSatisfy(line -> assertThat(expectedErrors).anyMatch(line::contains));
    assertThat(browser.asked())
        .allSatisfy(
            url -> assertThat(url).matches("about:blank|data:.*|" + server.address() + ".*"));
  }

  private void show(FakeDaemon scene, String view) {
    browser.leave();
    daemon = scene;
    server.show(scene);
    server.takeRequests();
    browser.open(server.address() + "#" + view);
    await()
        .atMost(LIMIT)
        .until(() -> browser.has("main h1") && browser.text(".link").equals("live"));
  }

  private void awaitText(String css, String text) {
    await().atMost(LIMIT).untilAsserted(() -> assertThat(browser.text(css)).contains(text));
  }

  /** Enters the token by the keyboard. */
  private void unlock() {
    browser.one("#head button").sendKeys(Keys.ENTER);
    browser.press(FakeDaemon.TOKEN, Keys.ENTER);
    awaitText("#head button", "Token set");
  }

  @Test
  void emptyDaemonSaysThatNothingIsWrong() {
    show(Scenes.empty(), "/");

    assertThat(browser.text(".conditions")).contains("Nothing is wrong.");
    assertThat(browser.text("main")).contains("Nothing runs.", "611.0 GiB free of 2.0 TiB");
  }

  @Test
  void overviewShowsEachVmAtWorkWithStagePercentSpeedAndTimeLeft() throws IOException {
    show(Scenes.running(), "/");

    awaitText("table.running", "rack7-app13");
    assertThat(browser.text("table.running"))
        .contains("11 of 24 VMs, 1 failed", "convert 41 %", "MiB/s", "5m 12s", "waits for space");
    assertThat(browser.text("table.failed"))
        .contains("ora-db02", "NO_SPACE", Scenes.NO_SPACE_HINT, "1 of 1");
    assertThat(browser.text(".conditions"))
        .contains("A file in the drop zone is not taken", "Rename it");
  }

  @Test
  void throughputIsAlsoThereAsATable() throws IOException {
    show(Scenes.running(), "/");
    awaitText(".reading", "highest");

    browser.one(".plot summary").sendKeys(Keys.ENTER);

    assertThat(browser.all(".plot tbody tr")).hasSizeBetween(24, 25);
    assertThat(browser.one(".canvas").getDomAttribute("aria-label")).contains("at most");
  }

  @Test
  void arrowKeysReadSingleValuesOfThePlot() throws IOException {
    show(Scenes.running(), "/");
    awaitText(".reading", "highest");

    browser.one(".canvas").sendKeys(Keys.END);

    assertThat(browser.text(".reading")).matches("\\d\\d:\\d\\d: .*/s.*");
  }

  @Test
  void reportShowsEachChangeBeforeAndAfterTheChecksAndTheScreen() throws IOException {
    show(Scenes.running(), "/manifest/c0");

    awaitText("main", "Changes in the guest 5");
    assertThat(browser.text(".diff .before")).contains("before:", "/dev/sda1 ");
    assertThat(browser.text(".diff .after")).contains("after:", "UUID=6f1d7c8e");
    assertThat(browser.text("del")).isEqualTo("/dev/sda1");
    assertThat(browser.all(".checks tbody tr")).hasSize(8);
    assertThat(browser.text(".warnings")).contains("memory and processors");
    assertThat(browser.text("main")).contains("/srv/vm/web01.xml", "booted in 21 s");
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              browser.script("document.querySelector('.screen').scrollIntoView()");
              return (Long) browser.script("return document.querySelector('.screen').naturalWidth")
                  == 720;
            });
  }

  @Test
  void failureShowsCodeCauseHintToolAndTheCommandToRetry() throws IOException {
    show(Scenes.running(), "/manifest/f1");

    awaitText(".failure pre", "qemu-img measure");
    assertThat(browser.text(".failure"))
        .contains("NO_SPACE", Scenes.NO_SPACE, Scenes.NO_SPACE_HINT, "exit code 1");
    assertThat(browser.text(".actions")).contains("hyper2kvm retry ora-db02.yaml");
  }

  @ParameterizedTest
  @CsvSource({"b1, want of space, reserved", "b2, the drain, drained", "b3, a limit, in_flight"})
  void blockedManifestSaysWhyAndWhatToDo(String id, String reason, String detail) {
    show(Scenes.blocked(), "/manifest/" + id);

    assertThat(browser.text(".blocked")).contains(reason, detail, "What to do");
  }

  @Test
  void batchOf200VmsCanBeFilteredByStateWithTheKeyboard() {
    show(Scenes.batch(), "/manifest/batch");
    assertThat(browser.all(".vms tbody tr")).hasSize(200);

    browser.one(".segments input").sendKeys(Keys.ARROW_RIGHT);
    await().atMost(LIMIT).until(() -> browser.all(".vms tbody tr").size() == 4);
    assertThat(browser.text(".vms tbody")).contains("FIX_INITRAMFS_FAILED");
    browser.press(Keys.ARROW_RIGHT);

    await().atMost(LIMIT).until(() -> browser.all(".vms tbody tr").size() == 8);
    assertThat(browser.address()).endsWith("?state=running");
  }

  @Test
  void pollKeepsEveryRowTheFocusAndWhatIsTyped() {
    show(Scenes.batch(), "/manifest/batch");
    WebElement row = browser.all(".vms tbody tr").get(150);
    browser.one("#vm-name").sendKeys("dc2");
    server.takeRequests();

    await()
        .atMost(LIMIT)
        .until(() -> server.takeRequests().contains("GET /api/v1/manifests/batch"));
    await()
        .atMost(LIMIT)
        .until(() -> server.takeRequests().contains("GET /api/v1/manifests/batch"));

    assertThat(row.isDisplayed()).isTrue();
    assertThat(browser.focused()).startsWith("input");
    assertThat(browser.one("#vm-name").getDomProperty("value")).isEqualTo("dc2");
  }

  @Test
  void tenThousandEndedManifestsAreShownInPagesAndFoundByName() {
    show(Scenes.many(10_000), "/search");
    awaitText("main", "50 of 10,000 shown");

    browser.one(".more button").sendKeys(Keys.ENTER);
    awaitText("main", "100 of 10,000 shown");
    browser.one("#q").sendKeys("host9998");

    awaitText("main", "1 of 1 shown");
    assertThat(browser.text("table.mixed")).contains("wave249-host9998");
  }

  @Test
  void dayShowsItsSumsAndWhyManifestsFailed() throws IOException {
    FakeDaemon scene = Scenes.running();
    // The one that failed did so before midnight when the test runs just after it.
    show(scene, "/days/" + scene.now.minusMinutes(52).toLocalDate());

    awaitText("main", "Why manifests failed");
    assertThat(browser.text("main")).contains("VMs completed", "NO_SPACE", "ora-db02");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/manifest/bad",
        "/manifest/bad1",
        "/manifest/bad2",
        "/search",
        "/manifest/bad/vm/3"
      })
  void hostileTextDoesNothingAndDoesNotBreakTheLayout(String view) throws IOException {
    show(Scenes.hostile(), view);
    awaitText("main", "script");

    assertThat(browser.title()).doesNotContain("pwned\0").endsWith("hyper2kvm");
    assertThat(
            browser.all(
                "main script, main iframe, main object, main img:not(.screen), main a[href^='javascript']"))
        .isEmpty();
    assertThat(browser.text("main")).doesNotContain("\u202E", "\u2066", "\u001B");
    assertThat(browser.overflow()).isZero();
    browser.size(360, 740);
    assertThat(browser.overflow()).isZero();
  }

  @Test
  void keyboardAloneReachesTheContentAndTheViews() throws IOException {
    show(Scenes.running(), "/");

    browser.tabTo("a To the content");
    browser.press(Keys.ENTER);
    assertThat(browser.focused()).isEqualTo("h1 Overview");
    browser.tabTo("a rack7-wave2");
    browser.press(Keys.ENTER);

    awaitText("main h1", "rack7-wave2");
    await().atMost(LIMIT).until(() -> browser.focused().equals("h1 rack7-wave2"));
    browser.tabTo("a rack7-app13");
  }

  @Test
  void escapeLeavesADialogAndTheFocusGoesBack() throws IOException {
    show(Scenes.running(), "/");
    browser.one("#head button").sendKeys(Keys.ENTER);
    assertThat(browser.focused()).isEqualTo("input Token");

    browser.press(Keys.ESCAPE);

    await().atMost(LIMIT).until(() -> !browser.has("dialog"));
    assertThat(browser.focused()).isEqualTo("button Enter token");
  }

  @Test
  void wrongTokenIsRefusedAndForgotten() throws IOException {
    expectedErrors.add("401");
    show(Scenes.running(), "/");
    browser.one("#head button").sendKeys(Keys.ENTER);

    browser.press("not-it", Keys.ENTER);

    awaitText("dialog", "does not accept this token");
    assertThat(browser.text("#head")).contains("Enter token");
    assertThat(browser.script("return sessionStorage.length + document.cookie.length"))
        .isEqualTo(0L);
  }

  @Test
  void withoutATokenFileThePageOffersNoChange() throws IOException {
    show(Scenes.running().readOnly(), "/submit");

    assertThat(browser.text("main")).contains("read-only", "hyper2kvm submit");
    assertThat(browser.all("button")).isEmpty();
  }

  @Test
  void manifestIsCheckedWhileItIsTypedAndProblemsLeadToTheirLines() throws IOException {
    show(Scenes.running(), "/submit");
    unlock();
    browser.one("#file").sendKeys("web09.yaml");

    browser
        .one("#text")
        .sendKeys("version: \"1.0\"\npipeline:\n  convert: {output_format: wrong}\n");
    awaitText(".problems", "line 3, column 28");
    assertThat(browser.one("form button[type=submit]").isEnabled()).isFalse();
    browser.one(".problems button").sendKeys(Keys.ENTER);
    assertThat(browser.script("return document.activeElement.selectionStart")).isEqualTo(52L);
    browser.press(Keys.DELETE, Keys.DELETE, Keys.DELETE, Keys.DELETE, Keys.DELETE, "qcow2");
    awaitText(".problems", "No problem found, 1 VM");
    browser.one("form button[type=submit]").sendKeys(Keys.ENTER);

    await().atMost(LIMIT).until(() -> browser.address().endsWith("#/manifest/r1"));
    assertThat(daemon.changes).containsExactly("POST /api/v1/manifests?file=web09.yaml");
  }

  @ParameterizedTest
  @CsvSource({
    "f1, Retry, POST /api/v1/manifests/f1/retry",
    "r1, Cancel it, POST /api/v1/manifests/r1/cancel",
    "w2, Cancel it, POST /api/v1/manifests/w2/cancel"
  })
  void changeHappensOnlyAfterItIsConfirmed(String id, String label, String request)
      throws IOException {
    show(Scenes.running(), "/manifest/" + id);
    unlock();
    browser.one(".actions button").sendKeys(Keys.ENTER);
    assertThat(browser.focused()).isEqualTo("button Leave it");
    assertThat(daemon.changes).isEmpty();

    browser.tabTo("button " + label);
    browser.press(Keys.ENTER);

    await().atMost(LIMIT).until(() -> !browser.has("dialog"));
    assertThat(daemon.changes).containsExactly(request);
  }

  @Test
  void daemonIsDrainedAndTakesManifestsAgain() throws IOException {
    show(Scenes.running(), "/");
    unlock();

    browser.one("[aria-labelledby=drain] button").sendKeys(Keys.ENTER);
    browser.one("dialog button[type=submit]").sendKeys(Keys.ENTER);
    awaitText("[aria-labelledby=drain]", "nothing new begins");
    browser.one("[aria-labelledby=drain] button").sendKeys(Keys.ENTER);
    browser.one("dialog button[type=submit]").sendKeys(Keys.ENTER);

    awaitText("[aria-labelledby=drain]", "The daemon takes manifests.");
    assertThat(daemon.changes).containsExactly("POST /api/v1/drain", "DELETE /api/v1/drain");
  }

  @Test
  void daemonThatDoesNotAnswerIsNamedWithTheAgeOfWhatIsShown() throws IOException {
    expectedErrors.add("503");
    show(Scenes.running(), "/");

    server.setBroken(true);
    awaitText("#stale", "Everything below is as it was at");
    assertThat(browser.text("#head .link")).isEqualTo("not reached");
    assertThat(browser.text("#stale")).contains("ago");
    server.setBroken(false);
    browser.one("#stale button").sendKeys(Keys.ENTER);

    await().atMost(LIMIT).until(() -> browser.text("#stale").isEmpty());
    assertThat(browser.text("#head .link")).isEqualTo("live");
  }

  @Test
  void manifestThatMovedOnIsFollowed() throws IOException {
    expectedErrors.add("404");
    FakeDaemon before = Scenes.running();
    show(before, "/manifest/r2");

    server.show(
        Scenes.running()
            .without("r2")
            .manifest(
                Manifests.ended(
                    "e2",
                    "mail-gateway",
                    before.now,
                    Duration.ofMinutes(5),
                    List.of(Manifests.vmCompleted("mail-gateway", 300)))));

    await().atMost(LIMIT).until(() -> browser.address().endsWith("#/manifest/e2"));
    awaitText(".summary", "completed");
  }

  @ParameterizedTest
  @CsvSource({"running, /", "running, /manifest/f1"})
  void noRuleOfAccessibilityIsBroken(String scene, String view) throws IOException {
    show(Scenes.named(scene), view);
    await().atMost(LIMIT).until(() -> !browser.text("main").contains("Loading"));

    assertThat(browser.violations()).isEmpty();
  }
}
