package io.hyper2kvm.image.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFacts;
import io.hyper2kvm.image.ImageFormat;
import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.QemuFileName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The probe and qemu-img must see the same disk. Needs qemu-img. */
class ImageProbeIT {

  private static final int DATA = 3 << 20;

  private final ImageProbe probe = new ImageProbe();

  private Path dir;

  record Answer(int exit, String output) {}

  @BeforeAll
  static void needsQemuImg() {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "qemu-img"))),
        "qemu-img is not installed");
  }

  @BeforeEach
  void resolveLinks(@TempDir Path temp) throws IOException {
    dir = temp.toRealPath();
  }

  private Answer qemuImg(Object... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    Arrays.stream(arguments).map(Object::toString).forEach(command::add);
    Path output = dir.resolve("qemu-img.out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("qemu-img did not end: " + command);
    }
    return new Answer(process.exitValue(), Files.readString(output));
  }

  private void run(Object... arguments) throws Exception {
    Answer answer = qemuImg(arguments);
    assertThat(answer.exit()).as(answer.output()).isZero();
  }

  private long sizeSeenByQemu(String name) throws Exception {
    Answer answer = qemuImg("info", "--output=json", name);
    assertThat(answer.exit()).as(answer.output()).isZero();
    JsonNode info = new ObjectMapper().readTree(answer.output());
    return info.get("virtual-size").longValue();
  }

  private Path source() {
    byte[] data = new byte[DATA];
    new Random(7).nextBytes(data);
    Arrays.fill(data, 1 << 20, 2 << 20, (byte) 0);
    Arrays.fill(data, 0, 512, (byte) 0);
    return TestImages.write(dir.resolve("source.raw"), data);
  }

  private void sameAsQemu(Path image, ImageFormat format, String subformat) throws Exception {
    ImageFacts facts = probe.probe(image, format);
    assertThat(facts.format()).isEqualTo(format);
    assertThat(facts.subformat()).isEqualTo(subformat);
    assertThat(facts.virtualSize())
        .isEqualTo(sizeSeenByQemu(QemuFileName.image(format, image).value()));
    JsonNode info = new ObjectMapper().readTree(qemuImg("info", "--output=json", image).output());
    // Without a stated format QEMU guesses; where no magic stands at the start, it guesses raw.
    if (!(format == ImageFormat.VPC && subformat.startsWith("fixed"))) {
      assertThat(info.get("format").textValue()).isEqualTo(format.qemuName());
      assertThat(info.get("virtual-size").longValue()).isEqualTo(facts.virtualSize());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "vmdk, monolithicSparse, monolithicSparse, VMDK",
    "vmdk, monolithicFlat, monolithicFlat, VMDK",
    "vmdk, twoGbMaxExtentSparse, twoGbMaxExtentSparse, VMDK",
    "vmdk, twoGbMaxExtentFlat, twoGbMaxExtentFlat, VMDK",
    "vmdk, streamOptimized, streamOptimized, VMDK",
    "vpc, dynamic, 'dynamic', VPC",
    "vpc, fixed, 'fixed', VPC",
    "vhdx, dynamic, dynamic, VHDX",
    "vhdx, fixed, fixed, VHDX",
  })
  void convertedImage(String driver, String option, String subformat, ImageFormat format)
      throws Exception {
    Path image = dir.resolve("disk, with 'odd' name");
    run("convert", "-f", "raw", "-O", driver, "-o", "subformat=" + option, source(), image);

    sameAsQemu(image, format, subformat);
  }

  @ParameterizedTest
  @CsvSource({
    "monolithicSparse, 64M, 1",
    "monolithicSparse, 10737418752, 1",
    "monolithicFlat, 5G, 2",
    "twoGbMaxExtentSparse, 5G, 4",
    "twoGbMaxExtentFlat, 5G, 4",
    "streamOptimized, 5G, 1",
    "monolithicSparse, 2T, 1",
  })
  void emptyVmdk(String subformat, String size, int files) throws Exception {
    Path image = dir.resolve("disk.vmdk");
    run("create", "-q", "-f", "vmdk", "-o", "subformat=" + subformat, image, size);

    sameAsQemu(image, ImageFormat.VMDK, subformat);
    assertThat(probe.probe(image).files()).hasSize(files);
  }

  @ParameterizedTest
  @CsvSource({
    "dynamic, on, 100003840",
    "dynamic, off, 100003840",
    "fixed, on, 100003840",
    "fixed, off, 100003840",
    "dynamic, on, 512",
    "dynamic, off, 1M",
    "dynamic, on, 137438953472",
    "dynamic, off, 200G",
    "dynamic, on, 2040G",
  })
  void emptyVhd(String subformat, String exact, String size) throws Exception {
    Path image = dir.resolve("disk.vhd");
    String options = "subformat=%s,force_size=%s".formatted(subformat, exact);
    run("create", "-q", "-f", "vpc", "-o", options, image, size);

    sameAsQemu(image, ImageFormat.VPC, subformat);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "win ",
        "qem2",
        "qemu",
        "vpc ",
        "d2v ",
        "CTXS",
        "tap\0",
        "tapx",
        "vbox",
        "vs  ",
        "wa\0\0",
        "\0\0\0\0"
      })
  void vhdSizeByCreator(String creator) throws Exception {
    Path image = TestImages.write(dir.resolve("disk.vhd"), TestImages.vhdFixed(creator));

    ImageFacts facts = probe.probe(image, ImageFormat.VPC);

    assertThat(facts.virtualSize())
        .isEqualTo(sizeSeenByQemu(QemuFileName.image(ImageFormat.VPC, image).value()))
        .isEqualTo(TestImages.VHD_SIZE);
  }

  @ParameterizedTest
  @CsvSource({"dynamic, 100M", "dynamic, 3T", "fixed, 10M", "dynamic, 512"})
  void emptyVhdx(String subformat, String size) throws Exception {
    Path image = dir.resolve("disk.vhdx");
    run("create", "-q", "-f", "vhdx", "-o", "subformat=" + subformat, image, size);

    sameAsQemu(image, ImageFormat.VHDX, subformat);
  }

  @ParameterizedTest
  @CsvSource({
    "qcow2, compat=1.1, 10G, QCOW2, version 3",
    "qcow2, compat=0.10, 10G, QCOW2, version 2",
    "qcow2, 'cluster_size=512', 1G, QCOW2, version 3",
    "qcow2, 'extended_l2=on', 10G, QCOW2, version 3",
    "qcow2, compression_type=zstd, 1T, QCOW2, version 3",
    "vdi, static=off, 10G, VDI, dynamic",
    "vdi, static=on, 10M, VDI, fixed",
    "vdi, static=off, 1000448, VDI, dynamic",
    "raw, preallocation=off, 1M, RAW, none",
  })
  void otherFormats(
      String driver, String options, String size, ImageFormat format, String subformat)
      throws Exception {
    Path image = dir.resolve("disk");
    run("create", "-q", "-f", driver, "-o", options, image, size);

    sameAsQemu(image, format, subformat);
  }

  @Test
  void imagesOfTheTestsAreValidToQemu() throws Exception {
    Path image = dir.resolve("disk");
    TestImages.write(image, TestImages.vmdk());
    sameAsQemu(image, ImageFormat.VMDK, "monolithicSparse");
    TestImages.write(image, TestImages.streamOptimized());
    sameAsQemu(image, ImageFormat.VMDK, "streamOptimized");
    TestImages.write(image, TestImages.vhdDynamic(3));
    sameAsQemu(image, ImageFormat.VPC, "dynamic");
    TestImages.write(image, TestImages.vhdx());
    sameAsQemu(image, ImageFormat.VHDX, "dynamic");
    TestImages.write(image, TestImages.vdi());
    sameAsQemu(image, ImageFormat.VDI, "dynamic");
    byte[] old = TestImages.vhdFixed("win ");
    TestImages.write(image, Arrays.copyOf(old, old.length - 1));
    sameAsQemu(image, ImageFormat.VPC, "fixed");
  }

  @Test
  void descriptorOfMixedExtents() throws Exception {
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    TestImages.write(dir.resolve("sparse.vmdk"), TestImages.vmdk());
    TestImages.write(dir.resolve("cowd.vmdk"), TestImages.cowd());
    Path image =
        TestImages.write(
            dir.resolve("disk.vmdk"),
            TestImages.descriptor(
                "vmfsSparse",
                "RW 1024 FLAT \"flat.vmdk\" 1024",
                "RW 2048 VMFS \"flat.vmdk\"",
                "RW 2048 SPARSE \"sparse.vmdk\"",
                "RW 2048 VMFSSPARSE \"cowd.vmdk\""));

    sameAsQemu(image, ImageFormat.VMDK, "vmfsSparse");
  }

  /** Why such descriptors are refused: QEMU reads another disk than their writer meant. */
  @Test
  void qemuMisreadsEmptyLinesAndZeroExtents() throws Exception {
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    Path image = dir.resolve("disk.vmdk");
    String extent = "RW 2048 FLAT \"flat.vmdk\" 0";
    TestImages.write(image, TestImages.descriptor("monolithicFlat", extent));
    assertThat(sizeSeenByQemu(image.toString())).isEqualTo(1 << 20);
    TestImages.write(image, TestImages.descriptor("monolithicFlat", "", extent));
    assertThat(sizeSeenByQemu(image.toString())).isEqualTo(2 << 20);
    TestImages.write(image, TestImages.descriptor("monolithicFlat", "RW 2048 ZERO", extent));
    assertThat(sizeSeenByQemu(image.toString())).isEqualTo(1 << 20);
  }

  /** Why the block tables are walked: QEMU reads zeros behind the end and calls it success. */
  @Test
  void truncatedSparseImageConvertsWithoutAnErrorInQemu() throws Exception {
    Path image = dir.resolve("disk.vmdk");
    run("convert", "-f", "raw", "-O", "vmdk", source(), image);
    byte[] whole = Files.readAllBytes(image);
    TestImages.write(image, Arrays.copyOf(whole, whole.length - (1 << 20)));
    Path copy = dir.resolve("copy.raw");

    Answer answer = qemuImg("convert", "-f", "vmdk", "-O", "raw", image, copy);

    assertThat(answer.exit()).as(answer.output()).isZero();
    assertThat(qemuImg("compare", "-f", "raw", dir.resolve("source.raw"), copy).exit())
        .isEqualTo(1);
    assertThat(refusal(image)).isEqualTo(FailureCode.IMAGE_TRUNCATED);
  }

  @Test
  void truncatedVhdIsRefused() throws Exception {
    Path image = dir.resolve("disk.vhd");
    run("convert", "-f", "raw", "-O", "vpc", "-o", "force_size=on", source(), image);
    byte[] whole = Files.readAllBytes(image);
    TestImages.write(image, Arrays.copyOf(whole, 1 << 20));

    assertThat(refusal(image)).isEqualTo(FailureCode.IMAGE_TRUNCATED);
  }

  @Test
  void overlaysAndDataFilesAreRefused() throws Exception {
    Path image = dir.resolve("disk");
    run("create", "-q", "-f", "qcow2", "-b", source(), "-F", "raw", image);
    assertThat(refusal(image)).isEqualTo(FailureCode.IMAGE_HAS_BACKING_FILE);
    Path data = dir.resolve("data");
    run("create", "-q", "-f", "qcow2", "-o", "data_file=" + data, image, "10M");
    assertThat(refusal(image)).isEqualTo(FailureCode.IMAGE_HAS_EXTERNAL_DATA);
    Path base = dir.resolve("base.vmdk");
    run("create", "-q", "-f", "vmdk", base, "10M");
    Files.delete(image);
    run("create", "-q", "-f", "vmdk", "-b", base, "-F", "vmdk", image);
    assertThat(refusal(image)).isEqualTo(FailureCode.PARENT_OUTSIDE);
  }

  @Test
  void sliceOfAnArchiveIsTheDisk() throws Exception {
    Path disk = dir.resolve("disk.vmdk");
    run("convert", "-f", "raw", "-O", "vmdk", "-o", "subformat=streamOptimized", source(), disk);
    byte[] bytes = Files.readAllBytes(disk);
    byte[] archive = new byte[bytes.length + 1536];
    System.arraycopy(bytes, 0, archive, 1024, bytes.length);
    Path file = TestImages.write(dir.resolve("vm \"1\", a:b.ova"), archive);

    ImageFacts facts = probe.probe(file, 1024, bytes.length, ImageFormat.VMDK);

    QemuFileName name = QemuFileName.slice(ImageFormat.VMDK, file, 1024, bytes.length);
    assertThat(facts.virtualSize()).isEqualTo(sizeSeenByQemu(name.value()));
    Path copy = dir.resolve("copy");
    run("convert", "-O", "raw", name, copy);
    assertThat(Files.mismatch(dir.resolve("source.raw"), copy)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"json:{}", "nbd:localhost:1", "a \"b\" \\c", "a,b=c", "new\nline", "fat:rw:x"})
  void nameIsNeverAnInstruction(String name) throws Exception {
    Path image = TestImages.zeros(dir.resolve(name), 1 << 20);
    QemuFileName source = QemuFileName.image(ImageFormat.RAW, image);
    assertThat(sizeSeenByQemu(source.value())).isEqualTo(1 << 20);

    Path overlay = dir.resolve("overlay.qcow2");
    run("create", "-q", "-f", "qcow2", "-b", source, "-F", "raw", overlay);

    assertThat(sizeSeenByQemu(QemuFileName.image(ImageFormat.QCOW2, overlay).value()))
        .isEqualTo(1 << 20);
  }

  @Test
  void flatExtentThatLooksLikeQcow2IsNotOpenedAsOne() throws Exception {
    byte[] qcow2 = TestImages.qcow2();
    ByteBuffer.wrap(qcow2).putLong(8, 1000).putInt(16, 11);
    TestImages.put(qcow2, 1000, "/etc/passwd");
    TestImages.write(dir.resolve("flat.vmdk"), qcow2);
    Path image =
        TestImages.write(
            dir.resolve("disk.vmdk"),
            TestImages.descriptor("monolithicFlat", "RW 512 FLAT \"flat.vmdk\" 0"));
    Path copy = dir.resolve("copy.raw");
    run("convert", "-O", "raw", QemuFileName.image(ImageFormat.VMDK, image), copy);

    assertThat(Files.mismatch(dir.resolve("flat.vmdk"), copy)).isEqualTo(-1);
    sameAsQemu(image, ImageFormat.VMDK, "monolithicFlat");
  }

  /** Where both accept a changed image, they see one size; the seed is fixed to be repeatable. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void changedImagesAreReadAlike(int seed) throws Exception {
    Random random = new Random(seed);
    String text =
        TestImages.descriptor(
            "monolithicFlat", "RW 1024 FLAT \"flat.vmdk\" 0", "RW 2048 SPARSE \"sparse.vmdk\"");
    TestImages.zeros(dir.resolve("flat.vmdk"), 1 << 20);
    TestImages.write(dir.resolve("sparse.vmdk"), TestImages.vmdk());
    List<byte[]> images =
        List.of(text.getBytes(), TestImages.vmdk(), TestImages.vhdDynamic(3), TestImages.vdi());
    Path image = dir.resolve("disk");
    int compared = 0;
    for (int i = 0; i < 200; i++) {
      byte[] changed = images.get(i % 4).clone();
      byte[] odd = " \t\r\n\f\"=0#RW".getBytes();
      int at = random.nextInt(Math.min(changed.length, i % 4 == 0 ? 400 : 600));
      changed[at] =
          i % 4 == 0
              ? odd[random.nextInt(odd.length)]
              : (byte) (changed[at] ^ 1 << random.nextInt(8));
      if (i % 4 == 2) {
        TestImages.vhdSum(changed, 0, 512, 64);
        TestImages.vhdSum(changed, 512, 1024, 36);
      }
      TestImages.write(image, changed);
      ImageFacts facts;
      try {
        facts = probe.probe(image);
      } catch (ImageRefusedException e) {
        continue;
      }
      Answer answer =
          qemuImg("info", "--output=json", QemuFileName.image(facts.format(), image).value());
      if (answer.exit() == 0) {
        assertThat(new ObjectMapper().readTree(answer.output()).get("virtual-size").longValue())
            .as("change %d at %d: %s", i, at, facts)
            .isEqualTo(facts.virtualSize());
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  private FailureCode refusal(Path image) {
    try {
      probe.probe(image);
    } catch (ImageRefusedException e) {
      return e.code();
    }
    throw new AssertionError("nothing refused");
  }
}
