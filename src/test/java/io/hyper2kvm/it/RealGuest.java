package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.tool.KvmProbe;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Real guest disks from the scripts in src/test/guests; built once, then cached. */
final class RealGuest {

  private RealGuest() {}

  /**
   * Builds a Debian 12 guest.
   *
   * @param formats the forms to make, e.g. {@code vmdk,vhd}; each comes back as one path, in order
   * @param options further options of the script
   */
  static List<Path> debian12(String formats, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Program.HOME.resolve("src/test/guests/build-debian12.sh").toString(),
                "--format",
                formats));
    command.addAll(List.of(options));
    return Program.run(command).lines().map(Path::of).toList();
  }

  /**
   * Builds a Debian 12 guest whose root is a logical volume over both of its disks.
   *
   * @return its OVA, and the disks in it: the first holds only a physical volume, the second boots
   */
  static List<Path> debian12OnLvm() throws IOException, InterruptedException {
    return Program.run(
            List.of(Program.HOME.resolve("src/test/guests/build-debian12-lvm.sh").toString()))
        .lines()
        .map(Path::of)
        .toList();
  }

  /**
   * Builds a Debian 12 guest that boots by UEFI, whose boot loader the old NVRAM alone named.
   *
   * @param loader {@code shim} or {@code systemd-boot}
   */
  static Path debian12OnUefi(String loader) throws IOException, InterruptedException {
    return Path.of(
        Program.run(
            List.of(
                Program.HOME.resolve("src/test/guests/build-debian12-uefi.sh").toString(),
                "--loader",
                loader)));
  }

  /** Builds two disks with a RAID 1 and logical volumes over both; nothing in them can boot. */
  static List<Path> onVolumes() throws IOException, InterruptedException {
    return Program.run(List.of(Program.HOME.resolve("src/test/guests/build-volumes.sh").toString()))
        .lines()
        .map(Path::of)
        .toList();
  }

  /** Runs a program that must succeed and gives its standard output. */
  static final class Program {
    static final Path HOME = Path.of(System.getProperty("h2k.basedir", "")).toAbsolutePath();

    /** Asked once: where KVM hangs, each start of a daemon would wait for the probe's time-out. */
    static final String KVM = kvmWorks() ? "auto" : "off";

    private Program() {}

    private static boolean kvmWorks() {
      try {
        Path directory = Files.createTempDirectory("kvm-probe");
        try {
          return new KvmProbe(ToolUser.OWN)
              .works("qemu-system-x86_64", directory, Map.of("PATH", System.getenv("PATH")));
        } finally {
          Files.delete(directory);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static String run(List<String> command) throws IOException, InterruptedException {
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
      // For guestfish: without KVM it takes a few seconds more, and works everywhere.
      builder.environment().put("LIBGUESTFS_BACKEND", "direct");
      builder.environment().put("LIBGUESTFS_BACKEND_SETTINGS", "force_tcg");
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as("exit code of %s", command).isZero();
      return output.strip();
    }
  }
}
