package io.hyper2kvm.guest.firstboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.leftover.GuestTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program, run here: the guest's root is a folder, and some of its programs are fakes. */
@Timeout(120)
class RunOnceProgramTest {

  private static final String UNIT = "etc/systemd/system/hyper2kvm-firstboot.service";

  @TempDir Path root;

  @BeforeEach
  void install() throws IOException {
    GuestTree tree = GuestTree.of(Map.of(), true);
    FirstbootScript.plan(tree, "", "x".repeat(3))
        .files()
        .forEach(edit -> write(edit.file(), edit.after().orElseThrow()));
    write("/boot_id", "boot-1\n");
    write("/tag", "\n");
    Files.createDirectories(root.resolve("var/log"));
    fake("logger", "echo \"$3\" >>%s/journal".formatted(root));
    fake("systemctl", "echo \"$@\" >>%s/systemctl".formatted(root));
    fake("sync", "ls /etc/hyper2kvm >%s/synced".formatted(root));
  }

  private void write(String path, String text) {
    try {
      Path file = root.resolve(path.substring(1));
      Files.createDirectories(file.getParent());
      Files.writeString(file, here(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The guest's paths, below the folder. */
  private String here(String text) {
    return text.replace("PATH=/usr", "PATH=%s/bin:/usr".formatted(root))
        .replace("/etc/", root + "/etc/")
        .replace("=/var/log/", "=" + root + "/var/log/")
        .replace("/proc/sys/kernel/random/boot_id", root + "/boot_id")
        .replace("/sys/class/dmi/id/chassis_asset_tag", root + "/tag");
  }

  private void fake(String name, String line) throws IOException {
    write("/bin/" + name, "#!/bin/sh\n" + line + "\n");
    executable("bin/" + name);
  }

  private void executable(String file) {
    assertThat(root.resolve(file).toFile().setExecutable(true)).isTrue();
  }

  private void script(String text) {
    write(FirstbootScript.PATH, "#!/bin/sh\n" + text + "\n");
    executable("etc/hyper2kvm/firstboot-script");
  }

  private Process start() throws IOException {
    return new ProcessBuilder("/bin/sh", root + RunOnce.PROGRAM)
        .redirectErrorStream(true)
        .redirectOutput(root.resolve("console").toFile())
        .start();
  }

  private void boot(String id) throws Exception {
    write("/boot_id", id + "\n");
    Process process = start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  private String text(String file) throws IOException {
    Path path = root.resolve(file);
    return Files.exists(path) ? Files.readString(path) : "";
  }

  private Stream<String> inFolder() {
    String[] names = root.resolve("etc/hyper2kvm").toFile().list();
    return names == null ? Stream.empty() : Stream.of(names).sorted();
  }

  @Test
  void theScriptIsRunOnceAndItsEndIsLogged() throws Exception {
    script("echo said; echo ran >>%s/ran".formatted(root));
    boot("boot-1");
    boot("boot-2");

    assertThat(text("ran")).isEqualTo("ran\n");
    assertThat(text("var/log/hyper2kvm-firstboot.log"))
        .containsPattern("(?s)T[0-9:]{8}[+-][0-9]{4} begin: .*\nsaid\n.* end: exit code 0\n$");
    assertThat(text("journal").lines()).hasSize(2).last().isEqualTo("end: exit code 0");
  }

  @Test
  void nothingIsLeftButTheScriptAndTheLog() throws Exception {
    script("true");
    boot("boot-1");

    assertThat(inFolder()).containsExactly("firstboot-script.done");
    assertThat(root.resolve(UNIT)).doesNotExist();
    assertThat(text("systemctl")).isEqualTo("daemon-reload\n");
    assertThat(text("console")).isEmpty();
  }

  @Test
  void aScriptThatFailsIsNotRepeated() throws Exception {
    script("echo ran >>%s/ran; exit 42".formatted(root));
    boot("boot-1");
    boot("boot-2");

    assertThat(text("ran")).isEqualTo("ran\n");
    assertThat(text("var/log/hyper2kvm-firstboot.log")).contains("end: exit code 42\n");
  }

  @Test
  void anInterpreterThatIsGoneIsAnExitCode() throws Exception {
    write(FirstbootScript.PATH, "#!/no/such/shell\n");
    executable("etc/hyper2kvm/firstboot-script");
    boot("boot-1");

    assertThat(text("var/log/hyper2kvm-firstboot.log")).containsPattern("end: exit code 12[67]\n");
    assertThat(inFolder()).containsExactly("firstboot-script.done");
  }

  @Test
  void itIsMarkedAsBegunOnTheDiskBeforeItBegins() throws Exception {
    script("cat %1$s/synced >>%1$s/ran".formatted(root));
    boot("boot-1");

    assertThat(text("ran").lines()).contains("firstboot-script.started");
    assertThat(text("ran").lines()).doesNotContain("firstboot-script");
  }

  @Test
  void aScriptThatWasCutOffIsNotRunAgain() throws Exception {
    // The power goes: neither the program nor the script sees an end.
    script("echo ran >>%1$s/ran; kill -9 $PPID; exit 0".formatted(root));
    boot("boot-1");
    assertThat(inFolder()).contains("firstboot-script.started");
    boot("boot-2");

    assertThat(text("ran")).isEqualTo("ran\n");
    assertThat(text("var/log/hyper2kvm-firstboot.log")).contains("nobody saw its end");
    assertThat(inFolder()).containsExactly("firstboot-script.interrupted");
    assertThat(root.resolve(UNIT)).doesNotExist();
  }

  @Test
  void aShutdownWhileItRunsIsSeenAsItsEnd() throws Exception {
    script("kill -TERM $PPID; exit 3");
    boot("boot-1");

    assertThat(text("var/log/hyper2kvm-firstboot.log")).contains("end: exit code 3\n");
    assertThat(inFolder()).containsExactly("firstboot-script.done");
  }

  @Test
  void aSecondStartInTheSameBootLeavesItAlone() throws Exception {
    script("/bin/sh %2$s; echo ran >>%1$s/ran".formatted(root, RunOnce.PROGRAM));
    boot("boot-1");

    assertThat(text("ran")).isEqualTo("ran\n");
    assertThat(text("journal").lines()).hasSize(2);
    assertThat(inFolder()).containsExactly("firstboot-script.done");
  }

  @Test
  void theBootTestRunsNothingAndChangesNothing() throws Exception {
    script("echo ran >>%s/ran".formatted(root));
    write("/tag", RunOnce.BOOT_TEST_TAG + "\n");
    boot("boot-1");
    assertThat(text("ran")).isEmpty();
    assertThat(inFolder()).containsExactly("firstboot-script", "run-once");
    assertThat(text("var/log/hyper2kvm-firstboot.log")).isEmpty();

    write("/tag", "Default string\n");
    boot("boot-2");
    assertThat(text("ran")).isEqualTo("ran\n");
  }

  @Test
  void aMachineWithoutSuchATagRunsIt() throws Exception {
    script("echo ran >>%s/ran".formatted(root));
    Files.delete(root.resolve("tag"));
    boot("boot-1");

    assertThat(text("ran")).isEqualTo("ran\n");
    assertThat(text("console")).isEmpty();
  }

  @Test
  void theToolsAreRemovedBeforeTheScriptBegins() throws Exception {
    write(RemovalScript.SCRIPT, "echo tools >>%1$s/ran; rm -f %2$s".formatted(root, "$0"));
    script("echo script >>%s/ran".formatted(root));
    boot("boot-1");

    assertThat(text("ran")).isEqualTo("tools\nscript\n");
    assertThat(inFolder()).containsExactly("firstboot-script.done");
  }

  @Test
  void aRemovalThatFailsKeepsNoScriptFromRunning() throws Exception {
    write(RemovalScript.SCRIPT, "rm -f $0; kill -9 $$");
    script("echo script >>%s/ran".formatted(root));
    boot("boot-1");

    assertThat(text("ran")).isEqualTo("script\n");
  }

  @Test
  void aRemovalThatWasCutOffIsTriedAtTheNextBoot() throws Exception {
    write(
        RemovalScript.SCRIPT,
        "echo tools >>%1$s/ran; [ -f %1$s/again ] && rm -f %2$s; touch %1$s/again"
            .formatted(root, "$0"));
    script("echo script >>%s/ran".formatted(root));
    boot("boot-1");
    assertThat(root.resolve(UNIT)).exists();
    boot("boot-2");

    assertThat(text("ran")).isEqualTo("tools\nscript\ntools\n");
    assertThat(root.resolve(UNIT)).doesNotExist();
  }

  @Test
  void withoutAScriptOnlyTheToolsAreRemoved() throws Exception {
    Files.delete(root.resolve("etc/hyper2kvm/firstboot-script"));
    write(RemovalScript.SCRIPT, "echo tools >>%1$s/ran; rm -f %2$s".formatted(root, "$0"));
    boot("boot-1");

    assertThat(text("ran")).isEqualTo("tools\n");
    assertThat(root.resolve("etc/hyper2kvm")).doesNotExist();
  }

  @Test
  void itsRowsGoFromTheTablesOfOtherInits() throws Exception {
    write("/etc/inittab", "l2:2:wait:/x\nh2k1:2345:once:/bin/sh /etc/hyper2kvm/run-once\n");
    write("/etc/rc.local", "#!/bin/sh\n[ ! -f /etc/hyper2kvm/run-once ] || x &\nexit 0\n");
    script("true");
    boot("boot-1");

    assertThat(text("etc/inittab")).isEqualTo("l2:2:wait:/x\n");
    assertThat(text("etc/rc.local")).isEqualTo("#!/bin/sh\nexit 0\n");
  }
}
