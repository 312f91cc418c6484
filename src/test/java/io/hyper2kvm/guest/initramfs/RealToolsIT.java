package io.hyper2kvm.guest.initramfs;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.guest.edit.FileEdit;
import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.archive.Segment;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guest.initramfs.modules.KmodIndex;
import io.hyper2kvm.guest.initramfs.modules.KmodIndexWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against cpio, kmod, depmod and initramfs-tools, with this machine's kernel. */
class RealToolsIT {

  @TempDir private static Path work;
  private static RealInitramfs real;
  private static Path tree;

  @BeforeAll
  static void makeInitramfsWithoutVirtio() throws IOException, InterruptedException {
    real = RealInitramfs.ofThisMachine();
    tree = real.treeWithoutVirtio(work);
  }

  @Test
  void listingIsThatOfLsinitramfs() throws IOException, InterruptedException {
    var expected =
        new TreeSet<>(Command.run(work, "lsinitramfs", real.file.toString()).lines().toList());
    expected.remove(".");
    InitramfsContents contents = new InitramfsReader().read(real.file);

    assertThat(contents.tree().entries().keySet()).isEqualTo(expected);
    assertThat(contents.generator()).isEqualTo(InitramfsGenerator.INITRAMFS_TOOLS);
  }

  @Test
  void realInitramfsIsCompleteAndNeedsNothing() throws IOException {
    InitramfsContents contents = new InitramfsReader().read(real.file);

    assertThat(InitramfsVerdict.verify(contents, real.rootModules(), real.kernel).missing())
        .isEmpty();
    assertThat(InitramfsPlan.of(contents, real.rootModules(), real.kernel, Map.of()).isNeeded())
        .isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"modules.dep.bin", "modules.alias.bin", "modules.symbols.bin"})
  void indexOfDepmodIsRewrittenByteForByte(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(real.modules.resolve(name));

    byte[] written = KmodIndexWriter.write(KmodIndex.open(bytes).entries());
    assertThat(Arrays.mismatch(written, bytes)).as("first byte that differs").isEqualTo(-1);
  }

  @ParameterizedTest
  @EnumSource(Compression.class)
  void appendedArchiveUnpacksAndModprobeFindsTheDrivers(Compression compression)
      throws IOException, InterruptedException {
    Path bare = RealInitramfs.pack(tree, work.resolve("bare." + compression), compression);
    InitramfsContents before = new InitramfsReader().read(bare);
    assertThat(InitramfsVerdict.verify(before, real.rootModules(), real.kernel).missing())
        .containsKeys("virtio_pci", "virtio_blk", "virtio_scsi", "sd_mod", "virtio_net");

    Path extended = real.extended(bare, work.resolve("extended." + compression));
    InitramfsContents after = new InitramfsReader().read(extended);
    assertThat(InitramfsVerdict.verify(after, real.rootModules(), real.kernel).missing()).isEmpty();

    Path both = work.resolve("both." + compression);
    unpackSuffix(before, after, extended, both);
    assertThat(both.resolve("lib")).isSymbolicLink();
    List<List<String>> ours = modprobe(both);
    // ext4, the last, has soft dependencies that this initramfs lacks, and that is not our matter.
    assertThat(ours.subList(0, ours.size() - 1))
        .isEqualTo(modprobe(Path.of("/")).subList(0, ours.size() - 1));
    Command.run(both, "depmod", "-b", both.toString(), real.kernel);
    List<List<String>> depmods = modprobe(both);
    for (int i = 0; i < ours.size(); i++) {
      // Among modules that do not need each other depmod's order is arbitrary.
      assertThat(ours.get(i)).containsExactlyInAnyOrderElementsOf(depmods.get(i)).isNotEmpty();
    }
  }

  /** Unpacks the old tree and, with cpio and the compression's own tool, what was appended. */
  private void unpackSuffix(
      InitramfsContents before, InitramfsContents after, Path extended, Path target)
      throws IOException, InterruptedException {
    Command.run(work, "cp", "-a", tree.toString(), target.toString());
    Segment last = after.segments().get(after.segments().size() - 1);
    // An lz4 stream goes on into the appended one: that begins where the file ended before.
    long offset = last.compression() == Compression.LZ4 ? before.length() : last.offset();
    String unpacker =
        switch (last.compression()) {
          case NONE -> "cat";
          case GZIP -> "gzip -dc";
          case XZ, LZMA -> "xz -dc";
          case BZIP2 -> "bzip2 -dc";
          case ZSTD -> "zstd -qdc";
          case LZO -> "lzop -dc";
          case LZ4 -> "lz4 -qdc";
        };
    Command.shell(
        target,
        "tail -c +%d '%s' | %s | cpio -idmu --quiet".formatted(offset + 1, extended, unpacker));
  }

  /** What kmod would load for each driver and for the devices' aliases. */
  private static List<List<String>> modprobe(Path root) throws IOException, InterruptedException {
    var answers = new ArrayList<List<String>>();
    for (String name :
        List.of(
            "virtio_pci",
            "virtio-blk",
            "virtio_scsi",
            "sd_mod",
            "virtio_net",
            "pci:v00001AF4d00001001sv00001AF4sd00000002bc01sc00i00",
            "virtio:d00000002v00001AF4",
            "scsi:t-0x00",
            "fs-ext4")) {
      String answer =
          Command.run(
              work, "modprobe", "-d", root.toString(), "-S", real.kernel, "--show-depends", name);
      answers.add(answer.lines().map(line -> line.replaceFirst("/.*/kernel/", "")).toList());
    }
    return answers;
  }

  /** Not LZO: lzop warns of a second stream by exit code 2, and lsinitramfs then gives up. */
  @ParameterizedTest
  @EnumSource(
      value = Compression.class,
      names = {"GZIP", "XZ", "BZIP2", "ZSTD", "LZ4"})
  void guestsOwnListingToolStillReadsTheFile(Compression compression)
      throws IOException, InterruptedException {
    Path bare = RealInitramfs.pack(tree, work.resolve("ls." + compression), compression);
    String before = Command.run(work, "lsinitramfs", bare.toString());
    Path extended = real.extended(bare, work.resolve("lsx." + compression));

    assertThat(Command.run(work, "lsinitramfs", extended.toString())).isEqualTo(before);
  }

  @Test
  void compressedModulesAsOfNewerGuestsAreTakenUp() throws IOException, InterruptedException {
    Path bare = RealInitramfs.pack(tree, work.resolve("bare.modules"), Compression.ZSTD);
    InitramfsContents contents = new InitramfsReader().read(bare);
    for (String suffix : List.of(".xz", ".zst", ".gz")) {
      KernelModules root =
          KernelModules.parse(
              real.text("modules.dep").replace(".ko", ".ko" + suffix),
              real.text("modules.builtin"),
              "",
              "");
      InitramfsPlan plan = InitramfsPlan.of(contents, root, real.kernel, Map.of());
      var files = new HashMap<String, byte[]>();
      for (String path : plan.filesToFetch()) {
        Path module = work.resolve("module" + suffix);
        String plain = path.substring(0, path.length() - suffix.length());
        String packer =
            switch (suffix) {
              case ".xz" -> "xz --check=crc32";
              case ".zst" -> "zstd -qc";
              default -> "gzip";
            };
        Command.shell(
            work, "%s < '%s' > '%s'".formatted(packer, real.modules.resolve(plain), module));
        files.put(path, Files.readAllBytes(module));
      }
      byte[] suffixBytes = AppendedArchive.suffix(contents, plan, files, real.index());
      InitramfsContents after = Archive.read(Files.readAllBytes(bare), suffixBytes);

      InitramfsVerdict verdict = InitramfsVerdict.verify(after, root, real.kernel);
      assertThat(verdict.missing()).isEmpty();
      assertThat(verdict.evidence().get("virtio_blk")).endsWith("/virtio_blk.ko");
      assertThat(after.find(verdict.evidence().get("virtio_blk")).orElseThrow().size())
          .isEqualTo(
              Files.size(
                  real.modules.resolve(
                      real.rootModules().module("virtio_blk").orElseThrow().path())));
    }
  }

  @Test
  void mkinitcpioLineIsGoodShell() throws IOException, InterruptedException {
    String text =
        ConfigDropIn.of(
                InitramfsGenerator.MKINITCPIO,
                Map.of("/etc/mkinitcpio.conf", "MODULES=(ext4)\n"),
                List.of("virtio_blk"))
            .flatMap(FileEdit::after)
            .orElseThrow();
    Path file = work.resolve("mkinitcpio.conf");
    Files.writeString(file, text, StandardCharsets.US_ASCII);

    assertThat(Command.shell(work, "source '%s'; echo ${MODULES[@]}".formatted(file)))
        .isEqualTo("ext4 virtio_blk\n");
  }
}
