package io.hyper2kvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own in memory that a test fills up; counts in pages of 4 KiB. */
public final class SmallDisk {

  private static final String FILLER = ".filler";

  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts one; the test is skipped where that is not allowed. */
  public static SmallDisk mount(Path folder, String size) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a tmpfs");
    Files.createDirectories(folder);
    List<String> mount =
        List.of("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", folder.toString());
    Process process = new ProcessBuilder(mount).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(process.waitFor() == 0, () -> "a tmpfs cannot be mounted here: " + said);
    return new SmallDisk(folder);
  }

  /** The words of a shell that fill it up. */
  public String fillScript() {
    return "dd if=/dev/zero of='%s' bs=4k 2>/dev/null || true\n".formatted(folder.resolve(FILLER));
  }

  /** Fills it up but for some pages. */
  public void fill(int pagesLeft) throws Exception {
    run("sh", "-c", fillScript());
    run("truncate", "-s", "-" + pagesLeft * 4096, folder.resolve(FILLER).toString());
  }

  /** There is room again. */
  public void makeRoom() throws IOException {
    Files.delete(folder.resolve(FILLER));
  }

  /** What is still open there lives on until it is closed. */
  public void unmount() throws Exception {
    run("umount", "-l", folder.toString());
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(command), said).isZero();
  }
}
