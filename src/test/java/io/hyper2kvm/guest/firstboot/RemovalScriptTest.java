package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.leftover.GuestTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The removal at the first boot, in a guest of each kind of init. */
class RemovalScriptTest {

  private final SortedMap<String, String> texts = new TreeMap<>();

  private EditPlan plan(boolean systemd) {
    return RemovalScript.plan(GuestTree.of(texts, systemd), "its programs are for arm");
  }

  private void apply(EditPlan plan) {
    plan.files().forEach(edit -> texts.put(edit.file(), edit.after().orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "#!/bin/sh\nexit 0\n",
        "#!/bin/sh\ntouch /x\n",
        "#!/bin/sh\nif a; then\nexit 1\nfi\nexit 0\n"
      })
  void rcLocalStartsItInTheBackgroundAndGoesOn(String before) {
    texts.put("/etc/rc.local", before);
    apply(plan(false));

    assertThat(texts.get("/etc/rc.local").replace(line(), "")).isEqualTo(before);
    assertThat(texts.get("/etc/rc.local")).contains(line());
    assertThat(plan(false).files()).isEmpty();
    assertThat(plan(false).failures()).isEmpty();
  }

  private static String line() {
    return "[ ! -f %s ] || /bin/sh %s &\n".formatted(RunOnce.PROGRAM, RunOnce.PROGRAM);
  }

  @Test
  void aGuestThatRunsNothingAtBootIsAFailure() {
    assertThat(plan(false).failures())
        .singleElement()
        .asString()
        .startsWith("its programs are for arm; and nothing was found");
    assertThat(plan(false).files()).isEmpty();
  }

  @Test
  void theScriptRemovesTheToolsAndItself(@TempDir Path root) throws Exception {
    // The guest's root is a folder here, and its package manager a fake.
    apply(plan(true));
    String script = texts.get(RemovalScript.SCRIPT).replace("/etc/", root + "/etc/");
    script = script.replace("/var/log/", root + "/");
    Path bin = Files.createDirectories(root.resolve("bin"));
    program(
        bin.resolve("dpkg-query"),
        "[ -f %s/gone ] || echo 'install ok installed open-vm-tools'; echo 'install ok installed bash'"
            .formatted(root));
    program(bin.resolve("dpkg"), "echo \"$@\" >>%s/gone".formatted(root));
    program(bin.resolve("systemctl"), "exit 0");
    Path file =
        Files.createDirectories(root.resolve("etc/hyper2kvm")).resolve("remove-guest-tools");
    Files.writeString(file, script);

    Process process = start(file, bin);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    String log = Files.readString(root.resolve("hyper2kvm-remove-guest-tools.log"));
    assertThat(root.resolve("gone")).as(log).hasContent("--purge open-vm-tools\n");
    assertThat(file).doesNotExist();
    assertThat(log).contains("exit code 0").doesNotContain("still installed");
  }

  private static Process start(Path script, Path programs) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", script.toString());
    builder.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    return builder.redirectErrorStream(true).start();
  }

  private static void program(Path file, String text) throws IOException {
    Files.write(file, ("#!/bin/sh\n" + text + "\n").getBytes(StandardCharsets.UTF_8));
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }
}
