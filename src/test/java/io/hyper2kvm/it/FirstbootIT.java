package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.tool.boot.QemuCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real guests with different inits run the script of a manifest at their first boot: not in a boot
 * test, then once, and not again. What they say is read on their serial consoles.
 */
@Timeout(3600)
@Tag("all")
class FirstbootIT {

  private static final Duration PATIENCE = Duration.ofMinutes(20);

  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(60);

  /** What root types after each boot; the words on the console are not those of the command. */
  private static final String LOOK =
      "printf 'h2k-%s\\n' begin; ls -1 /etc/hyper2kvm; cat /root/ran /var/log/hyper2kvm-firstboot.log;"
          + " ls -1 /etc/systemd/system/hyper2kvm* /etc/init.d/hyper2kvm* /etc/runlevels/default/hyper2kvm*;"
          + " grep h2k1 /etc/inittab; printf 'h2k-%s\\n' end; sync; poweroff";

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws IOException {
    Path scripts = Files.createDirectories(directory.resolve("scripts"));
    Files.writeString(
        scripts.resolve("first.sh"),
        "#!/bin/sh -e\necho said by the script\necho once >>/root/ran\nexit 7\n");
    daemon = DaemonProcess.start(directory, Map.of("HYPER2KVM_SOURCE_DIR", scripts.toString()));
  }

  @AfterAll
  static void stopDaemon() throws InterruptedException, IOException {
    daemon.stop();
  }

  @ParameterizedTest
  @CsvSource({"bios-ifupdown, systemd", "sysvinit, sysvinit", "openrc, openrc"})
  void theScriptRunsOnce(String name, String init) throws Exception {
    BootedGuest guest = BootedGuest.build(name, false);
    daemon.drop(
        name + ".yaml",
        """
        version: "1.0"
        name: %s
        pipeline:
          load: {source_path: %s}
          fix: {fstab: {}, grub: {}, initramfs: {}}
          firstboot: {script: first.sh}
          convert: {domain: {disk_bus: virtio}}
        """
            .formatted(name, guest.folder().resolve(guest.description().at("/disks/0").asText())));
    DaemonProcess.Outcome outcome = daemon.outcome(name + ".yaml", PATIENCE);
    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    JsonNode fix = outcome.json().at("/stages/fix/fixes_applied");
    assertThat(fix.path(fix.size() - 1).path("init").asText()).isEqualTo(init);

    Path disk = directory.resolve(name + ".qcow2");
    RealGuest.Program.run(
        List.of(
            "qemu-img",
            "create",
            "-q",
            "-f",
            "qcow2",
            "-F",
            "qcow2",
            "-b",
            daemon.output(name + "-converted.qcow2").toString(),
            disk.toString()));
    assertThat(boot(disk, true)).contains("firstboot-script", "run-once").doesNotContain("once");

    List<String> first = boot(disk, false);
    assertThat(first).contains("firstboot-script.done", "said by the script");
    assertThat(first).filteredOn(line -> line.equals("once")).hasSize(1);
    assertThat(first).filteredOn(line -> line.contains("begin: ")).hasSize(1);
    assertThat(first).filteredOn(line -> line.endsWith("end: exit code 7")).hasSize(1);

    List<String> second = boot(disk, false);
    assertThat(second).filteredOn(line -> line.equals("once")).hasSize(1);
    assertThat(second).filteredOn(line -> line.contains("begin: ")).hasSize(1);
    assertThat(second)
        .as("nothing starts it any more")
        .doesNotContain("run-once")
        .noneMatch(line -> line.matches("/etc/.*/hyper2kvm-firstboot.*") || line.contains("h2k1:"));
    Files.delete(disk);
    Files.delete(daemon.output(name + "-converted.qcow2"));
  }

  /**
   * Boots a disk, looks and powers off.
   *
   * @param test whether the machine is one of a boot test
   * @return the lines of what was looked at
   */
  private static List<String> boot(Path disk, boolean test) throws Exception {
    Path console = directory.resolve(disk.getFileName() + ".console");
    List<String> command =
        new ArrayList<>(
            List.of("qemu-system-x86_64", "-nodefaults", "-no-reboot", "-display", "none"));
    String accel = RealGuest.Program.KVM.equals("off") ? "tcg" : "kvm:tcg";
    command.addAll(List.of("-machine", "q35,accel=" + accel, "-m", "1024", "-serial", "stdio"));
    command.addAll(List.of("-drive", "if=none,id=disk,format=qcow2,file=" + disk));
    command.addAll(List.of("-device", "virtio-blk-pci,drive=disk"));
    if (test) {
      command.addAll(List.of("-smbios", "type=3,asset=" + QemuCommand.BOOT_TEST_TAG));
    }
    Process qemu =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(console.toFile())
            .start();
    try (OutputStream keys = qemu.getOutputStream()) {
      logIn(qemu, console, keys);
      if (!test) {
        // The script may still be at work; of a second boot the log has the line already.
        type(
            keys,
            "until grep -qs exit.code /var/log/hyper2kvm-firstboot.log; do sleep 1; done; "
                + "while [ -e /etc/hyper2kvm/run-once ]; do sleep 1; done; "
                + LOOK);
      } else {
        // Long after what starts it was started.
        type(keys, "sleep 20; " + LOOK);
      }
      await(qemu, console, "h2k-end");
      assertThat(qemu.waitFor(5, TimeUnit.MINUTES)).as("it powers off").isTrue();
    } finally {
      qemu.destroyForcibly();
    }
    String text = read(console);
    return text.substring(text.indexOf("h2k-begin"), text.indexOf("h2k-end"))
        .lines()
        .map(String::strip)
        .toList();
  }

  /** A slow guest may end a login before it is answered, and then asks again. */
  private static void logIn(Process qemu, Path console, OutputStream keys) {
    AtomicInteger answered = new AtomicInteger();
    AtomicLong since = new AtomicLong(System.nanoTime());
    Awaitility.await()
        .atMost(Duration.ofMinutes(15))
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              String text = read(console).stripTrailing();
              boolean stale = System.nanoTime() - since.get() > ANSWERED_WITHIN.toNanos();
              if (text.length() != answered.get() || stale) {
                String answer =
                    text.endsWith("login:")
                        ? "root"
                        : text.endsWith("Password:") ? "hyper2kvm" : "";
                if (stale || !answer.isEmpty()) {
                  type(keys, answer);
                  answered.set(text.length());
                  since.set(System.nanoTime());
                }
              }
              return text.endsWith(":~#") || !qemu.isAlive();
            });
    assertThat(qemu.isAlive()).as(() -> read(console)).isTrue();
  }

  private static void type(OutputStream keys, String line) throws IOException {
    keys.write((line + "\r").getBytes(StandardCharsets.US_ASCII));
    keys.flush();
  }

  private static String read(Path console) {
    try {
      return new String(Files.readAllBytes(console), StandardCharsets.ISO_8859_1).replace("\r", "");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(Process qemu, Path console, String words) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> read(console).contains(words) || !qemu.isAlive());
    assertThat(read(console)).contains(words);
  }
}
