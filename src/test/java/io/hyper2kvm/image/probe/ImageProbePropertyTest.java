package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever the bytes are, the answer is facts or a refusal, within bounded memory. */
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

  @Provide
  Arbitrary<Long> seeds() {
    return Arbitraries.longs();
  }

  @Property
  void arbitraryBytes(@ForAll @Size(max = 3000) byte[] bytes) {
    probe(TestImages.write(dir.resolve("bytes"), bytes));
  }

  @Property
  void arbitraryText(@ForAll @Size(max = 3000) String text) {
    probe(TestImages.write(dir.resolve("text"), "# Disk DescriptorFile\n" + text));
  }

  /** Bits flip mostly where headers are; some numbers become extreme ones; ends are cut. */
  @Property
  void changedHeaders(@ForAll("validImages") byte[] valid, @ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = valid.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(Math.min(image.length, random.nextBoolean() ? 128 : 4096));
      if (random.nextBoolean()) {
        image[at] ^= (byte) (1 << random.nextInt(8));
      } else {
        int width = Math.min(1 << random.nextInt(4), image.length - at);
        java.util.Arrays.fill(image, at, at + width, random.nextBoolean() ? (byte) -1 : 0);
      }
    }
    if (random.nextInt(5) == 0) {
      image = java.util.Arrays.copyOf(image, random.nextInt(image.length));
    }
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

  /** Changes in a snapshot's descriptor and in its parent's. */
  @Property
  void changedSnapshots(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] base = TestImages.vmdk();
    byte[] leaf = TestImages.vmdk(TestImages.snapshot("1", "12345678", "base.vmdk"));
    String odd = "\"=/.\\\0\nCIDf1 ";
    for (int i = random.nextInt(3); i >= 0; i--) {
      byte[] changed = random.nextBoolean() ? base : leaf;
      changed[512 + random.nextInt(200)] = (byte) odd.charAt(random.nextInt(odd.length()));
    }
    TestImages.write(dir.resolve("base.vmdk"), base);
    probe(TestImages.write(dir.resolve("leaf.vmdk"), leaf));
  }

  /** The extent's tables as well as its header. */
  @Property
  void changedSeSparseExtents(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = TestImages.seSparse(2048, new byte[4096]);
    for (int i = 0; i < 3; i++) {
      int[] places = {
        random.nextInt(512), 512 + random.nextInt(32), 1024 + random.nextInt(8), 1536
      };
      image[places[random.nextInt(4)] + random.nextInt(8)] = (byte) random.nextInt(256);
    }
    TestImages.write(dir.resolve("extent.vmdk"), image);
    probe(
        TestImages.write(
            dir.resolve("outer.vmdk"),
            TestImages.descriptor("seSparse", "RW 2048 SESPARSE \"extent.vmdk\"")));
  }

  /** The checksums are made right again, so that the fields behind them are reached. */
  @Property
  void changedVhdWithRightChecksums(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = TestImages.vhdDynamic(3);
    for (int i = 0; i < 3; i++) {
      int at = 8 + random.nextInt(1600);
      image[at] = (byte) random.nextInt(256);
    }
    TestImages.vhdSum(image, 0, 512, 64);
    TestImages.vhdSum(image, 512, 1024, 36);
    probe(TestImages.write(dir.resolve("vhd"), image));
  }

  @Property
  void changedVhdxLogs(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = DirtyVhdx.withLog(TestImages.vhdx(), 2 << 20, 2 << 20 | 4096);
    for (int i = 0; i < 3; i++) {
      image[(1 << 20) + random.nextInt(4) * 4096 + random.nextInt(100)] =
          (byte) random.nextInt(256);
    }
    if (random.nextBoolean()) {
      TestImages.crc(image, 1 << 20, 4096);
      TestImages.crc(image, (1 << 20) + 4096, 4096);
    }
    probe(TestImages.write(dir.resolve("vhdx"), image));
  }

  @Property
  void changedParentLocators(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = TestImages.vhdxOn(Map.of("relative_path", "..\\base.vhdx"));
    for (int i = 0; i < 3; i++) {
      image[TestImages.vhdxItem(64) + 16 + random.nextInt(40)] = (byte) random.nextInt(256);
    }
    probe(TestImages.write(dir.resolve("vhdx"), image));
  }

  @Property
  void changedVhdxWithRightChecksums(@ForAll("seeds") long seed) {
    Random random = new Random(seed);
    byte[] image = TestImages.vhdx();
    int[] places = {64 << 10, 128 << 10, 192 << 10, 3 << 20, (3 << 20) + (64 << 10)};
    for (int i = 0; i < 3; i++) {
      image[places[random.nextInt(5)] + random.nextInt(120)] = (byte) random.nextInt(256);
    }
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
