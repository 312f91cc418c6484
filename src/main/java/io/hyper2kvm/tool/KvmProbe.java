package io.hyper2kvm.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks whether KVM works. The device node alone says nothing, nor does a QEMU that starts: under
 * some hypervisors it accepts the plain processor and aborts with all features on, which is how
 * libguestfs and the boot test start it. So a guest of four instructions is run with all features,
 * and must tell that its processor ran them.
 */
public final class KvmProbe {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
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

  /** A probe whose QEMU runs as the given user. */
  public KvmProbe(ToolUser user) {
    this.user = user;
    this.runner = new ToolRunner(user);
  }

  /**
   * Whether a guest runs under KVM.
   *
   * @param qemu the QEMU system emulator's name or path
   * @param directory a working directory for the probe, which leaves nothing in it; absolute
   * @param environment the probe's environment
   * @throws IOException when the directory cannot be written to
   */
  public boolean works(String qemu, Path directory, Map<String, String> environment)
      throws IOException {
    Path device = Path.of("/dev/kvm");
    return Files.isReadable(device)
        && Files.isWritable(device)
        && runs(qemu, "kvm", directory, environment);
  }

  /** Whether the probe's guest runs under the given accelerator. */
  boolean runs(String qemu, String accelerator, Path directory, Map<String, String> environment)
      throws IOException {
    Path rom = Files.createTempFile(directory, "probe", ".rom");
    try {
      Files.write(rom, rom());
      user.give(rom);
      ToolCommand command =
          new ToolCommand(
              qemu,
              List.of(
                  "-nodefaults",
                  "-no-user-config",
                  "-display",
                  "none",
                  "-machine",
                  "q35",
                  "-accel",
                  accelerator,
                  "-cpu",
                  "max",
                  "-m",
                  "64",
                  "-device",
                  "isa-debug-exit,iobase=0xf4,iosize=0x04",
                  "-bios",
                  rom.getFileName().toString()),
              directory,
              environment,
              new byte[0],
              PATIENCE,
              1 << 20,
              line -> {},
              Optional.empty());
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
