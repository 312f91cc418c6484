package io.hyper2kvm.guest.initramfs;

import io.hyper2kvm.guest.initramfs.archive.Compression;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;

/**
 * This machine's own initramfs and modules, and small initramfs files without virtio made of it.
 */
final class RealInitramfs {

  final Path file;
  final String kernel;
  final Path modules;

  private RealInitramfs(Path file, String kernel) {
    this.file = file;
    this.kernel = kernel;
    this.modules = Path.of("/lib/modules", kernel);
  }

  static RealInitramfs ofThisMachine() throws IOException {
    try (var files = Files.list(Path.of("/boot"))) {
      Path file =
          files
              .filter(path -> path.getFileName().toString().startsWith("initrd.img-"))
              .max(Comparator.naturalOrder())
              .orElseThrow(
                  () ->
                      new AssertionError(
                          "this test needs /boot/initrd.img-*, from the package"
                              + " linux-image-amd64 with initramfs-tools"));
      String name = file.getFileName().toString();
      return new RealInitramfs(file, name.substring("initrd.img-".length()));
    }
  }

  Path vmlinuz() {
    return Path.of("/boot/vmlinuz-" + kernel);
  }

  String text(String indexFile) throws IOException {
    return Files.readString(modules.resolve(indexFile), StandardCharsets.ISO_8859_1);
  }

  KernelModules rootModules() throws IOException {
    return KernelModules.parse(
        text("modules.dep"),
        text("modules.builtin"),
        text("modules.softdep"),
        text("modules.alias"));
  }

  /** The tree of the real initramfs with ext4 as its only modules, indexed by the real depmod. */
  Path treeWithoutVirtio(Path work) throws IOException, InterruptedException {
    Command.run(work, "unmkinitramfs", file.toString(), "tree");
    Path tree = work.resolve(Files.isDirectory(work.resolve("tree/main")) ? "tree/main" : "tree");
    Path kernelTree = tree.resolve("usr/lib/modules").resolve(kernel);
    Command.run(tree, "rm", "-rf", kernelTree + "/kernel", "usr/lib/firmware");
    for (String name : rootModules().closure(java.util.List.of("ext4"))) {
      String path = rootModules().module(name).orElseThrow().path();
      Files.createDirectories(kernelTree.resolve(path).getParent());
      Files.copy(modules.resolve(path), kernelTree.resolve(path));
    }
    Command.run(tree, "depmod", "-b", tree.toString(), kernel);
    return tree;
  }

  /** Packs a tree with the real tools. */
  static Path pack(Path tree, Path target, Compression compression)
      throws IOException, InterruptedException {
    String packer =
        switch (compression) {
          case NONE -> "cat";
          case GZIP -> "gzip -n -1";
          case XZ -> "xz -1 --check=crc32";
          case LZMA -> "xz -1 --format=lzma";
          case BZIP2 -> "bzip2 -1";
          case ZSTD -> "zstd -q -T0 -1 -c";
          case LZO -> "lzop -9";
          case LZ4 -> "lz4 -q -l -1 -c";
        };
    Command.shell(
        tree,
        "find . | LC_ALL=C sort | cpio -o -H newc --quiet -R 0:0 | %s > '%s'"
            .formatted(packer, target));
    return target;
  }

  /** The file with the virtio drivers added by the code under test. */
  Path extended(Path bare, Path target) throws IOException {
    InitramfsContents contents = new InitramfsReader().read(bare);
    InitramfsPlan plan = InitramfsPlan.of(contents, rootModules(), kernel, Map.of());
    Files.write(
        target,
        Archive.join(
            Files.readAllBytes(bare),
            AppendedArchive.suffix(contents, plan, fetch(plan), index())));
    return target;
  }

  Map<String, byte[]> fetch(InitramfsPlan plan) throws IOException {
    var files = new HashMap<String, byte[]>();
    for (String path : plan.filesToFetch()) {
      files.put(path, Files.readAllBytes(modules.resolve(path)));
    }
    return files;
  }

  Map<String, byte[]> index() throws IOException {
    var files = new HashMap<String, byte[]>();
    for (String name : InitramfsPlan.INDEX_FILES) {
      if (Files.exists(modules.resolve(name))) {
        files.put(name, Files.readAllBytes(modules.resolve(name)));
      }
    }
    return files;
  }
}
