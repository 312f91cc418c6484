package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.boot.GrubConfig;
import io.hyper2kvm.guest.boot.GrubDrives;
import io.hyper2kvm.guest.distribution.GrubProgram;
import io.hyper2kvm.guest.distribution.Release;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.read.GuestFilesOfInterest;
import io.hyper2kvm.text.Printable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets the guest's own grub-mkconfig write grub.cfg anew from the corrected settings. The result
 * counts only if it is at least as good as the corrected old one, which is otherwise put back.
 */
final class GrubRegeneration {

  /** The program falls back to device names while udev has not made its links yet: ask again. */
  private static final int MOST_ATTEMPTS = 3;

  /** What the guest prints that lacks the program. */
  private static final String ABSENT = "absent";

  private final FixContext context;
  private final FixEvidence evidence;
  private final GuestfishSession session;
  private int attempts;

  GrubRegeneration(FixContext context, FixEvidence evidence, GuestfishSession session) {
    this.context = context;
    this.evidence = evidence;
    this.session = session;
  }

  /** Adds the question, if the guest has a configuration that such a program writes. */
  void ask() {
    Release.of(context.guest().release()).family().grubPrograms().stream()
        .filter(tool -> isGenerated(context.guest().texts().getOrDefault(tool.configuration(), "")))
        .findFirst()
        .ifPresent(tool -> session.then(() -> run(tool), answers -> accept(tool, answers)));
  }

  /**
   * A stub that leads to another file stays one. The configuration on an EFI system partition is
   * corrected in place alone: in the appliance the program would write it for a BIOS.
   */
  private static boolean isGenerated(String config) {
    GrubConfig.Loads loads = GrubConfig.loads(config);
    return loads.kernels() || loads.blsEntries();
  }

  private static GuestfishScript run(GrubProgram tool) {
    // Constants only: nothing of the guest or the manifest reaches this command.
    String command =
        "test -x %1$s || { echo %2$s; exit; }; GRUB_DISABLE_OS_PROBER=true %1$s -o %3$s 2>&1; echo \"exit $?\""
            .formatted(tool.program(), ABSENT, tool.configuration());
    return new GuestfishScript()
        .ask("tool", "sh", command)
        .read("config", tool.configuration(), 2 * GuestFilesOfInterest.MAX_TEXT_BYTES);
  }

  private void accept(GrubProgram tool, GuestfishAnswers answers) {
    String corrected = context.edits().text(tool.configuration()).orElseThrow();
    String regenerated = answers.bytesAsText("config");
    List<String> said = answers.lines("tool");
    boolean exited = !said.isEmpty() && said.get(said.size() - 1).equals("exit 0");
    boolean complete =
        GrubConfig.entries(regenerated).size() >= GrubConfig.entries(corrected).size()
            && GrubConfig.unresolvedRoots(regenerated, context.guest().disks()).isEmpty();
    if (exited && complete) {
      String numbered = GrubDrives.numbered(regenerated, context.guest().disks());
      context.edits().write(tool.configuration(), numbered);
      if (!numbered.equals(regenerated)) {
        put(tool, numbered);
      }
      evidence.fact("regenerated_by", tool.program());
      return;
    }
    attempts++;
    if (exited && !complete && attempts < MOST_ATTEMPTS) {
      session.then(() -> run(tool), again -> accept(tool, again));
      return;
    }
    String reason = reason(said, exited, regenerated);
    context.warn("grub.cfg was corrected in place: %s: %s".formatted(tool.program(), reason));
    evidence.fact("regenerated_by", "");
    put(tool, corrected);
  }

  private void put(GrubProgram tool, String text) {
    session.then(
        () -> {
          Path host = context.directory().resolve("grub.cfg");
          context.toolFiles().toRead(host, text.getBytes(StandardCharsets.ISO_8859_1));
          return new GuestfishScript()
              .run("upload", host.toString(), tool.configuration())
              .read("written", tool.configuration(), 2 * GuestFilesOfInterest.MAX_TEXT_BYTES);
        },
        answers -> {
          // On a full file system only a part of it is there.
          if (!answers.bytesAsText("written").equals(text)) {
            throw evidence.failed(
                tool.configuration() + " could not be written whole; is its file system full?");
          }
        });
  }

  private String reason(List<String> said, boolean exited, String regenerated) {
    if (said.isEmpty()) {
      return "it could not be run";
    }
    if (said.equals(List.of(ABSENT))) {
      return "the guest does not have it";
    }
    if (!exited) {
      return Printable.guestLine(
          String.join("; ", said.subList(Math.max(0, said.size() - 3), said.size())));
    }
    return GrubConfig.unresolvedRoots(regenerated, context.guest().disks()).stream()
        .findFirst()
        .map(problem -> Printable.guestBytes(problem.reason()))
        .orElse("its result has fewer entries");
  }
}
