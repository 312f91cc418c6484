package io.hyper2kvm.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads the root file system of a converted Debian guest natively, without an appliance. */
final class RootFileSystem {

  /** Where the guest builder starts the first partition, in bytes. */
  private static final int START = 1 << 20;

  private final String device;

  /** The first partition of an image of any format, by a raw copy in the given directory. */
  RootFileSystem(Path image, String format, Path directory)
      throws IOException, InterruptedException {
    Path raw = directory.resolve(image.getFileName() + ".raw");
    RealGuest.Program.run(
        List.of(
            "qemu-img", "convert", "-f", format, "-O", "raw", image.toString(), raw.toString()));
    device = raw + "?offset=" + START;
  }

  /** Copies one file out. */
  Path dump(String file, Path to) throws IOException, InterruptedException {
    RealGuest.Program.run(List.of("debugfs", "-R", "dump %s %s".formatted(file, to), device));
    return to;
  }

  /** Copies the whole tree out. */
  Path dumpAll(Path to) throws IOException, InterruptedException {
    Files.createDirectories(to);
    RealGuest.Program.run(List.of("debugfs", "-R", "rdump / " + to, device));
    return to;
  }

  /** The names in a directory. */
  List<String> list(String directory) throws IOException, InterruptedException {
    return RealGuest.Program.run(List.of("debugfs", "-R", "ls -p " + directory, device))
        .lines()
        .map(line -> line.split("/"))
        .filter(fields -> fields.length > 5)
        .map(fields -> fields[5])
        .toList();
  }
}
