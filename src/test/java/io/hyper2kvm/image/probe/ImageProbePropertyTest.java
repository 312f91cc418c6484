package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

/** Whatever the bytes are, the answer is facts or a refusal, within bounded memory. */
@Tag("property")
class ImageProbePropertyTest {

  /** More than the largest single read (1 MiB) plus the descriptor's strings; in bytes. */
  private static final long MOST_ALLOCATED = 64L << 20;

  private static Path dir;

  @BeforeContainer
  static void makeFolder() throws IOException {
    dir = Files.createTempDirectory("h2k-image").toRealPath();
  }

  @AfterContainer
  static void removeFolder() throws IOException {
    try (var files = Files.list(dir)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(dir);
  }

  @Provide
  Arbitrary<byte[]> validImages() {
    String flat = TestImages.descriptor("monolithicFlat", "RW 8 FLAT \"extent.vmdk\" 0");
    return Arbitraries.of(
        List.of(
            TestImages.vmdk(),
            TestImages.streamOptimized(),
            TestImages.cowd(),
            TestImages.seSparse(2048, new byte[4096]),
            flat.getBytes(),
            flat.replace("FLAT", "SPARSE").replace("vmdk\" 0", "vmdk\"").getBytes(),
            TestImages.vhdDynamic(3),
            TestImages.qcow2(),
            TestImages.vdi()));
  }

  /**
   * One byte of an image that becomes another.
   *
   * @param at where, counted from what the property is about
   * @param value what it becomes
   */
  record ByteChange(int at, byte value) {}

  private static Arbitrary<List<ByteChange>> changes(Arbitrary<Integer> places) {
    return Combinators.combine(places, Arbitraries.bytes()).as(ByteChange::new).list().ofSize(3);
  }

  private static void apply(List<ByteChange> changes, byte[] image, int from) {
    changes.forEach(change -> image[from + change.at()] = change.value());
  }

  private static Arbitrary<Integer> upTo(int end) {
    return Arbitraries.integers().between(0, end - 1);
  }

  @Property
  void arbitraryBytes(@ForAll @Size(max = 3000) byte[] bytes) {
    probe(TestImages.write(dir.resolve("bytes"), bytes));
  }

  @Property
  void arbitraryText(@ForAll @Size(max = 3000) String text) {
    probe(TestImages.write(dir.resolve("text"), "# Disk DescriptorFile\n" + text));
  }

  /**
   * One change of an image's head.
   *
   * @param at where; in a smaller image, modulo its length
   * @param bit which bit flips; none if bytes are filled
   * @param width how many bytes are filled, up to the image's end
   * @param fill what with
   */
  record HeadChange(int at, Optional<Integer> bit, int width, byte fill) {

    void apply(byte[] image) {
      int place = at % image.length;
      if (bit.isPresent()) {
        image[place] ^= (byte) (1 << bit.get());
      } else {
        Arrays.fill(image, place, Math.min(image.length, place + width), fill);
      }
    }
  }

  /** Bits flip mostly where headers are; some numbers become extreme ones. */
  @Provide
  Arbitrary<List<HeadChange>> headChanges() {
    Arbitrary<Integer> places = Arbitraries.oneOf(upTo(128), upTo(4096));
    Arbitrary<Optional<Integer>> bits = upTo(8).optional();
    return Combinators.combine(
            places, bits, Arbitraries.of(1, 2, 4, 8), Arbitraries.of((byte) 0, (byte) -1))
        .as(HeadChange::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  /** Where an image's end is cut, in 4,096ths of its length; mostly nowhere. */
  @Provide
  Arbitrary<Integer> cuts() {
    return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(4096)), Tuple.of(1, upTo(4096)));
  }

  @Property
  void changedHeaders(
      @ForAll("validImages") byte[] valid,
      @ForAll("headChanges") List<HeadChange> changes,
      @ForAll("cuts") int cut) {
    byte[] changed = valid.clone();
    changes.forEach(change -> change.apply(changed));
    byte[] image = Arrays.copyOf(changed, (int) ((long) changed.length * cut / 4096));
    TestImages.write(dir.resolve("extent.vmdk"), image);
    probe(TestImages.write(dir.resolve("changed"), image));
    probe(
        TestImages.write(
            dir.resolve("outer.vmdk"),
            TestImages.descriptor("twoGbMaxExtentSparse", "RW 2048 SPARSE \"extent.vmdk\"")));
  }

  /** Whatever a parent is called, what is read lies in the folder. */
  @Property
  void anyNameOfAParent(@ForAll @Size(max = 60) String name) {
    TestImages.write(dir.resolve("base.vmdk"), TestImages.vmdk());
    String text = new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    probe(
        TestImages.write(
            dir.resolve("leaf.vmdk"), TestImages.vmdk(TestImages.snapshot("1", "12345678", text))));
  }

  /** Signs that mean something in a descriptor, or nowhere. */
  @Provide
  Arbitrary<List<ByteChange>> descriptorChanges() {
    Arbitrary<Byte> odd =
        Arbitraries.chars().with("\"=/.\\\0\nCIDf1 ").map(character -> (byte) (char) character);
    return Combinators.combine(upTo(200), odd).as(ByteChange::new).list().ofMaxSize(2);
  }

  /** Changes in a snapshot's descriptor and in its parent's. */
  @Property
  void changedSnapshots(
      @ForAll("descriptorChanges") List<ByteChange> inBase,
      @ForAll("descriptorChanges") List<ByteChange> inLeaf) {
    byte[] base = TestImages.vmdk();
    byte[] leaf = TestImages.vmdk(TestImages.snapshot("1", "12345678", "base.vmdk"));
    apply(inBase, base, 512);
    apply(inLeaf, leaf, 512);
    TestImages.write(dir.resolve("base.vmdk"), base);
    probe(TestImages.write(dir.resolve("leaf.vmdk"), leaf));
  }

  /** The header, the grain directory, the grain table and its first entry. */
  @Provide
  Arbitrary<List<ByteChange>> seSparseChanges() {
    return changes(
        Arbitraries.oneOf(
            upTo(520),
            upTo(40).map(at -> 512 + at),
            upTo(16).map(at -> 1024 + at),
            upTo(8).map(at -> 1536 + at)));
  }

  /** The extent's tables as well as its header. */
  @Property
  void changedSeSparseExtents(@ForAll("seSparseChanges") List<ByteChange> changes) {
    byte[] image = TestImages.seSparse(2048, new byte[4096]);
    apply(changes, image, 0);
    TestImages.write(dir.resolve("extent.vmdk"), image);
    probe(
        TestImages.write(
            dir.resolve("outer.vmdk"),
            TestImages.descriptor("seSparse", "RW 2048 SESPARSE \"extent.vmdk\"")));
  }

  @Provide
  Arbitrary<List<ByteChange>> vhdChanges() {
    return changes(upTo(1600));
  }

  /** The checksums are made right again, so that the fields behind them are reached. */
  @Property
  void changedVhdWithRightChecksums(@ForAll("vhdChanges") List<ByteChange> changes) {
    byte[] image = TestImages.vhdDynamic(3);
    apply(changes, image, 8);
    TestImages.vhdSum(image, 0, 512, 64);
    TestImages.vhdSum(image, 512, 1024, 36);
    probe(TestImages.write(dir.resolve("vhd"), image));
  }

  /** In the first bytes of each of the log's first four sectors of 4 KiB. */
  @Provide
  Arbitrary<List<ByteChange>> logChanges() {
    return changes(Combinators.combine(upTo(4), upTo(100)).as((sector, at) -> sector * 4096 + at));
  }

  @Property
  void changedVhdxLogs(
      @ForAll("logChanges") List<ByteChange> changes, @ForAll boolean rightChecksums) {
    byte[] image = DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20, 2 << 20 | 4096);
    apply(changes, image, 1 << 20);
    if (rightChecksums) {
      TestImages.crc(image, 1 << 20, 4096);
      TestImages.crc(image, (1 << 20) + 4096, 4096);
    }
    probe(TestImages.write(dir.resolve("vhdx"), image));
  }

  @Provide
  Arbitrary<List<ByteChange>> locatorChanges() {
    return changes(upTo(40));
  }

  @Property
  void changedParentLocators(@ForAll("locatorChanges") List<ByteChange> changes) {
    byte[] image = TestImages.vhdxOn(Map.of("relative_path", "..\\base.vhdx"));
    apply(changes, image, TestImages.vhdxItem(64) + 16);
    probe(TestImages.write(dir.resolve("vhdx"), image));
  }

  /** In both headers, the region table, and the metadata's table and items. */
  @Provide
  Arbitrary<List<ByteChange>> vhdxChanges() {
    Arbitrary<Integer> parts =
        Arbitraries.of(64 << 10, 128 << 10, 192 << 10, 3 << 20, (3 << 20) + (64 << 10));
    return changes(Combinators.combine(parts, upTo(120)).as(Integer::sum));
  }

  @Property
  void changedVhdxWithRightChecksums(@ForAll("vhdxChanges") List<ByteChange> changes) {
    byte[] image = TestImages.vhdx();
    apply(changes, image, 0);
    TestImages.crc(image, 64 << 10, 4096);
    TestImages.crc(image, 128 << 10, 4096);
    TestImages.crc(image, 192 << 10, 64 << 10);
    probe(TestImages.write(dir.resolve("vhdx"), image));
  }

  private static void probe(Path image) {
    long before = allocated();
    try {
      ImageFacts facts = new ImageProbe().probe(image);
      assertThat(facts.virtualSize()).isPositive().isLessThanOrEqualTo(Layout.LARGEST);
      assertThat(facts.files()).allMatch(file -> file.getParent().equals(dir));
    } catch (ImageRefusedException e) {
      assertThat(e.getMessage()).isNotBlank();
      assertThat(e.hint()).isNotBlank();
    }
    assertThat(allocated() - before).isLessThan(MOST_ALLOCATED);
  }

  /** What this thread has allocated so far, in bytes. */
  private static long allocated() {
    var threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
