package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/**
 * The pictures of the page in {@code docs/images}. They look as there where the font Inter is
 * installed (Debian's package fonts-inter).
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "h2k.web.screenshots", matches = "true")
@Timeout(120)
class WebPagePicturesIT {

  private static final Path FOLDER = Path.of("docs/images");
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Browser browser;
  private PageServer server;

  @BeforeAll
  void open() throws IOException {
    assumeTrue(Browser.isThere(), "needs chromium and chromium-driver");
    browser = new Browser();
    server = new PageServer(Scenes.empty());
    Files.createDirectories(FOLDER);
  }

  @AfterAll
  void close() {
    if (browser != null) {
      browser.close();
      server.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "overview, running, /, 1280, 0, light, ''",
    "overview-dark, running, /, 1280, 820, dark, ''",
    "overview-phone, running, /, 360, 780, light, ''",
    "empty, empty, /, 1280, 0, light, ''",
    "blocked, blocked, /, 1280, 0, light, ''",
    "blocked-manifest, blocked, /manifest/b1, 1280, 0, light, ''",
    "batch, batch, /manifest/batch, 1280, 820, light, ''",
    "batch-phone, batch, /manifest/batch?state=running, 360, 780, dark, ''",
    "report, running, /manifest/c0, 1280, 0, light, ''",
    "failed, running, /manifest/f1, 1280, 0, light, ''",
    "failed-dark, running, /manifest/f1, 1280, 0, dark, ''",
    "search, many, /search?state=failed, 1280, 640, light, ''",
    "days, running, /days, 1280, 0, light, ''",
    "hostile, hostile, /manifest/bad1, 1280, 820, light, ''",
    "unreachable, running, /, 1280, 640, light, unreachable",
    "submit, running, /submit, 1280, 0, light, submit"
  })
  void stateIsPictured(
      String name, String scene, String view, int width, int height, String scheme, String act)
      throws IOException {
    server.setBroken(false);
    server.show(Scenes.named(scene));
    browser.size(width, height == 0 ? 400 : height);
    browser.dark(scheme.equals("dark"));
    browser.open(server.address() + "#" + view);
    await().atMost(LIMIT).until(() -> browser.text(".link").equals("live"));
    await().atMost(LIMIT).until(() -> !browser.text("main").contains("Loading"));
    switch (act) {
      case "unreachable" -> {
        server.setBroken(true);
        await().atMost(LIMIT).until(() -> browser.text("#stale").contains("ago"));
      }
      case "submit" -> {
        browser.one("#head button").sendKeys(Keys.ENTER);
        browser.press(FakeDaemon.TOKEN, Keys.ENTER);
        await().atMost(LIMIT).until(() -> browser.has("#text"));
        browser.one("#file").sendKeys("web09.yaml");
        browser
            .one("#text")
            .sendKeys(
                """
                version: "1.0"
                pipeline:
                  load: {source_path: /data/web09.vmdk}
                  fix:
                    fstab: {enabled: true, mode: stabilize-all}
                    network: {enabled: true, fix_level: full}
                  convert: {output_format: wrong}
                """);
        await().atMost(LIMIT).until(() -> browser.text(".problems").contains("line"));
      }
      default -> assertThat(act).isEmpty();
    }

    browser.picture(FOLDER.resolve("web-" + name + ".png"), height == 0);

    assertThat(FOLDER.resolve("web-" + name + ".png")).isNotEmptyFile();
  }
}
