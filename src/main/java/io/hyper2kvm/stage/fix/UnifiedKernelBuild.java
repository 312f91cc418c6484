package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.guest.boot.UnifiedKernel;
import io.hyper2kvm.guest.boot.UnifiedKernel.Section;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.initramfs.archive.InitramfsGenerator;
import io.hyper2kvm.guest.initramfs.dropin.ConfigDropIn;
import io.hyper2kvm.guest.initramfs.modules.KernelModules;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.KernelFiles;
import io.hyper2kvm.text.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Builds a unified kernel image anew with the guest's own tool: ukify from the parts of the old
 * one, or dracut or mkinitcpio from the guest. The new one is read before it takes the old one's
 * place.
 */
final class UnifiedKernelBuild {

  /** A folder of the guest that is there for this only. */
  private static final String WORK = "/var/tmp/hyper2kvm-uki";

  private static final String NEW = WORK + "/new.efi";

  private static final List<String> UKIFY = List.of("/usr/bin/ukify", "/usr/lib/systemd/ukify");
  private static final String STUB = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub";
  private static final int MOST_COMMAND_LINE = 65_536;

  private final FixContext context;
  private final FixEvidence evidence;
  private final UnifiedImage image;
  private final String arguments;
  private final List<String> reasons;
  private final GuestfishSession session;

  /**
   * A build that has not begun.
   *
   * @param arguments the new image's command line
   * @param reasons why it is built
   */
  UnifiedKernelBuild(
      FixContext context,
      FixEvidence evidence,
      UnifiedImage image,
      String arguments,
      List<String> reasons,
      GuestfishSession session) {
    this.context = context;
    this.evidence = evidence;
    this.image = image;
    this.arguments = arguments;
    this.reasons = List.copyOf(reasons);
    this.session = session;
  }

  /** With the old image's initramfs: the command line is what changes. */
  void withInitramfsOfOld() {
    session.then(
        this::askTools, tools -> ukify(tools, part(".initrd").stream().toList(), built -> {}));
  }

  /** With the initramfs of the copy on the host, to which something was appended. */
  void extended(KernelFiles files, KernelModules modules, KernelVerdicts verdicts) {
    session.then(
        this::askTools,
        tools ->
            ukify(
                tools,
                List.of(
                    script ->
                        script.run("upload", files.initramfsCopy().toString(), at(".initrd"))),
                built -> readInitramfs(built, files, modules, verdicts)));
  }

  /** With an initramfs that the guest's generator makes. */
  void generated(KernelFiles files, KernelModules modules, KernelVerdicts verdicts) {
    String tool = context.guest().initramfsTool();
    InitramfsGenerator generator =
        switch (tool) {
          case "dracut" -> InitramfsGenerator.DRACUT;
          case "mkinitcpio" -> InitramfsGenerator.MKINITCPIO;
          default ->
              throw refused(
                  tool.isEmpty()
                      ? "no generator of its initramfs is known"
                      : tool + " makes no unified kernel images");
        };
    ConfigDropIn.of(generator, context.edits().texts(), modules.virtioModules())
        .ifPresent(dropIn -> context.edits().apply(EditPlan.of(dropIn)));
    // The tool reads the corrected files.
    context.writeEdits(session);
    String command =
        generator == InitramfsGenerator.DRACUT
            ? "dracut --force --uefi --no-hostonly-cmdline --kver %s --kernel-cmdline \"$(cat %s)\""
                + " %s"
            : "mkinitcpio -S autodetect -k %s --cmdline %s -U %s";
    session
        .then(() -> prepared(List.of()), done -> {})
        .then(
            () -> tool(command.formatted(image.version(), at(".cmdline"), NEW)),
            answers ->
                accept(answers, tool, built -> readInitramfs(built, files, modules, verdicts)));
  }

  private GuestfishScript askTools() {
    GuestfishScript script = new GuestfishScript();
    UKIFY.forEach(path -> script.ask(path, "is-file", path, "followsymlinks:true"));
    return script.ask(STUB, "is-file", STUB, "followsymlinks:true");
  }

  private void ukify(
      GuestfishAnswers tools,
      List<Consumer<GuestfishScript>> initramfs,
      Consumer<List<Section>> judge) {
    Optional<String> program = UKIFY.stream().filter(tools::isTrue).findFirst();
    if (program.isEmpty() || !tools.isTrue(STUB)) {
      throw refused("the guest has no ukify with its stub " + STUB);
    }
    StringBuilder command = new StringBuilder(program.get() + " build --config=/dev/null");
    command.append(" --linux=").append(at(".linux"));
    if (!initramfs.isEmpty()) {
      command.append(" --initrd=").append(at(".initrd"));
    }
    if (!arguments.isEmpty()) {
      command.append(" --cmdline=@").append(at(".cmdline"));
    }
    if (image.section(".osrel").isPresent()) {
      command.append(" --os-release=@").append(at(".osrel"));
    }
    if (image.section(".splash").isPresent()) {
      command.append(" --splash=").append(at(".splash"));
    }
    if (!image.version().isEmpty()) {
      command.append(" --uname=").append(image.version());
    }
    // Constants and a version of letters, digits and marks: no name of the guest's is in it.
    command.append(" --output=").append(NEW);
    session
        .then(() -> prepared(initramfs), done -> {})
        .then(() -> tool(command.toString()), answers -> accept(answers, program.get(), judge));
  }

  /** Puts the parts of the old image beside each other. */
  private GuestfishScript prepared(List<Consumer<GuestfishScript>> initramfs) {
    GuestfishScript script = new GuestfishScript();
    script.run("rm-rf", WORK).run("mkdir-p", WORK);
    for (String name : List.of(".linux", ".osrel", ".splash")) {
      part(name).ifPresent(part -> part.accept(script));
    }
    initramfs.forEach(part -> part.accept(script));
    Path host = context.directory().resolve("uki-cmdline");
    context.toolFiles().toRead(host, arguments.getBytes(StandardCharsets.ISO_8859_1));
    return script.run("upload", host.toString(), at(".cmdline"));
  }

  private Optional<Consumer<GuestfishScript>> part(String name) {
    return image
        .section(name)
        .map(
            section ->
                script ->
                    script.run(
                        "copy-file-to-file",
                        image.path(),
                        at(name),
                        "srcoffset:" + section.offset(),
                        "size:" + section.length()));
  }

  private static String at(String section) {
    return WORK + "/" + section.substring(1);
  }

  private static GuestfishScript tool(String command) {
    return new GuestfishScript()
        .ask("tool", "sh", command + " 2>&1; echo \"exit $?\"")
        .read("head", NEW, UnifiedKernel.HEAD_BYTES);
  }

  private void accept(GuestfishAnswers answers, String tool, Consumer<List<Section>> judge) {
    List<String> said = answers.lines("tool");
    List<Section> sections = UnifiedKernel.sections(answers.bytes("head"));
    boolean exited = !said.isEmpty() && said.get(said.size() - 1).equals("exit 0");
    if (!exited || sections.stream().noneMatch(it -> it.name().equals(".linux"))) {
      String last =
          Printable.guestLine(
              String.join("; ", said.subList(Math.max(0, said.size() - 4), said.size())));
      throw refused("%s failed: %s".formatted(tool, last.isEmpty() ? "it could not be run" : last));
    }
    session
        .then(() -> readArguments(sections), read -> requireArguments(read, sections))
        .then(GuestfishScript::new, none -> judge.accept(sections))
        .then(this::install, installed -> requireInstalled(installed, tool));
  }

  private static Optional<Section> commandLine(List<Section> sections) {
    return sections.stream().filter(it -> it.name().equals(".cmdline")).findFirst();
  }

  private static GuestfishScript readArguments(List<Section> sections) {
    GuestfishScript script = new GuestfishScript();
    commandLine(sections)
        .ifPresent(
            section ->
                script.ask(
                    "cmdline",
                    "pread",
                    NEW,
                    String.valueOf(Math.min(section.length(), MOST_COMMAND_LINE)),
                    String.valueOf(section.offset())));
    return script;
  }

  private void requireArguments(GuestfishAnswers answers, List<Section> sections) {
    String text = answers.bytesAsText("cmdline").replace('\0', ' ').strip();
    // dracut adds words of its own.
    if (!(" " + text + " ").contains(" " + arguments.strip() + " ") && !arguments.isBlank()) {
      throw refused("the new image has the command line \"%s\"".formatted(text));
    }
  }

  private void readInitramfs(
      List<Section> built, KernelFiles files, KernelModules modules, KernelVerdicts verdicts) {
    UnifiedImage fresh =
        new UnifiedImage(NEW, false, built, arguments, image.version(), image.release());
    KernelFiles copy =
        KernelFiles.inside(
            fresh, context.toolFiles(), context.directory().resolve("uki-new" + built.hashCode()));
    session.then(
        copy::ask,
        answers -> {
          try {
            if (!copy.isInitramfsComplete(answers)) {
              throw refused("the initramfs of the new image could not be read");
            }
            verdicts.add(files.kernel(), copy.initramfs(), modules);
          } catch (IOException e) {
            throw refused("the initramfs of the new image: " + e.getMessage());
          }
        });
  }

  private GuestfishScript install() {
    String beside = image.path() + ".new";
    return new GuestfishScript()
        .ask("size", "filesize", NEW)
        .ask("source", "checksum", "sha256", NEW)
        .run("cp", NEW, beside)
        .ask("target", "checksum", "sha256", beside)
        .run("mv", beside, image.path())
        .ask("installed", "checksum", "sha256", image.path())
        .run("rm-f", beside)
        .run("rm-rf", WORK);
  }

  private void requireInstalled(GuestfishAnswers answers, String tool) {
    String sum = answers.text("source").strip();
    if (sum.isEmpty()
        || !sum.equals(answers.text("target").strip())
        || !sum.equals(answers.text("installed").strip())) {
      String log = context.applianceErrors();
      throw StageFailedException.withEvidence(
          log.contains("No space left on device")
              ? FailureCode.GUEST_NO_SPACE
              : FailureCode.APPLIANCE_FAILED,
          "%s could not be written: %s".formatted(Printable.guestBytes(image.path()), log),
          evidence.details());
    }
    context.newCommandLines().put(image.path(), arguments + "\n");
    long old = image.sections().stream().mapToLong(Section::length).sum();
    evidence.changed(
        new Change(
            image.path(),
            0,
            "sections of %d bytes".formatted(old),
            "%s bytes, sha256 %s".formatted(answers.text("size").strip(), sum),
            "unified-kernel-rebuild",
            "built anew by %s: %s".formatted(tool, String.join("; ", reasons))));
  }

  private StageFailedException refused(String why) {
    return evidence.failed(
        "%s must be built anew (%s), and cannot be: %s"
            .formatted(image.path(), String.join("; ", reasons), why));
  }
}
