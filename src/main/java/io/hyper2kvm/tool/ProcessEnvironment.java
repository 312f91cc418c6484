package io.hyper2kvm.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** The environment that a process was started with, as the kernel shows it. */
final class ProcessEnvironment {

  private static final int MAX_BYTES = 1 << 20;

  private ProcessEnvironment() {}

  /** A variable's value; empty also when the process has ended or may not be looked at. */
  static Optional<String> value(long pid, String name) {
    try (InputStream in = Files.newInputStream(Path.of("/proc", String.valueOf(pid), "environ"))) {
      String environment = new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
      String start = name + "=";
      return Stream.of(environment.split("\0"))
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty(); // Gone meanwhile, or another user's.
    }
  }
}
