package io.hyper2kvm.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** libguestfs makes its appliance of an installed kernel, which it must be able to read. */
final class KernelCheck implements Check {

  private static final String SUBJECT = "Kernel";

  @Override
  public List<Finding> run(Host host) {
    List<String> readable = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    List<String> bare = new ArrayList<>();
    Path boot = host.root().resolve("boot");
    try (DirectoryStream<Path> kernels = Files.newDirectoryStream(boot, "vmlinuz-*")) {
      for (Path kernel : kernels) {
        String name = kernel.getFileName().toString();
        Path modules = host.root().resolve("lib/modules").resolve(name.substring(8));
        if (!Files.isReadable(kernel) || !host.toolUser().mayRead(kernel)) {
          hidden.add(name);
        } else if (!Files.isDirectory(modules)) {
          bare.add(name);
        } else {
          readable.add(name);
        }
      }
    } catch (IOException e) {
      return List.of(
          Finding.fail(SUBJECT, "/boot cannot be read: " + e, "let the daemon's user read /boot"));
    }
    if (!readable.isEmpty()) {
      return List.of(Finding.ok(SUBJECT, String.join(", ", readable)));
    }
    if (!hidden.isEmpty()) {
      return List.of(
          Finding.fail(
              SUBJECT,
              "%s in /boot may not be read; there is no appliance without one".formatted(hidden),
              "chmod 0644 /boot/vmlinuz*, or dpkg-statoverride to make it last"));
    }
    String found = bare.isEmpty() ? "none in /boot" : "%s in /boot without modules".formatted(bare);
    return List.of(
        Finding.fail(
            SUBJECT,
            found + "; there is no appliance without one",
            "install linux-image-amd64 (Debian) or linux-image-virtual (Ubuntu)"));
  }
}
