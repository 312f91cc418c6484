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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is given, the answer is an OVA or a refusal, never another exception. */
@Tag("property")
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

  @Property
  void arbitraryText(@ForAll @Size(max = 2000) String text) {
    describe(text.getBytes(StandardCharsets.UTF_8));
  }

  @Property
  void arbitraryBytes(@ForAll @Size(max = 2000) byte[] bytes) throws IOException {
    describe(bytes);
    open(bytes);
  }

  /** What may happen to a piece of a description. */
  enum Edit {
    REMOVED,
    DOUBLED,
    SIGN,
    NUMBER,
    COMMENT_BEGUN
  }

  /**
   * One change of a text.
   *
   * @param at where, modulo the text's length
   * @param length how many characters it is about, up to the text's end
   * @param sign what one of them becomes
   * @param number what they become
   */
  record TextChange(Edit edit, int at, int length, char sign, long number) {

    void apply(StringBuilder text) {
      int from = at % text.length();
      int to = Math.min(text.length(), from + length);
      switch (edit) {
        case REMOVED -> text.delete(from, to);
        case DOUBLED -> text.insert(from, text.substring(from, to));
        case SIGN -> text.setCharAt(from, sign);
        case NUMBER -> text.replace(from, to, String.valueOf(number));
        case COMMENT_BEGUN -> text.insert(from, "<!--");
      }
    }
  }

  @Provide
  Arbitrary<List<TextChange>> textChanges() {
    return Combinators.combine(
            Arbitraries.of(Edit.class),
            Arbitraries.integers().between(0, 1 << 14),
            Arbitraries.integers().between(0, 39),
            Arbitraries.chars().range('\0', '\u02ff'),
            Arbitraries.longs())
        .as(TextChange::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> descriptions() {
    return Arbitraries.of(OVFS).map(Ovas::resource);
  }

  /** Words and signs of a real description are removed, doubled, exchanged or made numbers. */
  @Property
  void changedDescriptions(
      @ForAll("descriptions") String description, @ForAll("textChanges") List<TextChange> changes) {
    StringBuilder text = new StringBuilder(description);
    changes.forEach(change -> change.apply(text));
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

  /**
   * One byte of an archive that becomes another.
   *
   * @param block in which block of 512 bytes, modulo their number
   * @param at where in it, or the archive's last byte
   */
  record ByteChange(int block, int at, byte value) {

    void apply(byte[] archive, boolean tar) {
      int header = 512 * (block % (1 + archive.length / 512));
      archive[Math.min(archive.length - 1, header + at)] = value;
      if (tar && header + 512 <= archive.length) {
        // A wrong checksum would be all that is ever tested.
        byte[] changed = Arrays.copyOfRange(archive, header, header + 512);
        System.arraycopy(TarHeaders.sum(changed), 0, archive, header, 512);
      }
    }
  }

  @Provide
  Arbitrary<List<ByteChange>> byteChanges() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 1 << 10),
            Arbitraries.integers().between(0, 511),
            Arbitraries.bytes())
        .as(ByteChange::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /** Where an archive's end is cut, in 4,096ths of its length; mostly nowhere. */
  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just(4096)), Tuple.of(1, Arbitraries.integers().between(0, 4095)));
  }

  @Property
  void changedArchives(
      @ForAll("archives") byte[] valid,
      @ForAll("byteChanges") List<ByteChange> changes,
      @ForAll("cuts") int cut)
      throws IOException {
    byte[] archive = valid.clone();
    boolean tar = archive[257] == 'u' || archive.length % 512 == 0;
    changes.forEach(change -> change.apply(archive, tar));
    open(Arrays.copyOf(archive, (int) ((long) archive.length * cut / 4096)));
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
