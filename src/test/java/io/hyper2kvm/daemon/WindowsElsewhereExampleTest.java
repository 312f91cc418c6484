package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.stage.FakeGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example {@code windows-elsewhere}, with a real folder for the orders. */
@Tag("daemon")
class WindowsElsewhereExampleTest {

  @TempDir Path folder;
  private RunningDaemon daemon;
  private InstalledExamples example;

  @BeforeEach
  void prepare() throws IOException {
    daemon = new RunningDaemon(folder);
    example = new InstalledExamples(daemon, "windows-elsewhere").with("WINDOWS_ORDERS", orders());
  }

  private Path orders() {
    return folder.resolve("orders");
  }

  static FakeGuest windows() {
    FakeGuest guest = new FakeGuest();
    return guest
        .partition("/dev/sda1", "ntfs", "99")
        .file("/dev/sda1", "/Windows/System32/ntdll.dll", "MZ");
  }

  private String inspected(String name) throws IOException {
    return daemon
        .single(daemon.disk(name), name)
        .replaceFirst(
            "\\{", Matcher.quoteReplacement("{\"metadata\": {\"owner\": \"ops \\\"x\\\", y\"}, "))
        .replace("\"convert\":", "\"inspect\": {\"detect_os\": true}, \"convert\":");
  }

  @Test
  void aWindowsGuestIsOrderedElsewhereAndEndsHere() throws Exception {
    try (RunningDaemon running = example.start(windows())) {
      running.drop("pc.json", inspected("pc"));

      JsonNode error = running.error("pc.json");
      Path order = orders().resolve("pc.pc.json");
      assertThat(error.path("code").asText()).isEqualTo("HOOK_FAILED");
      assertThat(error.path("stage").asText()).isEqualTo("inspect");
      assertThat(error.path("error").asText())
          .endsWith("pc is a Windows guest: it is done elsewhere, by the order " + order);
      assertThat(RunningDaemon.names(running.output())).isEmpty();
      assertThat(RunningDaemon.names(orders())).containsExactly("pc.pc.json");
      assertThat(RunningDaemon.json(order))
          .isEqualTo(
              new ObjectMapper()
                  .readTree(
                      """
                      {"vm": "pc", "manifest": "pc.json", "sources": ["%s"],
                       "metadata": {"owner": "ops \\"x\\", y"}}
                      """
                          .formatted(daemon.root.resolve("in/pc.raw"))));
    }
  }

  @Test
  void aLinuxGuestGoesOn() throws Exception {
    try (RunningDaemon running = example.start(FakeGuest.debian())) {
      running.drop("web.json", inspected("web"));

      JsonNode report = running.report("web.json");
      assertThat(report.path("stages").path("inspect").path("os").asText()).isEqualTo("linux");
      assertThat(orders()).doesNotExist();
    }
  }

  @Test
  void aVmThatIsNotLookedIntoGoesOn() throws Exception {
    try (RunningDaemon running = example.start(windows())) {
      running.drop("pc.json", running.single(running.disk("pc"), "pc"));

      running.report("pc.json");
      assertThat(orders()).doesNotExist();
    }
  }
}
