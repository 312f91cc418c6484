package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The initramfs of a converted guest after the next kernel update: the guest's own tool builds it
 * anew in an appliance, on an overlay, and it is judged as any other.
 */
final class NextInitramfs {

  private static final Path SCRIPT =
      RealGuest.Program.HOME.resolve("src/test/guests/next-initramfs.sh");

  private NextInitramfs() {}

  /**
   * What each kernel's new initramfs can drive.
   *
   * @param disks the converted disks, in order
   * @param passphrase of encrypted disks; empty for none
   * @param mountedBy guestfish's commands that mount the guest; none if it finds the root itself
   * @param folder a new folder for what is taken out of the guest
   */
  static Map<String, KernelDrivers> of(
      List<Path> disks, String passphrase, List<String> mountedBy, Path folder)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(SCRIPT.toString(), folder.toString()));
    if (!passphrase.isEmpty()) {
      command.addAll(List.of("--key", passphrase));
    }
    mountedBy.forEach(mount -> command.addAll(List.of("--by", mount)));
    disks.forEach(disk -> command.add(disk.toString()));
    RealGuest.Program.run(command);
    Map<String, KernelDrivers> found = new LinkedHashMap<>();
    try (Stream<Path> kernels = Files.list(folder)) {
      for (Path kernel : kernels.sorted().toList()) {
        found.put(kernel.getFileName().toString(), drivers(kernel));
      }
    }
    assertThat(found).as("kernels with a new initramfs").isNotEmpty();
    return found;
  }

  private static KernelDrivers drivers(Path kernel) throws IOException {
    KernelModules modules =
        KernelModules.parse(
            text(kernel, "dep"),
            text(kernel, "builtin"),
            text(kernel, "softdep"),
            text(kernel, "alias"));
    InitramfsContents contents = new InitramfsReader().read(kernel.resolve("initramfs"));
    return KernelDrivers.of(contents, modules, kernel.getFileName().toString(), Map.of());
  }

  private static String text(Path kernel, String index) throws IOException {
    return Files.readString(kernel.resolve("modules." + index), StandardCharsets.ISO_8859_1);
  }
}
