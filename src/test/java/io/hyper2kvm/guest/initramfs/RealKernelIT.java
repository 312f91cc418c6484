package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hyper2kvm.guest.initramfs.archive.Compression;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A real kernel unpacks the extended initramfs and finds its disk; without it, it does not. */
class RealKernelIT {

  private static final Duration BOOT = Duration.ofSeconds(300);
  private static final String DISK_FOUND = "[vda]";
  private static final String SHELL = "(initramfs)";

  @TempDir private static Path work;
  private static RealInitramfs real;
  private static Path tree;

  @BeforeAll
  static void makeInitramfsWithoutVirtio() throws IOException, InterruptedException {
    real = RealInitramfs.ofThisMachine();
    tree = real.treeWithoutVirtio(work);
  }

  @Test
  void withoutTheArchiveThereIsNoDisk() throws IOException, InterruptedException {
    Path bare = RealInitramfs.pack(tree, work.resolve("bare"), Compression.GZIP);

    assertThat(boot(bare)).contains(SHELL).doesNotContain(DISK_FOUND);
  }

  @ParameterizedTest
  @EnumSource(names = {"GZIP", "ZSTD"})
  void withTheArchiveTheDiskIsThere(Compression compression)
      throws IOException, InterruptedException {
    diskIsThere(compression);
  }

  /** Those that guests seldom have. */
  @ParameterizedTest
  @Tag("all")
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"GZIP", "ZSTD"})
  void withTheArchiveTheDiskIsThereAlsoIn(Compression compression)
      throws IOException, InterruptedException {
    diskIsThere(compression);
  }

  private static void diskIsThere(Compression compression)
      throws IOException, InterruptedException {
    Path bare = RealInitramfs.pack(tree, work.resolve("bare." + compression), compression);
    String console = boot(real.extended(bare, work.resolve("extended." + compression)));

    assertThat(console)
        .contains(DISK_FOUND)
        .contains("[sda]")
        .doesNotContain("invalid magic")
        .doesNotContain("junk");
  }

  /** The console's text up to the shell of the initramfs, before it would mount its root. */
  private static String boot(Path initramfs) throws IOException {
    Path disk = work.resolve("disk.raw");
    Files.write(disk, new byte[1 << 20]);
    Path console = work.resolve(initramfs.getFileName() + ".console");
    Process qemu;
    try {
      qemu =
          new ProcessBuilder(
                  "qemu-system-x86_64",
                  "-nodefaults",
                  "-display",
                  "none",
                  "-machine",
                  "pc,accel=tcg",
                  "-m",
                  "1024",
                  "-no-reboot",
                  "-serial",
                  "file:" + console,
                  "-kernel",
                  real.vmlinuz().toString(),
                  "-initrd",
                  initramfs.toString(),
                  "-append",
                  "console=ttyS0 break=mount root=/dev/vda",
                  "-drive",
                  "if=none,id=a,format=raw,file=" + disk + ",snapshot=on",
                  "-device",
                  "virtio-blk-pci,drive=a",
                  "-device",
                  "virtio-scsi-pci",
                  "-drive",
                  "if=none,id=b,format=raw,file=" + disk + ",snapshot=on",
                  "-device",
                  "scsi-hd,drive=b")
              .redirectErrorStream(true)
              .redirectOutput(work.resolve("qemu.log").toFile())
              .start();
    } catch (IOException e) {
      throw new AssertionError("this test needs the tool qemu-system-x86_64", e);
    }
    try {
      await()
          .atMost(BOOT)
          .pollInterval(Duration.ofMillis(250))
          // With panic= on the command line the initramfs would reboot where its shell is wanted.
          .failFast(
              "QEMU ended, see qemu.log, or the kernel gave up",
              () -> !qemu.isAlive() || text(console).contains("Kernel panic"))
          .until(() -> text(console).contains(SHELL));
      return text(console);
    } finally {
      qemu.destroyForcibly();
    }
  }

  private static String text(Path console) throws IOException {
    return Files.exists(console) ? Files.readString(console, StandardCharsets.ISO_8859_1) : "";
  }
}
