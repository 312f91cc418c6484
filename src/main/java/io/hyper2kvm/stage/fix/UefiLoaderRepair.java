package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.boot.uefi.EfiPartition;
import io.hyper2kvm.guest.boot.uefi.FirmwareStart;
import io.hyper2kvm.guest.boot.uefi.LoaderFile;
import io.hyper2kvm.guest.boot.uefi.LoaderPlan;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.text.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The boot loader of a UEFI guest at the removable-media path, where the firmware of a new machine
 * looks. It is copied inside the appliance, and the sums of both files are compared.
 */
final class UefiLoaderRepair {

  private static final String RULE = "grub.removable-media-loader";

  private final FixContext context;
  private final FixEvidence evidence;
  private final LoaderPlan plan;

  UefiLoaderRepair(FixContext context, FixEvidence evidence) {
    this.context = context;
    this.evidence = evidence;
    this.plan = context.uefi().wanted() ? context.uefi().plan() : LoaderPlan.NOTHING;
  }

  /**
   * Says what the plan says.
   *
   * @throws StageFailedException when firmware starts nothing and no boot loader can be put there
   */
  void require() {
    plan.warnings().forEach(warning -> context.warn(Printable.guestBytes(warning)));
    if (plan.refusal().isEmpty()) {
      return;
    }
    String reason = Printable.guestBytes(plan.refusal().get());
    FirmwareStart start = context.uefi().start();
    // What is not known to fail is left to the check, which warns.
    if (start.outcome() == FirmwareStart.Outcome.NOTHING) {
      String message =
          "the new machine's firmware finds no boot loader (%s), and none can be put there: %s"
              .formatted(Printable.guestBytes(start.detail()), reason);
      throw plan.lacksSpace()
          ? StageFailedException.withEvidence(
              FailureCode.GUEST_NO_SPACE, message, evidence.details())
          : evidence.failed(message);
    }
  }

  /** Adds the turn that writes the files and reads their sums; nothing is mounted. */
  void ask(GuestfishSession session) {
    session.then(this::script, this::accept);
  }

  private GuestfishScript script() {
    GuestfishScript script = new GuestfishScript();
    Set<String> devices = new LinkedHashSet<>();
    plan.files().forEach(file -> devices.add(file.partition().device()));
    for (String device : devices) {
      script.run("mount", device, "/");
      filesOn(device).forEach(file -> write(file, script));
      script.run("umount-all");
    }
    return script;
  }

  private List<LoaderFile> filesOn(String device) {
    return plan.files().stream().filter(f -> f.partition().device().equals(device)).toList();
  }

  private void write(LoaderFile file, GuestfishScript script) {
    script.run("mkdir-p", file.folder());
    file.source()
        .ifPresent(
            source ->
                script
                    .run("cp", source, file.path())
                    .ask(sourceKey(file), "checksum", "sha256", source));
    file.text()
        .ifPresent(
            text -> {
              Path host = context.directory().resolve("loader-" + plan.files().indexOf(file));
              context.toolFiles().toRead(host, text.getBytes(StandardCharsets.ISO_8859_1));
              script
                  .run("upload", host.toString(), file.path())
                  .read(sourceKey(file), file.path(), text.length() + 1);
            });
    script.ask(targetKey(file), "checksum", "sha256", file.path());
  }

  private static String sourceKey(LoaderFile file) {
    return file.partition().device() + file.path() + "/source";
  }

  private static String targetKey(LoaderFile file) {
    return file.partition().device() + file.path() + "/target";
  }

  private void accept(GuestfishAnswers answers) {
    for (LoaderFile file : plan.files()) {
      String sum = answers.text(targetKey(file)).strip();
      boolean holds =
          file.text()
              .map(text -> text.equals(answers.bytesAsText(sourceKey(file))))
              .orElseGet(() -> sum.equals(answers.text(sourceKey(file)).strip()));
      if (sum.isEmpty() || !holds) {
        String log = context.applianceErrors();
        throw StageFailedException.withEvidence(
            log.contains("No space left on device")
                ? FailureCode.GUEST_NO_SPACE
                : FailureCode.APPLIANCE_FAILED,
            "%s on %s could not be written: %s"
                .formatted(Printable.guestBytes(file.path()), file.partition().place(), log),
            evidence.details());
      }
      evidence.changed(change(file, sum));
    }
  }

  private Change change(LoaderFile file, String sum) {
    String what = file.source().map("copy of "::concat).orElse("new file");
    return new Change(
        guestPath(file),
        0,
        file.before(),
        "%s, %d bytes, sha256 %s".formatted(what, file.bytes(), sum),
        RULE,
        "%s (%s)".formatted(file.reason(), file.partition().place()));
  }

  /** Where the guest sees the file, if it mounts the partition. */
  private String guestPath(LoaderFile file) {
    EfiPartition partition = file.partition();
    return context.guest().mounts().entrySet().stream()
        .filter(mount -> mount.getValue().equals(partition.device()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse("")
        .concat(file.path());
  }
}
