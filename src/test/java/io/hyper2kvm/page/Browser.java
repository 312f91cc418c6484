package io.hyper2kvm.page;

import com.deque.html.axecore.results.Rule;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window. */
final class Browser implements AutoCloseable {

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  private final ChromeDriver driver;

  Browser() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(PROGRAM.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars",
        "--disable-component-update",
        "--disable-background-networking",
        "--no-first-run",
        "--force-device-scale-factor=1");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder().usingDriverExecutable(DRIVER.toFile()).build();
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
  }

  /** Whether it is installed. */
  static boolean isThere() {
    return Files.isExecutable(PROGRAM) && Files.isExecutable(DRIVER);
  }

  /** Sets the width and height of the page, in CSS pixels. */
  void size(int width, int height) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
  }

  void dark(boolean on) {
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(
                Map.of("name", "prefers-color-scheme", "value", on ? "dark" : "light"),
                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
  }

  /** Leaves the page, which asks for nothing any more. */
  void leave() {
    driver.get("about:blank");
  }

  /** Opens a page, in a fresh document. */
  void open(String address) {
    leave();
    driver.get(address);
  }

  String address() {
    return driver.getCurrentUrl();
  }

  String title() {
    return driver.getTitle();
  }

  Object script(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  List<WebElement> all(String css) {
    return driver.findElements(By.cssSelector(css));
  }

  WebElement one(String css) {
    return driver.findElement(By.cssSelector(css));
  }

  boolean has(String css) {
    return !all(css).isEmpty();
  }

  /** The visible text of an element; empty while it is not there or is being replaced. */
  String text(String css) {
    try {
      List<WebElement> found = all(css);
      return found.isEmpty() ? "" : found.get(0).getText();
    } catch (StaleElementReferenceException e) {
      return "";
    }
  }

  /** Presses keys, whatever has the focus. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** What has the focus: its role or element, and its name. */
  String focused() {
    return (String)
        script(
            """
            const e = document.activeElement;
            const name = e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || e.id;
            return `${e.localName} ${name.trim()}`;
            """);
  }

  /** Goes on with Tab until that has the focus; at most 60 times. */
  void tabTo(String focus) {
    for (int i = 0; i < 60; i++) {
      press(Keys.TAB);
      if (focused().equals(focus)) {
        return;
      }
    }
    throw new AssertionError("no way by Tab to " + focus);
  }

  /** How much wider than the window the page is, in CSS pixels. */
  long overflow() {
    return (Long)
        script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  /** What breaks a rule of accessibility: the rule, and where. */
  List<String> violations() {
    return violations(new AxeBuilder());
  }

  /** Where the contrast of a text with its ground is too low. */
  List<String> lowContrasts() {
    return violations(new AxeBuilder().withOnlyRules(List.of("color-contrast")));
  }

  private List<String> violations(AxeBuilder rules) {
    return rules.analyze(driver).getViolations().stream().flatMap(Browser::places).toList();
  }

  private static Stream<String> places(Rule rule) {
    return rule.getNodes().stream()
        .map(node -> "%s: %s %s".formatted(rule.getId(), node.getTarget(), node.getHtml()));
  }

  /** What the browser's console says since the last time. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /**
   * The addresses that the page asked for since the last time, whether they were answered or not.
   */
  List<String> asked() {
    List<String> asked = new ArrayList<>();
    String key = "\"documentURL\"";
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      String message = entry.getMessage();
      if (message.contains("Network.requestWillBeSent\"") && message.contains(key)) {
        String from = message.substring(message.indexOf("\"request\":{"));
        String url = from.substring(from.indexOf("\"url\":\"") + 7);
        asked.add(url.substring(0, url.indexOf('"')));
      }
    }
    return asked;
  }

  /** Takes a picture of the window, or of the whole page. */
  void picture(Path file, boolean whole) throws IOException {
    if (whole) {
      long width = (Long) script("return document.documentElement.clientWidth");
      long height = (Long) script("return document.documentElement.scrollHeight");
      size((int) width, (int) height);
    }
    Files.write(file, Palette.reduced(driver.getScreenshotAs(OutputType.BYTES)));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
