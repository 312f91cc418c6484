package io.hyper2kvm.tool;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The programs that VMs need, and the oldest versions that can do the work. */
public enum KnownTool {
  /** Writes zstd since 5.1. */
  QEMU_IMG("qemu-img", "qemu-utils", 5, 1),
  /** The version of Debian 10. */
  GUESTFISH("guestfish", "libguestfs-tools", 1, 40),
  /** As old as the images that it boots. */
  QEMU_SYSTEM("qemu-system-x86_64", "qemu-system-x86", 5, 1);

  private final String program;
  private final String debianPackage;
  private final ToolVersion oldest;

  KnownTool(String program, String debianPackage, int major, int minor) {
    this.program = program;
    this.debianPackage = debianPackage;
    this.oldest = new ToolVersion(major, minor);
  }

  /** The tool that an executable's name or path means. */
  public static Optional<KnownTool> of(String executable) {
    String name = executable.substring(executable.lastIndexOf('/') + 1);
    return Stream.of(values()).filter(tool -> tool.program.equals(name)).findFirst();
  }

  /** The program's name. */
  public String program() {
    return program;
  }

  /** What to install on Debian. */
  public String debianPackage() {
    return debianPackage;
  }

  /** The oldest version that is accepted. */
  public ToolVersion oldest() {
    return oldest;
  }

  /** Where an executable is on the PATH of an environment. */
  public static Optional<Path> find(String executable, Map<String, String> environment) {
    if (executable.contains("/")) {
      return Optional.of(Path.of(executable)).filter(Files::isExecutable);
    }
    return Stream.of(environment.getOrDefault("PATH", "").split(":"))
        .map(folder -> Path.of(folder).resolve(executable))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst();
  }
}
