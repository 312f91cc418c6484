package io.hyper2kvm.guest;

import static io.hyper2kvm.guest.SampleGuests.ONE_DISK;
import static io.hyper2kvm.guest.SampleGuests.THREE_DISKS;
import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.boot.BlsEntry;
import io.hyper2kvm.guest.boot.DeviceMap;
import io.hyper2kvm.guest.boot.Extlinux;
import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.GrubDefaults;
import io.hyper2kvm.guest.boot.GrubEnv;
import io.hyper2kvm.guest.boot.KernelCmdlineFile;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import io.hyper2kvm.guest.fstab.Crypttab;
import io.hyper2kvm.guest.fstab.Fstab;
import io.hyper2kvm.guest.fstab.ResumeFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/** What holds for every text, whatever is in it. */
@Tag("property")
class TextPropertiesTest {

  static final Map<String, BiFunction<String, GuestDisks, Edited>> EDITS = edits();

  private static Map<String, BiFunction<String, GuestDisks, Edited>> edits() {
    Map<String, BiFunction<String, GuestDisks, Edited>> edits = new LinkedHashMap<>();
    edits.put("fstab", (t, d) -> Fstab.stabilize(t, d, Fstab.Mode.STABILIZE_ALL));
    edits.put("fstab by-path", (t, d) -> Fstab.stabilize(t, d, Fstab.Mode.BYPATH_ONLY));
    edits.put("crypttab", Crypttab::stabilize);
    edits.put("grub defaults", (t, d) -> GrubDefaults.stabilize("f", t, d));
    edits.put("serial console", (t, d) -> GrubDefaults.withSerialConsole(t));
    edits.put("grub.cfg", (t, d) -> GrubConfig.stabilize("f", t, d));
    edits.put("bls", (t, d) -> BlsEntry.stabilize("f", t, d));
    edits.put("grubenv", (t, d) -> GrubEnv.stabilize("f", t, d));
    edits.put("kernel cmdline", (t, d) -> KernelCmdlineFile.stabilize("f", t, d));
    edits.put("extlinux", (t, d) -> Extlinux.stabilize("f", t, d));
    edits.put("extlinux defaults", (t, d) -> Extlinux.stabilizeDefaults("f", t, d));
    edits.put("resume", (t, d) -> ResumeFile.stabilize("f", t, d));
    return edits;
  }

  /** Pieces that mean something to one of the edits, glued in any order. */
  @Provide
  Arbitrary<String> nearlyRealTexts() {
    Arbitrary<String> piece =
        Arbitraries.of(
            "/dev/sda1",
            "/dev/sda5",
            "/dev/sdb1",
            "/dev/nvme0n1p1",
            "/dev/sdz9",
            "/dev/sda7",
            "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:0:0-part1",
            "/dev/disk/by-path/pci-0000:03:00.0-scsi-0:0:1:0-part1",
            "/dev/disk/by-id/ata-x-part1",
            "UUID=dead-beef",
            "LABEL=data",
            " / ",
            " /data ",
            " none ",
            "root=",
            "resume=",
            "RESUME=",
            "GRUB_CMDLINE_LINUX=",
            "GRUB_DISABLE_LINUX_UUID=true",
            "linux ",
            "initrd ",
            "options ",
            "append ",
            "set ",
            "kernelopts=",
            "menuentry ",
            "\"",
            "'",
            "\\",
            "#",
            "$",
            "{",
            "}",
            ";",
            "=",
            " ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\u0000",
            "ext4 ",
            "xfs ",
            "swap ",
            "subvol=x ",
            "é",
            "\\040",
            "console=ttyS0",
            "export ",
            "root=$x ",
            "set x=",
            "\nlinux /v ");
    Arbitrary<String> mixed =
        Arbitraries.frequencyOf(
            Tuple.of(8, piece), Tuple.of(1, Arbitraries.strings().ofMaxLength(8)));
    return mixed.list().ofMaxSize(60).map(pieces -> String.join("", pieces));
  }

  @Property
  void everyEditSaysTrulyWhetherItChangedTheText(@ForAll("nearlyRealTexts") String text) {
    EDITS.forEach(
        (name, edit) -> {
          for (GuestDisks disks : List.of(ONE_DISK, THREE_DISKS)) {
            Edited edited = edit.apply(text, disks);
            assertThat(edited.changed()).as(name).isEqualTo(!edited.text().equals(text));
          }
        });
    GrubConfig.entries(text);
    GrubConfig.unresolvedRoots(text, ONE_DISK);
    DeviceMap.removal("/boot/grub/device.map", text);
    Fstab.rows(text);
  }

  @Property
  void everyEditDoneTwiceIsDoneOnce(@ForAll("nearlyRealTexts") String text) {
    EDITS.forEach(
        (name, edit) -> {
          for (GuestDisks disks : List.of(ONE_DISK, THREE_DISKS)) {
            Edited once = edit.apply(text, disks);
            Edited twice = edit.apply(once.text(), disks);
            assertThat(twice.text()).as(name).isEqualTo(once.text());
            assertThat(twice.failures()).as(name).hasSameSizeAs(once.failures());
          }
        });
  }

  @Property
  void everyEditKeepsTheLinesOfTheText(@ForAll("nearlyRealTexts") String text) {
    EDITS.forEach(
        (name, edit) -> {
          if (!name.equals("serial console")) {
            Edited edited = edit.apply(text, THREE_DISKS);
            List<String> before = List.of(text.split("\n", -1));
            List<String> after = List.of(edited.text().split("\n", -1));
            assertThat(after).as(name).hasSameSizeAs(before);
            List<Integer> changed = edited.changes().stream().map(Change::line).toList();
            for (int i = 0; i < before.size(); i++) {
              boolean padding = name.equals("grubenv") && i == before.size() - 1;
              if (!changed.contains(i + 1) && !padding) {
                assertThat(after.get(i)).as(name).isEqualTo(before.get(i));
              }
            }
          }
        });
  }

  @Provide
  Arbitrary<List<String>> fstabRows() {
    Arbitrary<String> device =
        Arbitraries.of(
            "/dev/sda1",
            "/dev/sda5",
            "/dev/sdb1",
            "/dev/sdz1",
            "UUID=dead-beef",
            "LABEL=data",
            "/dev/mapper/a-b",
            "tmpfs",
            "nas:/x",
            "# /dev/sda1",
            "/dev/sr0",
            "/dev/disk/by-path/pci-0000:00:10.0-scsi-0:0:1:0-part1");
    Arbitrary<String> gap = Arbitraries.of(" ", "\t", "   ", " \t ");
    Arbitrary<String> rest =
        Arbitraries.of(
            "/ ext4 defaults 0 1",
            "none swap sw 0 0",
            "/data\txfs\tdefaults 0 0 # /dev/sda1",
            "/dev/sda1 none bind",
            "/my\\040data auto ro\r",
            "/x");
    return Combinators.combine(gap.optional(0.3), device, gap, rest)
        .as((indent, d, g, r) -> indent.orElse("") + d + g + r)
        .list()
        .ofMaxSize(12);
  }

  @Property
  void onlyTheFirstColumnOfFstabChanges(@ForAll("fstabRows") List<String> rows) {
    String text = String.join("\n", rows);

    Edited edited = Fstab.stabilize(text, THREE_DISKS, Fstab.Mode.STABILIZE_ALL);

    assertThat(withoutFirstColumn(edited.text())).isEqualTo(withoutFirstColumn(text));
  }

  private static String withoutFirstColumn(String text) {
    return text.lines()
        .map(
            line ->
                line.strip().startsWith("#") ? line : line.replaceFirst("^([ \t]*)[^ \t]+", "$1"))
        .collect(Collectors.joining("\n"));
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.of(
            "root=/dev/sda1",
            "root=/dev/sdb1",
            "resume=/dev/sda5",
            "root=UUID=dead-beef",
            "ro",
            "quiet",
            "rootflags=subvol=/dev/sda1",
            "real_root=/dev/sda1",
            "resume_offset=12",
            "rd.lvm.lv=a/b",
            "xroot=/dev/sda1",
            "BOOT_IMAGE=/vmlinuz",
            "console=ttyS0,115200n8")
        .list()
        .ofMaxSize(10);
  }

  @Property
  void onlyTheValuesOfRootAndResumeChange(
      @ForAll("words") List<String> words, @ForAll boolean quoted) {
    String quote = quoted ? "\"" : "";
    String line = quote + String.join(" ", words) + quote;

    String edited = KernelCmdlineFile.stabilize("f", line, THREE_DISKS).text();

    String body = edited.substring(quote.length(), edited.length() - quote.length());
    List<String> after = body.isEmpty() ? List.of() : List.of(body.split(" "));
    assertThat(edited).startsWith(quote).endsWith(quote);
    assertThat(after).hasSameSizeAs(words);
    for (int i = 0; i < words.size(); i++) {
      String key = words.get(i).replaceFirst("=.*", "=");
      if (key.equals("root=") || key.equals("resume=")) {
        assertThat(after.get(i)).startsWith(key + "UUID=");
      } else {
        assertThat(after.get(i)).isEqualTo(words.get(i));
      }
    }
  }

  @Property
  void grubEnvNeverChangesItsSize(@ForAll("words") List<String> words) {
    String head = "# GRUB Environment Block\nkernelopts=" + String.join(" ", words) + "\n";
    String block = head + "#".repeat(GrubEnv.SIZE - head.length());

    assertThat(GrubEnv.stabilize("f", block, THREE_DISKS).text()).hasSize(GrubEnv.SIZE);
  }

  @Example
  void evidenceOfAMillionBadRowsIsBounded() {
    Edited edited =
        Fstab.stabilize("UUID=dead /x\n".repeat(80_000), ONE_DISK, Fstab.Mode.STABILIZE_ALL);

    assertThat(edited.leftAlone()).hasSize(TextEdit.MAX_NOTES);
    assertThat(edited.warnings()).hasSize(TextEdit.MAX_NOTES + 1);
    assertThat(edited.warnings().get(TextEdit.MAX_NOTES)).contains("were not kept");
  }

  @Example
  void evidenceOfAnEndlessLineShowsThePlaceThatChanged() {
    String line = "x ".repeat(100_000) + "root=/dev/sda1" + " y".repeat(100_000);

    Change change = KernelCmdlineFile.stabilize("f", line, ONE_DISK).changes().get(0);

    assertThat(change.before()).contains("root=/dev/sda1").hasSizeLessThan(2100);
    assertThat(change.after()).contains("root=UUID=").hasSizeLessThan(2100);
  }
}
