package io.hyper2kvm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.uefi.UefiGuest;
import io.hyper2kvm.guest.btrfs.MountedSubvolumes;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.distribution.OsRelease;
import io.hyper2kvm.guest.network.NetworkPlan;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.UefiBoot;
import io.hyper2kvm.stage.inspect.software.FoundSoftware;
import io.hyper2kvm.stage.inspect.state.GuestState;
import io.hyper2kvm.stage.machine.MachineDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.junit.jupiter.api.Test;

/** What a guest says of itself, made fit for reports, logs and terminals. */
@Tag("property")
class GuestTextTest {

  @Property
  void osReleaseOfAnyTextIsReadWithoutAnError(@ForAll String text) {
    assertThat(OsRelease.parse(text)).isNotNull();
  }

  @Test
  void osReleaseValuesMayBeQuotedOrNot() {
    assertThat(
            OsRelease.parse(
                "# c\n"
                    + "ID=debian\n"
                    + "VERSION_ID=\"12\"\n"
                    + "NAME='It is'\n"
                    + "PRETTY_NAME=\"A \\\"b\\\" $c\"\n"))
        .isEqualTo(
            Map.of(
                "ID", "debian", "VERSION_ID", "12", "NAME", "It is", "PRETTY_NAME", "A \"b\" $c"));
  }

  @Test
  void osReleaseLinesThatAreNoAssignmentsAreLeftOut() {
    assertThat(OsRelease.parse("id=small\n=x\nID\n A B=c\nX=" + "y".repeat(301) + "\n\"\nQ=\""))
        .isEqualTo(Map.of("Q", "\""));
  }

  @Test
  void osReleaseIsReadToALimit() {
    assertThat(OsRelease.parse("\n".repeat(200) + "ID=late\n")).isEmpty();
  }

  @Test
  void osReleaseEscapesAreNotShown() {
    assertThat(OsRelease.parse("PRETTY_NAME=\"\u001b]0;pwn\u0007Debian\""))
        .containsEntry("PRETTY_NAME", "\ufffd]0;pwn\ufffdDebian");
  }

  @Test
  void factsOfAnUnknownGuestAreAllThereAndEmpty() {
    GuestFacts facts = facts("unknown", List.of(), Map.of());

    assertThat(facts.prettyName()).isEqualTo("unknown");
    assertThat(report(facts))
        .containsOnlyKeys(
            "os_detected",
            "network",
            "os",
            "distribution",
            "version",
            "hostname",
            "architecture",
            "firmware",
            "boot_disk",
            "boot_loader",
            "initramfs_tool",
            "package_database",
            "kernels",
            "file_systems")
        .containsEntry("distribution", "")
        .containsEntry("file_systems", List.of());
  }

  @Test
  void fileSystemsAreShownWithTheirMountPointAndPrintable() {
    GuestFacts facts =
        facts(
            "linux",
            List.of(
                new GuestPartition(
                    "/dev/sda1", 0, 1, "u-1", "", "ro\u001bot\u202e", "ext4", Set.of()),
                new GuestPartition("/dev/sda2", 0, 2, "", "", "", "", Set.of())),
            Map.of("/", "/dev/sda1"));

    assertThat(report(facts).get("file_systems"))
        .isEqualTo(
            List.of(
                Map.of(
                    "device",
                    "/dev/sda1",
                    "type",
                    "ext4",
                    "uuid",
                    "u-1",
                    "label",
                    "ro\ufffdot\ufffd",
                    "mount_point",
                    "/")));
  }

  private static Map<String, Object> report(GuestFacts facts) {
    MachineDescription machine = MachineDescription.ofDisks(List.of());
    UefiBoot uefi =
        new UefiBoot(
            List.of(),
            new UefiGuest(false, "", List.of(), "none", List.of(), false, Set.of()),
            false);
    return new InspectResult(
            facts,
            NetworkPlan.NOTHING,
            machine,
            uefi,
            GuestState.NOT_KNOWN,
            FoundSoftware.NOTHING,
            true)
        .json();
  }

  private static GuestFacts facts(
      String os, List<GuestPartition> partitions, Map<String, String> mounts) {
    return new GuestFacts(
        os,
        Map.of(),
        "",
        "",
        "bios",
        0,
        "none",
        "",
        "",
        false,
        new GuestDisks(partitions, 1),
        mounts,
        new MountedSubvolumes(Map.of()),
        List.of(),
        List.of(),
        new TreeMap<>());
  }
}
