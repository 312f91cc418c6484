package io.hyper2kvm.image.ova;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.ova.container.TarHeaders;
import io.hyper2kvm.image.ova.ovf.OvfDescription;
import io.hyper2kvm.image.probe.TestImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is given, the answer is an OVA or a refusal, never another exception. */
class OvaPropertyTest {

  private static final List<String> OVFS =
      List.of("vsphere-bios.ovf", "virtualbox.ovf", "ovirt.ovf", "vsphere-configurations.ovf");

  private static Path directory;

  @BeforeContainer
  static void makeFolder() throws IOException {
    directory = Files.createTempDirectory("h2k-ova").toRealPath();
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  @Property
  void arbitraryText(@ForAll @Size(max = 2000) String text) {
    describe(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void arbitraryBytes(@ForAll @Size(max = 2000) byte[] bytes) throws IOException {
    describe(bytes);
    open(bytes);
  }

  /** Words and signs of a real description are removed, doubled, exchanged or made numbers. */
  @Property
  void changedDescriptions(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(Ovas.resource(OVFS.get(random.nextInt(OVFS.size()))));
    for (int i = 1 + random.nextInt(5); i > 0; i--) {
      int from = random.nextInt(text.length());
      int to = Math.min(text.length(), from + random.nextInt(40));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(from, to);
        case 1 -> text.insert(from, text.substring(from, to));
        case 2 -> text.setCharAt(from, (char) random.nextInt(0x300));
        case 3 -> text.replace(from, to, String.valueOf(random.nextLong()));
        default -> text.insert(from, "<!--");
      }
    }
    describe(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void describe(byte[] xml) {
    try {
      OvfDescription.read(xml, "x.ovf");
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  @Provide
  Arbitrary<byte[]> archives() {
    Ovas ova =
        Ovas.with("vm.ovf", Ovas.resource("vsphere-bios.ovf"))
            .and("a long name of a folder/".repeat(8) + "x", "x")
            .and("disk1.vmdk", TestImages.streamOptimized())
            .andManifest("vm.mf", "SHA-1", "SHA1(%s)= %s");
    byte[] pax =
        new TarHeaders()
            .entry("p", 'x', TarHeaders.record("path", "vm.ovf") + TarHeaders.record("size", "3"))
            .entry("@", 'L', "disk")
            .entry("x", '0', "abc")
            .end();
    return Arbitraries.of(
        List.of(
            ova.tar(),
            pax,
            Ovas.gzip(ova.tar()),
            Ovas.xz(ova.tar()),
            Ovas.zstd(ova.tar()),
            ova.zip(true),
            ova.zip(false)));
  }

  @Property
  void changedArchives(@ForAll("archives") byte[] valid, @ForAll("seeds") long seed)
      throws IOException {
    Random random = new Random(seed);
    byte[] archive = valid.clone();
    boolean tar = archive[257] == 'u' || archive.length % 512 == 0;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int header = 512 * random.nextInt(1 + archive.length / 512);
      int at = Math.min(archive.length - 1, header + random.nextInt(512));
      archive[at] = (byte) random.nextInt();
      if (tar && header + 512 <= archive.length) {
        // A wrong checksum would be all that is ever tested.
        byte[] block = Arrays.copyOfRange(archive, header, header + 512);
        System.arraycopy(TarHeaders.sum(block), 0, archive, header, 512);
      }
    }
    open(random.nextInt(4) == 0 ? Arrays.copyOf(archive, random.nextInt(archive.length)) : archive);
  }

  private static void open(byte[] bytes) throws IOException {
    Path file = Ovas.write(directory.resolve("x"), bytes);
    Path folder = Files.createTempDirectory(directory, "unpacked");
    try (OvaPackage ova = OvaReader.openArchive(file)) {
      assertThat(ova.ready(folder)).hasSize(ova.diskCount());
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }
}
