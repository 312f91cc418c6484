package io.hyper2kvm.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every view under axe-core's rules, wide and narrow, light and dark; minutes on a busy machine.
 */
@Tag("all")
@Timeout(600)
class WebPageAccessibilityIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  @ParameterizedTest
  @CsvSource({
    "running, /, 1280",
    "running, /, 360",
    "empty, /, 1280",
    "blocked, /, 1280",
    "blocked, /manifest/b1, 360",
    "running, /manifest/c0, 1280",
    "running, /manifest/c0, 360",
    "running, /manifest/f1, 1280",
    "running, /manifest/r1, 360",
    "running, /manifest/r1/vm/4, 1280",
    "batch, /manifest/batch, 1280",
    "many, /search, 1280",
    "many, /search, 360",
    "running, /days, 1280",
    "running, /submit, 1280",
    "hostile, /, 1280",
    "hostile, /manifest/bad1, 1280"
  })
  void noRuleIsBrokenInLightNorDark(String scene, String view, int width) throws IOException {
    assumeTrue(Browser.isThere(), "needs chromium and chromium-driver");
    try (PageServer server = new PageServer(Scenes.named(scene));
        Browser browser = new Browser()) {
      browser.size(width, 900);
      browser.dark(false);
      browser.open(server.address() + "#" + view);
      await()
          .atMost(LIMIT)
          .until(() -> browser.has("main h1") && !browser.text("main").contains("Loading"));

      assertThat(browser.violations()).isEmpty();
      browser.dark(true);
      assertThat(browser.lowContrasts()).isEmpty();
      assertThat(browser.overflow()).isZero();
    }
  }
}
