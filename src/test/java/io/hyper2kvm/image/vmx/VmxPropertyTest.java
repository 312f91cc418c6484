package io.hyper2kvm.image.vmx;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.VmxFolder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
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
}
