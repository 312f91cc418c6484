package io.hyper2kvm.guest.boot.uefi;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

@Tag("property")
class EfiProgramPropertiesTest {

  @Property
  void noBytesAreTooOdd(@ForAll byte[] head) {
    byte[] program = head.clone();
    if (program.length > 1) {
      program[0] = 'M';
      program[1] = 'Z';
    }

    EfiProgram found = EfiProgram.of("/EFI/x/y.efi", program.length, program);

    assertThat(found.program()).isEqualTo(program.length > 1);
  }

  @Property
  void aHeaderMayBeDamagedAnywhere(
      @ForAll @IntRange(max = 511) int at,
      @ForAll byte value,
      @ForAll @IntRange(max = 600) int to) {
    byte[] program = Esp.pe(EfiProcessor.X64, "grub");
    program[at] = value;

    EfiProgram found = EfiProgram.of("/EFI/x/y.efi", to, Arrays.copyOf(program, to));

    assertThat(found.header().stream().flatMap(pe -> pe.sections().stream()))
        .hasSizeLessThanOrEqualTo(96);
  }

  @Example
  void theNamesInAShimAreRead() {
    byte[] shim = Esp.shim("EFI\\BOOT\\fbx64.efi", "fbx64.efi", "mmx64.efi", "\\grubx64.efi");

    assertThat(EfiProgram.of("/EFI/x/y.efi", shim.length, shim).shim())
        .contains(new ShimNames("grubx64.efi", "fbx64.efi", "mmx64.efi"));
  }

  @Example
  void theHeaderTellsProcessorAndSections() {
    byte[] program = Esp.pe(0xaa64, 10, "x", List.of(".linux", ".initrd"));

    assertThat(PeHeader.of(program))
        .contains(new PeHeader(0xaa64, 10, false, List.of(".linux", ".initrd")));
  }
}
