package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is on EFI system partitions, through the real appliance; the guests cannot start. */
@Timeout(600)
class UefiCasesIT {

  private static final String CHECK = "guest_uefi_loader";

  @TempDir private Path folder;

  private GuestCase planned(String variant) throws IOException, InterruptedException {
    Path maker = RealGuest.Program.HOME.resolve("src/test/guests/cases/uefi-loaders.sh");
    RealGuest.Program.run(List.of("bash", maker.toString(), folder.toString(), variant));
    return GuestCase.planned(folder.resolve("manifest.json"));
  }

  /** Those of the partition; the guests' kernels have no modules, which is warned of, too. */
  private static List<String> warnings(GuestCase planned) {
    return planned.warnings().stream()
        .filter(it -> !it.startsWith("the VM gets ") && !it.startsWith("the modules of the kernel"))
        .toList();
  }

  private static Optional<JsonNode> check(GuestCase planned) {
    return StreamSupport.stream(planned.report().at("/plan/checks").spliterator(), false)
        .filter(check -> check.path("name").asText().equals(CHECK))
        .findFirst();
  }

  @Test
  void aDebianWithoutFallbackLoaderGetsItsOwn() throws Exception {
    GuestCase planned = GuestCase.planned("grub-uefi-debian-no-fallback", folder);

    assertThat(planned.completed()).as(planned.report()::toPrettyString).isTrue();
    assertThat(planned.changes())
        .extracting(
            change -> change.path("file").asText(),
            change -> change.path("after").asText().replaceAll(",.*", ""))
        .containsExactly(
            copy("BOOTX64.EFI", "shimx64.efi"),
            copy("grubx64.efi", "grubx64.efi"),
            copy("grub.cfg", "grub.cfg"),
            copy("mmx64.efi", "mmx64.efi"));
    // Its programs are no real ones, which is said.
    assertThat(warnings(planned)).singleElement().asString().contains(CHECK, "PE header");
  }

  private static Tuple copy(String target, String source) {
    return tuple("/boot/efi/EFI/BOOT/" + target, "copy of /EFI/debian/" + source);
  }

  @Test
  void withoutTheFixTheGuestIsRefused() throws Exception {
    GuestCase planned = planned("unfixed");

    assertThat(planned.failureCode()).isEqualTo("GUEST_CHECK_FAILED");
    assertThat(planned.failureMessage()).contains(CHECK, "/EFI/BOOT/BOOTX64.EFI", "fix.grub");
  }

  @Test
  void aFullPartitionIsRefusedWithItsNumbers() throws Exception {
    GuestCase planned = planned("full");

    assertThat(planned.failureCode()).isEqualTo("GUEST_NO_SPACE");
    assertThat(planned.failureMessage()).contains("disk 1, partition 1", "bytes free");
  }

  @Test
  @Tag("all")
  void aLoaderOfAnyCaseWithItsFallbackStaysAsItIs() throws Exception {
    GuestCase planned = planned("fallback");

    assertThat(planned.completed()).as(planned.report()::toPrettyString).isTrue();
    assertThat(planned.changes()).isEmpty();
    assertThat(check(planned).orElseThrow().path("status").asText()).isEqualTo("passed");
    assertThat(warnings(planned)).isEmpty();
  }

  @Test
  @Tag("all")
  void anEmptyPartitionOfABiosGuestNeedsNoLoader() throws Exception {
    GuestCase planned = planned("bios");

    assertThat(planned.completed()).as(planned.report()::toPrettyString).isTrue();
    assertThat(planned.report().at("/stages/inspect/firmware").asText()).isEqualTo("bios");
    assertThat(check(planned)).isEmpty();
    assertThat(warnings(planned)).singleElement().asString().contains("starts by BIOS");
  }
}
