package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.QemuFileName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Disks of every kind, made by the real qemu-img in one folder, and what is compared with them. */
final class RealDisks {

  static final int BYTES = 6 << 20;

  final Path folder;
  private final Random random = new Random(11);

  RealDisks(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  static boolean toolsAreThere() {
    return Arrays.stream(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "qemu-img")));
  }

  /** A raw disk with data at its start and up to its last byte, and a hole between. */
  Path raw(String name) throws IOException {
    byte[] data = new byte[BYTES];
    random.nextBytes(data);
    Arrays.fill(data, 0, 512, (byte) 0); // no magic by chance
    Arrays.fill(data, 1 << 20, 3 << 20, (byte) 0);
    return Files.write(folder.resolve(name), data);
  }

  /** Runs qemu-img in the folder. */
  void qemuImg(Object... arguments) throws IOException, InterruptedException {
    run("qemu-img", arguments);
  }

  /** Writes the byte to a part of an image, as a guest would. */
  void write(Path image, String format, int pattern, String offset, String length)
      throws IOException, InterruptedException {
    String command = "write -P %d %s %s".formatted(pattern, offset, length);
    run("qemu-io", "-f", format, "-c", command, image);
  }

  /** Writes a partition table with one partition, as sfdisk labels it. */
  void partition(Path raw, String label) throws IOException, InterruptedException {
    Path script =
        Files.writeString(folder.resolve(".table"), "label: " + label + "\nstart=2048, type=L\n");
    run(script, "sfdisk", "-q", raw);
  }

  /** Both must show a guest the same bytes, and the same number of them. */
  void assertSame(Path raw, Path converted) throws IOException, InterruptedException {
    assertThat(Files.size(converted)).isEqualTo(Files.size(raw));
    qemuImg(
        "compare",
        QemuFileName.image(ImageFormat.RAW, raw).value(),
        QemuFileName.image(ImageFormat.RAW, converted).value());
  }

  private void run(String tool, Object... arguments) throws IOException, InterruptedException {
    run(Path.of("/dev/null"), tool, arguments);
  }

  private void run(Path input, String tool, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(tool));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Path output = folder.resolve(".output");
    Process process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("did not end: " + command);
    }
    assertThat(process.exitValue()).as("%s: %s", command, Files.readString(output)).isZero();
  }
}
