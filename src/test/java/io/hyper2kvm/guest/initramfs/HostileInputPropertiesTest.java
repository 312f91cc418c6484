package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.archive.ReadLimits;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever the bytes are: contents, or an InitramfsFormatException; never anything else. */
@Tag("property")
class HostileInputPropertiesTest {

  private static final ReadLimits SMALL =
      new ReadLimits(8 << 20, 1000, 256, 65_536, 65_536, 65_536, 8, 16 << 20);

  private static final byte[] SAMPLE =
      new Archive()
          .dirs("usr/lib/modules/6.1.0/kernel")
          .link("lib", "usr/lib")
          .file("lib/modules/6.1.0/modules.dep", "kernel/a.ko:\n".repeat(40))
          .raw(9, 0100644, 2, "lib/one", new byte[0])
          .raw(9, 0100644, 2, "lib/two", new byte[300])
          .end();

  private static void read(byte[] file) throws IOException {
    try {
      InitramfsContents contents =
          new InitramfsReader(SMALL, path -> true).read(new ByteArrayInputStream(file));
      contents.generator();
      contents.isSquashed();
      contents.tree().entries().keySet().forEach(contents::find);
      InitramfsVerdict.verify(contents, KernelModules.parse("", "", "", ""), "6.1.0");
    } catch (InitramfsFormatException e) {
      assertThat(e.getMessage()).hasSizeLessThan(1000);
    }
  }

  @Property
  void damagedFilesAreReadOrRefused(
      @ForAll Compression compression,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(max = 1 << 20) Integer> places,
      @ForAll byte value)
      throws IOException {
    byte[] file = Archive.packed(compression, SAMPLE);
    for (int place : places) {
      file[Math.max(4, place % file.length)] ^= (byte) (value | 1);
    }
    read(file);
  }

  @Property
  void anyBytesBehindAnyMagicAreReadOrRefused(
      @ForAll Compression compression, @ForAll @Size(max = 400) byte[] bytes) throws IOException {
    byte[] head = Archive.packed(compression, new Archive().end());
    byte[] file = new byte[6 + bytes.length];
    System.arraycopy(head, 0, file, 0, 6);
    System.arraycopy(bytes, 0, file, 6, bytes.length);
    read(file);
    read(bytes);
  }

  @Property
  void damagedHeadersAreReadOrRefused(
      @ForAll @IntRange(max = 1 << 16) int place, @ForAll("headerText") String text)
      throws IOException {
    byte[] file = SAMPLE.clone();
    byte[] put = Archive.bytesOf(text);
    System.arraycopy(put, 0, file, place % (file.length - put.length), put.length);
    read(file);
  }

  @Provide
  Arbitrary<String> headerText() {
    return Arbitraries.strings().withChars("0123456789abcdefF/.").ofMinLength(1).ofMaxLength(16);
  }

  @Property
  void whatWasPackedIsWhatIsRead(
      @ForAll Compression compression, @ForAll("files") Map<String, byte[]> files)
      throws IOException {
    var archive = new Archive().dirs("a/b");
    files.forEach(archive::file);
    InitramfsContents contents =
        new InitramfsReader(SMALL, path -> true)
            .read(new ByteArrayInputStream(archive.end(compression)));

    assertThat(contents.keptFiles()).containsExactlyElementsOf(new TreeMap<>(files).keySet());
    files.forEach((path, content) -> assertThat(contents.content(path)).contains(content));
  }

  @Provide
  Arbitrary<Map<String, byte[]>> files() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('c', 'z')
            .ofMinLength(1)
            .ofMaxLength(9)
            .map(name -> "a/b/" + name);
    Arbitrary<byte[]> contents = Arbitraries.bytes().array(byte[].class).ofMaxSize(700);
    return Arbitraries.maps(names, contents).ofMaxSize(12);
  }
}
