package io.hyper2kvm.tool;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tests whether KVM works. The device node does not prove it, and a QEMU that starts does not
 * either. Under some hypervisors QEMU accepts the plain processor and aborts with all features on,
 * which libguestfs and the boot test use. Under others a few instructions run, and a kernel hangs
 * while it unpacks itself. So a guest of four instructions is run with all features and must report
 * that its processor ran them. Then an installed kernel must reach its panic for the missing root
 * file system.
 */
public final class KvmProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Emulation takes 4 s for it; a KVM that takes longer is none. */
  private static final Duration KERNEL_PATIENCE = Duration.ofSeconds(10);

  private static final Path BOOT = Path.of("/boot");
  private static final String KERNEL_RAN = "Kernel panic";
  private static final int ROM_BYTES = 64 << 10;

  /** Where an x86 processor begins, 16 bytes before the end of the firmware. */
  private static final int RESET_VECTOR = ROM_BYTES - 16;

  /** {@code mov al,0x10; out 0xf4,al; hlt; jmp .-1}. */
  private static final byte[] GUEST = {
    (byte) 0xb0, 0x10, (byte) 0xe6, (byte) 0xf4, (byte) 0xf4, (byte) 0xeb, (byte) 0xfd
  };

  /** How QEMU's device isa-debug-exit ends the process for the value 0x10: twice that and one. */
  private static final int GUEST_RAN = 33;

  private final ToolUser user;
  private final ToolRunner runner;
  private final Duration kernelPatience;

  /** A probe whose QEMU runs as the given user. */
  public KvmProbe(ToolUser user) {
    this(user, KERNEL_PATIENCE);
  }

  /** A probe that waits this long for a kernel's panic. */
  KvmProbe(ToolUser user, Duration kernelPatience) {
    this.user = user;
    this.runner = new ToolRunner(user);
    this.kernelPatience = kernelPatience;
  }

  /**
   * Whether a guest runs under KVM.
   *
   * @param qemu the QEMU system emulator's name or path
   * @param directory a working directory for the probe, which removes its files; absolute
   * @param environment the probe's environment
   * @throws IOException when the directory cannot be written to
   */
  public boolean works(String qemu, Path directory, Map<String, String> environment)
      throws IOException {
    Path device = Path.of("/dev/kvm");
    if (!Files.isReadable(device)
        || !Files.isWritable(device)
        || !runs(qemu, "kvm", directory, environment)) {
      return false;
    }
    Optional<Path> kernel = kernel(BOOT);
    // Without a kernel that can be read there is no appliance, either.
    return kernel.isEmpty() || boots(qemu, "kvm", kernel.get(), directory, environment);
  }

  /** Any kernel that the tools can read: the appliance starts one of them. */
  Optional<Path> kernel(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (DirectoryStream<Path> kernels = Files.newDirectoryStream(folder, "vmlinuz-*")) {
      for (Path kernel : kernels) {
        if (Files.isReadable(kernel) && user.mayRead(kernel)) {
          return Optional.of(kernel);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a kernel comes to its panic under the given accelerator. */
  boolean boots(
      String qemu,
      String accelerator,
      Path kernel,
      Path directory,
      Map<String, String> environment) {
    List<String> guest =
        List.of(
            "-m",
            "256",
            "-no-reboot",
            "-serial",
            "stdio",
            "-kernel",
            kernel.toString(),
            "-append",
            "console=ttyS0 panic=-1");
    try {
      return runner
          .run(command(qemu, accelerator, guest, directory, environment, kernelPatience))
          .text()
          .contains(KERNEL_RAN);
    } catch (ToolFailedException e) {
      return false;
    }
  }

  /** A bare machine with all features of its processor. */
  private static ToolCommand command(
      String qemu,
      String accelerator,
      List<String> guest,
      Path directory,
      Map<String, String> environment,
      Duration patience) {
    List<String> arguments =
        new ArrayList<>(List.of("-nodefaults", "-no-user-config", "-display", "none"));
    arguments.addAll(List.of("-machine", "q35", "-accel", accelerator, "-cpu", "max"));
    arguments.addAll(guest);
    return new ToolCommand(
        qemu,
        arguments,
        directory,
        environment,
        new byte[0],
        patience,
        1 << 20,
        line -> {},
        Optional.empty());
  }

  /** Whether the probe's guest runs under the given accelerator. */
  boolean runs(String qemu, String accelerator, Path directory, Map<String, String> environment)
      throws IOException {
    Path rom = Files.createTempFile(directory, "probe", ".rom");
    try {
      Files.write(rom, rom());
      user.give(rom);
      List<String> guest =
          List.of(
              "-m",
              "64",
              "-device",
              "isa-debug-exit,iobase=0xf4,iosize=0x04",
              "-bios",
              rom.getFileName().toString());
      ToolCommand command = command(qemu, accelerator, guest, directory, environment, PATIENCE);
      return runner.run(command).exitCode() == GUEST_RAN;
    } catch (ToolFailedException e) {
      return false;
    } finally {
      Files.delete(rom);
    }
  }

  private static byte[] rom() {
    byte[] rom = new byte[ROM_BYTES];
    Arrays.fill(rom, (byte) 0xf4);
    System.arraycopy(GUEST, 0, rom, RESET_VECTOR, GUEST.length);
    return rom;
  }
}
