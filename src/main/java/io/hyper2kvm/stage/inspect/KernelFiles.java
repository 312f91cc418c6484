package io.hyper2kvm.stage.inspect;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.ToolFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of one kernel: in the guest, and as copies in a folder of the host. */
public final class KernelFiles {

  private static final long MAX_INITRAMFS_BYTES = 1L << 30;
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final String INITRAMFS = "initramfs";

  private final GuestFacts.Kernel kernel;
  private final Optional<UnifiedKernel.Section> section;
  private final ToolFiles toolFiles;
  private final Path folder;

  /**
   * No copy yet.
   *
   * @param toolFiles lets the appliance write the copies
   * @param folder where the copies go; absolute
   */
  public KernelFiles(GuestFacts.Kernel kernel, ToolFiles toolFiles, Path folder) {
    this(kernel, Optional.empty(), toolFiles, folder);
  }

  private KernelFiles(
      GuestFacts.Kernel kernel,
      Optional<UnifiedKernel.Section> section,
      ToolFiles toolFiles,
      Path folder) {
    this.kernel = kernel;
    this.section = section;
    this.toolFiles = toolFiles;
    this.folder = folder;
  }

  /** The same of a unified kernel image, whose initramfs is one of its sections. */
  public static KernelFiles inside(UnifiedImage image, ToolFiles toolFiles, Path folder) {
    Optional<UnifiedKernel.Section> initramfs = image.section(".initrd");
    String path = initramfs.isPresent() ? image.path() : "";
    return new KernelFiles(
        new GuestFacts.Kernel(image.version(), image.path(), path), initramfs, toolFiles, folder);
  }

  public GuestFacts.Kernel kernel() {
    return kernel;
  }

  private Path copy(String name) {
    return folder.resolve(name);
  }

  private String inGuest(String file) {
    return "/lib/modules/" + kernel.version() + "/" + file;
  }

  private void download(GuestfishScript script, String file, String name) {
    script.download(inGuest(file), toolFiles.toWrite(copy(name)), MAX_FILE_BYTES);
  }

  /** Asks for copies of the modules' index files, and of the initramfs if there is one. */
  public GuestfishScript ask() {
    toolFiles.folder(folder);
    GuestfishScript script = new GuestfishScript();
    List<String> files = new ArrayList<>(InitramfsPlan.INDEX_FILES);
    files.add("modules.dep");
    files.forEach(file -> download(script, file, file));
    if (!kernel.initramfs().isEmpty()) {
      script.ask("size", "filesize", kernel.initramfs());
      downloadInitramfs(script);
    }
    return script;
  }

  private void downloadInitramfs(GuestfishScript script) {
    Path host = toolFiles.toWrite(copy(INITRAMFS));
    section.ifPresentOrElse(
        part -> {
          long length = Math.min(part.length(), MAX_INITRAMFS_BYTES);
          script.download(kernel.initramfs(), host, part.offset(), length);
        },
        () -> script.download(kernel.initramfs(), host, MAX_INITRAMFS_BYTES));
  }

  /** Whether the answers to {@link #ask} say that the copy of the initramfs is complete. */
  public boolean isInitramfsComplete(GuestfishAnswers answers) {
    return section
        .map(part -> String.valueOf(part.length()))
        .orElseGet(() -> answers.text("size").strip())
        .equals(String.valueOf(initramfsLength()));
  }

  /** The length of the copy of the initramfs, in bytes. */
  public long initramfsLength() {
    return copy(INITRAMFS).toFile().length();
  }

  /** The copy of the initramfs. */
  public Path initramfsCopy() {
    return copy(INITRAMFS);
  }

  /** Asks for a copy of the initramfs in the place of the one that was taken before. */
  public GuestfishScript askInitramfsAgain() {
    copy(INITRAMFS).toFile().delete();
    GuestfishScript script = new GuestfishScript();
    downloadInitramfs(script);
    return script;
  }

  /** Reads the copy of the initramfs. */
  public InitramfsContents initramfs() throws IOException {
    return new InitramfsReader().read(copy(INITRAMFS));
  }

  /** What the kernel has, by its index files. */
  public KernelModules modules() {
    return KernelModules.parse(
        text("modules.dep"),
        text("modules.builtin"),
        text("modules.softdep"),
        text("modules.alias"));
  }

  /** Asks for copies of module files, given by their paths below the kernel's modules. */
  public GuestfishScript askModuleFiles(List<String> paths) {
    GuestfishScript script = new GuestfishScript();
    for (int i = 0; i < paths.size(); i++) {
      download(script, paths.get(i), moduleCopy(i));
    }
    return script;
  }

  /** The contents of those module files that the guest has, by path. */
  public Map<String, byte[]> moduleFiles(List<String> paths) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < paths.size(); i++) {
      read(moduleCopy(i), paths.get(i), files);
    }
    return files;
  }

  private static String moduleCopy(int number) {
    return "module-" + number;
  }

  /** The contents of those index files that the guest has, by name. */
  public Map<String, byte[]> indexFiles() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    InitramfsPlan.INDEX_FILES.forEach(file -> read(file, file, files));
    return files;
  }

  /** Appends to the copy of the initramfs, and makes a file of what is appended. */
  public void append(byte[] suffix) {
    toolFiles.toRead(copy("suffix"), suffix);
    try {
      Files.write(copy(INITRAMFS), suffix, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Appends the same to the guest's initramfs, and asks for the sum of the whole.
   *
   * @param length the initramfs's length before, in bytes
   */
  public GuestfishScript askAppend(long length) {
    return new GuestfishScript()
        .run("upload-offset", copy("suffix").toString(), kernel.initramfs(), String.valueOf(length))
        .ask("sha256", "checksum", "sha256", kernel.initramfs());
  }

  /** Whether the answer to {@link #askAppend} says that the guest has what the copy has. */
  public boolean isAppended(GuestfishAnswers answers) throws IOException {
    return answers.text("sha256").strip().equals(Sha256.of(copy(INITRAMFS)));
  }

  /** Removes the copy of the initramfs, which is large. */
  void removeInitramfs() {
    copy(INITRAMFS).toFile().delete();
  }

  private String text(String name) {
    Map<String, byte[]> file = new LinkedHashMap<>();
    read(name, name, file);
    return new String(file.getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  private void read(String name, String key, Map<String, byte[]> files) {
    Path copy = copy(name);
    if (!ToolFiles.isWritten(copy)) {
      return;
    }
    try {
      files.put(key, Files.readAllBytes(copy));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
