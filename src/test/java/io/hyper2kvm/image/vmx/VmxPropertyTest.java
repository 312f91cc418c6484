package io.hyper2kvm.image.vmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.VmxFolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is given, the answer is a machine or a refusal; and what is written is what is read. */
@Tag("property")
class VmxPropertyTest {

  private static void describe(byte[] bytes) {
    try {
      VmxDescription vmx = VmxDescription.read(bytes, "x.vmx");
      assertThat(vmx.machine().disks()).isNotEmpty();
      assertThat(vmx.lines()).hasSameSizeAs(vmx.machine().disks());
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).startsWith("x.vmx");
    }
    try {
      VmxSnapshots.read(bytes, "x.vmsd");
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).startsWith("x.vmsd");
    }
  }

  @Property
  void arbitraryBytes(@ForAll @Size(max = 2000) byte[] bytes) {
    describe(bytes);
  }

  @Property
  void bytesWithinADescription(@ForAll @Size(max = 200) byte[] bytes, @ForAll int place) {
    byte[] text = VmxFolder.VMX.getBytes(StandardCharsets.UTF_8);
    int at = Math.floorMod(place, text.length);
    byte[] changed = text.clone();
    System.arraycopy(bytes, 0, changed, at, Math.min(bytes.length, text.length - at));
    describe(changed);
  }

  /** The words that the form and its readers know. */
  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> device =
        Arbitraries.of(
            "scsi0",
            "scsi0:0",
            "scsi3:64",
            "ide1:1",
            "sata0:0",
            "nvme9:999",
            "ethernet0",
            "ethernet999",
            "floppy0",
            "snapshot",
            "snapshot0",
            "snapshot0.disk0",
            "checkpoint",
            "encryption",
            "vtpm",
            "cpuid",
            "",
            "pciPassthru0");
    Arbitrary<String> key =
        Arbitraries.of(
            "present",
            "fileName",
            "deviceType",
            "mode",
            "redo",
            "virtualDev",
            "address",
            "addressType",
            "pciSlotNumber",
            "uid",
            "numDisks",
            "numSnapshots",
            "current",
            "node",
            "memSize",
            "numvcpus",
            "coresPerSocket",
            "firmware",
            "encoding",
            "networkName");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of(
                "TRUE",
                "FALSE",
                "a.vmdk",
                "cdrom-image",
                "-1",
                "192",
                "UTF-8",
                "Shift_JIS",
                "",
                "static",
                "00:50:56:01:02:03",
                "efi",
                "1"),
            Arbitraries.strings().all().ofMaxLength(30));
    Arbitrary<String> form =
        Arbitraries.of("%s.%s = \"%s\"", "%s.%s=%s", "%s.%s = \"%s", "#%s.%s%s");
    return Combinators.combine(form, device, key, value)
        .as((line, of, word, text) -> line.formatted(of, word, text))
        .list()
        .ofMaxSize(15);
  }

  @Property
  void linesOfKnownWords(@ForAll("lines") List<String> lines) {
    describe(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  @Provide
  Arbitrary<Map<String, String>> dictionaries() {
    Arbitrary<String> key =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars(".:0189_")
            .ofMinLength(1)
            .ofMaxLength(20);
    Arbitrary<String> value =
        Arbitraries.strings()
            .withChars("|\"#=\\\n\r\t 0aF")
            .withCharRange(' ', '~')
            .withChars("é日")
            .ofMaxLength(30);
    return Arbitraries.maps(key, value).ofMaxSize(20);
  }

  /** As VMware writes it: what would end the value, and what is no printable character. */
  private static String escaped(String value) {
    return value
        .chars()
        .mapToObj(
            c ->
                c == '"' || c == '|' || c == 0x7f || c < ' ' && c != '\t'
                    ? "|%02X".formatted(c)
                    : Character.toString(c))
        .collect(Collectors.joining());
  }

  @Property
  void whatIsWrittenIsRead(@ForAll("dictionaries") Map<String, String> dictionary) {
    StringBuilder text = new StringBuilder("#!/usr/bin/vmware\n");
    dictionary.forEach(
        (key, value) -> text.append(key).append(" = \"").append(escaped(value)).append("\"\r\n"));
    List<String> warnings = new ArrayList<>();

    VmxText read =
        VmxText.read(text.toString().getBytes(StandardCharsets.UTF_8), "x.vmx", warnings);

    Map<String, String> found = new LinkedHashMap<>();
    dictionary.keySet().forEach(key -> found.put(key, read.entry(key).orElseThrow().value()));
    assertThat(found).isEqualTo(dictionary);
    assertThat(warnings).isEmpty();
  }

  /** A disk of a machine, and its line of a file. */
  record Disk(String bus, int controller, int unit, String file) {

    String place() {
      return "%s%d:%d".formatted(bus, controller, unit);
    }

    /** The machine's order: by kind, then by controller, then by unit. */
    int rank() {
      return (List.of("ide", "scsi", "sata", "nvme").indexOf(bus) * 8 + controller) * 512 + unit;
    }
  }

  @Provide
  Arbitrary<List<Disk>> disks() {
    Arbitrary<Disk> any =
        Combinators.combine(
                Arbitraries.of("ide", "scsi", "sata", "nvme"),
                Arbitraries.integers().between(0, 3),
                Arbitraries.integers().between(0, 15),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(12).withCharRange('!', '~'))
            .as(
                (bus, controller, unit, file) ->
                    bus.equals("ide")
                        ? new Disk(bus, controller % 2, unit % 2, file)
                        : new Disk(bus, controller, unit, file));
    return any.list().ofMinSize(1).ofMaxSize(20).uniqueElements(Disk::place);
  }

  @Property
  void aMachineThatIsWrittenIsRead(
      @ForAll("disks") List<Disk> disks,
      @ForAll @Size(max = 10) List<@IntRange(min = 0, max = 9999) Integer> slots) {
    StringBuilder text = new StringBuilder();
    disks.stream()
        .map(disk -> disk.bus() + disk.controller())
        .distinct()
        .forEach(name -> text.append(name).append(".present = \"TRUE\"\n"));
    for (Disk disk : disks) {
      text.append("%s.fileName = \"%s\"\n".formatted(disk.place(), escaped(disk.file())));
      text.append("%s.Present = TRUE\n".formatted(disk.place()));
    }
    for (int i = slots.size() - 1; i >= 0; i--) {
      text.append("Ethernet%d.present = \"true\" # a card\n".formatted(i));
      text.append("ethernet%d.pciSlotNumber = \"%d\"\n".formatted(i, slots.get(i)));
      text.append("ethernet%1$d.generatedAddress = \"00:0c:29:00:00:0%1$d\"\n".formatted(i));
    }

    VmxDescription read =
        VmxDescription.read(text.toString().getBytes(StandardCharsets.UTF_8), "x.vmx");

    assertThat(read.warnings()).isEmpty();
    assertThat(read.machine().disks())
        .extracting(disk -> disk.id() + " " + disk.file().orElseThrow().href())
        .containsExactlyElementsOf(
            disks.stream()
                .sorted(Comparator.comparingInt(Disk::rank))
                .map(disk -> disk.place() + " " + disk.file())
                .toList());
    assertThat(read.machine().cards())
        .extracting(card -> card.slot().getAsInt())
        .containsExactlyElementsOf(slots);
    assertThat(read.machine().cards())
        .extracting(card -> card.mac().orElseThrow().substring(16))
        .containsExactlyElementsOf(
            IntStream.range(0, slots.size()).mapToObj(Integer::toString).toList());
  }
}
