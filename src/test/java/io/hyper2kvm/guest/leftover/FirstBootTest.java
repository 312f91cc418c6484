package io.hyper2kvm.guest.leftover;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.edit.FileEdit;
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
class FirstBootTest {

  private final SortedMap<String, String> texts = new TreeMap<>();

  private EditPlan plan(boolean systemd) {
    return FirstBoot.plan(GuestTree.of(texts, systemd), "its programs are for arm");
  }

  private void apply(EditPlan plan) {
    plan.files().forEach(edit -> texts.put(edit.file(), edit.after().orElseThrow()));
  }

  @Test
  void systemdStartsItWithoutWaitingForIt() {
    apply(plan(true));

    assertThat(texts.get("/etc/systemd/system/hyper2kvm-remove-guest-tools.service"))
        .contains("Type=simple", "ExecStart=/bin/sh " + FirstBoot.SCRIPT)
        .doesNotContain("Before=", "oneshot");
    assertThat(
            texts.get(
                "/etc/systemd/system/multi-user.target.d/50-hyper2kvm-remove-guest-tools.conf"))
        .isEqualTo("[Unit]\nWants=hyper2kvm-remove-guest-tools.service\n");
    assertThat(plan(true).files()).isEmpty();
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
    return "[ ! -f %s ] || /bin/sh %s &\n".formatted(FirstBoot.SCRIPT, FirstBoot.SCRIPT);
  }

  @Test
  void openRcStartsItByItsServiceLocal() {
    texts.put("/etc/runlevels/default/local", "");
    apply(plan(false));

    assertThat(texts.get("/etc/local.d/hyper2kvm-remove-guest-tools.start"))
        .isEqualTo("#!/bin/sh\n/bin/sh " + FirstBoot.SCRIPT + " &\n");
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
    String script = texts.get(FirstBoot.SCRIPT).replace("/etc/", root + "/etc/");
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
    Path unit = root.resolve("etc/systemd/system/hyper2kvm-remove-guest-tools.service");
    Files.createDirectories(unit.getParent());
    Files.writeString(unit, "x");

    Process process = start(file, bin);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

    String log = Files.readString(root.resolve("hyper2kvm-remove-guest-tools.log"));
    assertThat(root.resolve("gone")).as(log).hasContent("--purge open-vm-tools\n");
    assertThat(file).doesNotExist();
    assertThat(unit).doesNotExist();
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

  @Test
  void everyFileIsNamedForReading() {
    assertThat(plan(true).files()).extracting(FileEdit::file).allMatch(FirstBoot.FILES::contains);
  }
}
