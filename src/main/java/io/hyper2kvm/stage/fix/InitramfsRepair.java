package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.fstab.ResumeFile;
import io.hyper2kvm.guest.initramfs.AppendedArchive;
import io.hyper2kvm.guest.initramfs.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.InitramfsPlan;
import io.hyper2kvm.guest.initramfs.InitramfsVerdict;
import io.hyper2kvm.guest.initramfs.archive.InitramfsContents;
import io.hyper2kvm.guest.initramfs.archive.InitramfsFormatException;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.archive.InitramfsReader;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.Sha256;
import io.hyper2kvm.stage.ToolFiles;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectStage;
import io.hyper2kvm.text.TextTail;
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
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Gives the initramfs of every kernel its virtio drivers, by an archive appended to it, and reads
 * it back. Made on the host: that takes a second where the guest's own tool takes minutes in the
 * appliance. The guest's tool is the fallback for what cannot be extended so.
 */
final class InitramfsRepair {

  private static final long MAX_INITRAMFS_BYTES = 1L << 30;
  private static final long MAX_FILE_BYTES = 64L << 20;
  private static final String RESUME = "conf/conf.d/resume";

  private final VmJob job;
  private final GuestFacts guest;
  private final GuestEdits edits;
  private final boolean regenerate;
  private final Map<String, String> links;
  private final FixEvidence evidence = new FixEvidence("initramfs");
  private final List<Object> kernels = new ArrayList<>();
  private Supplier<Map<String, Object>> details = Map::of;

  /**
   * A repair.
   *
   * @param regenerate false: only look, and warn
   * @param links files that pin network names, by their path in the initramfs
   */
  InitramfsRepair(
      VmJob job,
      GuestFacts guest,
      GuestEdits edits,
      boolean regenerate,
      Map<String, String> links) {
    this.job = job;
    this.guest = guest;
    this.edits = edits;
    this.regenerate = regenerate;
    this.links = links;
    evidence.fact("regenerate", regenerate);
    evidence.fact("kernels", kernels);
  }

  FixEvidence evidence() {
    return evidence;
  }

  /** Adds the questions for every kernel; {@code details} makes the evidence of a failure. */
  void ask(GuestfishSession dialogue, Supplier<Map<String, Object>> detailsOfFailure) {
    details = detailsOfFailure;
    if (guest.kernels().isEmpty()) {
      throw failed("no kernel with its modules was found in /boot and /lib/modules");
    }
    int number = 0;
    for (GuestFacts.Kernel kernel : guest.kernels()) {
      OneKernel one = new OneKernel(kernel, "kernel" + number++, dialogue);
      dialogue.then(one::askFiles, one::takeFiles);
    }
  }

  private StageFailedException failed(String reason) {
    evidence.fail(reason);
    return StageFailedException.withEvidence(
        FailureCode.FIX_INITRAMFS_FAILED, reason, details.get());
  }

  /** One kernel and its initramfs. */
  private final class OneKernel {
    private final GuestFacts.Kernel kernel;
    private final Path directory;
    private final GuestfishSession dialogue;
    private KernelModules modules;
    private InitramfsContents contents;
    private InitramfsPlan plan;
    private byte[] suffix = {};

    OneKernel(GuestFacts.Kernel kernel, String name, GuestfishSession dialogue) {
      this.kernel = kernel;
      this.directory = job.directory().resolve(name);
      this.dialogue = dialogue;
    }

    private Path image() {
      return directory.resolve("initramfs");
    }

    private Path written(String file) {
      return job.toolFiles().toWrite(directory.resolve(file));
    }

    private String inGuest(String file) {
      return "/lib/modules/" + kernel.version() + "/" + file;
    }

    GuestfishScript askFiles() {
      job.toolFiles().folder(directory);
      GuestfishScript script = new GuestfishScript();
      List<String> files = new ArrayList<>(InitramfsPlan.INDEX_FILES);
      files.add("modules.dep");
      files.forEach(f -> script.download(inGuest(f), written(f), MAX_FILE_BYTES));
      if (!kernel.initramfs().isEmpty()) {
        script
            .ask("size", "filesize", kernel.initramfs())
            .download(kernel.initramfs(), written("initramfs"), MAX_INITRAMFS_BYTES);
      }
      return script;
    }

    void takeFiles(GuestfishAnswers answers) {
      modules =
          KernelModules.parse(
              read("modules.dep"),
              read("modules.builtin"),
              read("modules.softdep"),
              read("modules.alias"));
      if (modules.isEmpty()) {
        throw failed(
            "kernel %s has no modules.dep and no modules.builtin".formatted(kernel.version()));
      }
      if (kernel.initramfs().isEmpty()) {
        judgeWithoutInitramfs();
        return;
      }
      if (!answers.text("size").strip().equals(String.valueOf(image().toFile().length()))) {
        throw failed(
            "%s could not be read: %s"
                .formatted(kernel.initramfs(), TextTail.of(InspectStage.applianceLog(job))));
      }
      try {
        contents = new InitramfsReader().read(image());
        if (contents.isSquashed()) {
          fallBack("its modules are inside a squashed image");
          return;
        }
        plan = InitramfsPlan.of(contents, modules, kernel.version(), extraFiles());
        if (!regenerate || !plan.isNeeded()) {
          judge(contents);
          return;
        }
        if (!plan.unavailable().isEmpty()) {
          throw failed(
              "kernel %s has no driver %s".formatted(kernel.version(), plan.unavailable()));
        }
      } catch (InitramfsFormatException e) {
        fallBack(e.getMessage());
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      dropIn(contents.generator());
      dialogue.then(this::askModules, this::takeModules).then(this::askAppend, this::takeAppend);
    }

    /** Files of the initramfs that name disks or network cards. */
    private Map<String, byte[]> extraFiles() {
      Map<String, byte[]> files = new TreeMap<>();
      links.forEach((path, text) -> files.put(path, text.getBytes(StandardCharsets.ISO_8859_1)));
      contents
          .content(RESUME)
          .ifPresent(
              bytes -> {
                String text = new String(bytes, StandardCharsets.ISO_8859_1);
                Edited edited = ResumeFile.stabilize(text, guest.disks());
                if (edited.changed()) {
                  files.put(RESUME, edited.text().getBytes(StandardCharsets.ISO_8859_1));
                  edited
                      .changes()
                      .forEach(
                          c ->
                              evidence.changed(
                                  kernel.initramfs() + ":" + RESUME,
                                  c.line(),
                                  c.before(),
                                  c.after(),
                                  c.rule(),
                                  c.reason()));
                }
              });
      return files;
    }

    private void dropIn(InitramfsGenerator generator) {
      ConfigDropIn.pathFor(generator)
          .flatMap(path -> ConfigDropIn.of(generator, edits.text(path).orElse(""), plan.wanted()))
          .ifPresent(
              dropIn -> {
                evidence.changed(
                    dropIn.path(),
                    0,
                    "",
                    String.join(" ", plan.wanted()),
                    "initramfs-drop-in",
                    "the next kernel update must take the virtio drivers, too");
                // Written with the other edits, which come after the kernels.
                edits.write(dropIn.path(), dropIn.text());
              });
    }

    GuestfishScript askModules() {
      GuestfishScript script = new GuestfishScript();
      int number = 0;
      for (String file : plan.filesToFetch()) {
        script.download(inGuest(file), written("module-" + number++), MAX_FILE_BYTES);
      }
      return script;
    }

    void takeModules(GuestfishAnswers answers) {
      Map<String, byte[]> files = new LinkedHashMap<>();
      int number = 0;
      for (String file : plan.filesToFetch()) {
        Path host = directory.resolve("module-" + number++);
        if (ToolFiles.isWritten(host)) {
          files.put(file, bytes(host));
        }
      }
      Map<String, byte[]> index = new LinkedHashMap<>();
      for (String file : InitramfsPlan.INDEX_FILES) {
        Path host = directory.resolve(file);
        if (ToolFiles.isWritten(host)) {
          index.put(file, bytes(host));
        }
      }
      try {
        suffix = AppendedArchive.build(contents, plan, files, index).suffix();
        job.toolFiles().toRead(directory.resolve("suffix"), suffix);
        Files.write(image(), suffix, StandardOpenOption.APPEND);
      } catch (InitramfsFormatException | IllegalArgumentException e) {
        throw failed("%s: %s".formatted(kernel.initramfs(), e.getMessage()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    GuestfishScript askAppend() {
      return new GuestfishScript()
          .run(
              "upload-offset",
              directory.resolve("suffix").toString(),
              kernel.initramfs(),
              String.valueOf(contents.length()))
          .ask("sha256", "checksum", "sha256", kernel.initramfs());
    }

    void takeAppend(GuestfishAnswers answers) {
      try {
        String wanted = Sha256.of(image());
        if (!answers.text("sha256").strip().equals(wanted)) {
          throw failed(
              "%s could not be written: %s"
                  .formatted(kernel.initramfs(), TextTail.of(InspectStage.applianceLog(job))));
        }
        evidence.changed(
            kernel.initramfs(),
            0,
            contents.length() + " bytes",
            (contents.length() + suffix.length) + " bytes",
            "initramfs-append",
            plan.filesToFetch().isEmpty()
                ? "files that name disks and network cards"
                : "added " + String.join(" ", plan.filesToFetch()));
        // Read back from the bytes whose sum the guest's file has.
        judge(new InitramfsReader().read(image()));
      } catch (IOException e) {
        throw failed("%s cannot be read back: %s".formatted(kernel.initramfs(), e.getMessage()));
      }
    }

    private void judge(InitramfsContents found) throws InitramfsFormatException {
      InitramfsVerdict verdict = InitramfsVerdict.verify(found, modules, kernel.version());
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("kernel", kernel.version());
      entry.put("initramfs", kernel.initramfs());
      entry.put("drivers", verdict.evidence());
      if (!verdict.isComplete()) {
        entry.put("missing", verdict.missing());
      }
      kernels.add(entry);
      if (!verdict.isComplete() && regenerate) {
        throw failed(
            "the initramfs of kernel %s lacks %s".formatted(kernel.version(), verdict.missing()));
      }
      if (!verdict.isComplete()) {
        job.warn(
            "the initramfs of kernel %s lacks %s, and regenerate is false"
                .formatted(kernel.version(), verdict.missing().keySet()));
      }
      if (regenerate && plan != null) {
        dropIn(found.generator());
      }
    }

    private void judgeWithoutInitramfs() {
      List<String> missing =
          KernelModules.VIRTIO.stream().filter(name -> !modules.isBuiltin(name)).toList();
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("kernel", kernel.version());
      entry.put("initramfs", "");
      Map<String, String> reasons = new LinkedHashMap<>();
      missing.forEach(name -> reasons.put(name, "not built into the kernel"));
      entry.put("missing", reasons);
      kernels.add(entry);
      // Without an initramfs only the root disk's driver must be in the kernel itself.
      boolean boots = !missing.contains("virtio_blk") && !missing.contains("virtio_pci");
      if (!boots && regenerate) {
        throw failed(
            "kernel %s has no initramfs and no built-in %s".formatted(kernel.version(), missing));
      }
      if (!boots) {
        job.warn("kernel %s has no initramfs and no %s".formatted(kernel.version(), missing));
      }
    }

    /** The guest's own tool, for an initramfs that cannot be read or extended on the host. */
    private void fallBack(String reason) {
      String tool =
          switch (guest.initramfsTool()) {
            case "initramfs-tools" -> "update-initramfs -u -k " + kernel.version();
            case "dracut" -> "dracut --force %s %s".formatted(kernel.initramfs(), kernel.version());
            default -> "";
          };
      if (!regenerate || tool.isEmpty()) {
        throw failed("%s: %s".formatted(kernel.initramfs(), reason));
      }
      job.warn("%s was rebuilt by the guest's own tool: %s".formatted(kernel.initramfs(), reason));
      InitramfsGenerator generator =
          guest.initramfsTool().equals("dracut")
              ? InitramfsGenerator.DRACUT
              : InitramfsGenerator.INITRAMFS_TOOLS;
      List<String> wanted =
          KernelModules.VIRTIO.stream().filter(n -> !modules.isBuiltin(n)).toList();
      ConfigDropIn.pathFor(generator)
          .flatMap(path -> ConfigDropIn.of(generator, edits.text(path).orElse(""), wanted))
          .ifPresent(dropIn -> edits.write(dropIn.path(), dropIn.text()));
      dialogue
          .then(
              () -> edits.script(job.directory(), job.toolFiles()),
              answers -> edits.accept(answers, InspectStage.applianceLog(job)))
          // The version is checked to be of letters, digits and . _ + ~ - when it is found.
          .then(() -> new GuestfishScript().ask("tool", "sh", tool + " 2>&1"), answers -> {})
          .then(
              () -> {
                image().toFile().delete();
                return new GuestfishScript()
                    .download(kernel.initramfs(), written("initramfs"), MAX_INITRAMFS_BYTES);
              },
              answers -> {
                try {
                  judge(new InitramfsReader().read(image()));
                } catch (IOException e) {
                  throw failed("%s: %s".formatted(kernel.initramfs(), e.getMessage()));
                }
              });
    }

    private String read(String file) {
      Path host = directory.resolve(file);
      return ToolFiles.isWritten(host) ? new String(bytes(host), StandardCharsets.UTF_8) : "";
    }

    private byte[] bytes(Path host) {
      try {
        return Files.readAllBytes(host);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
