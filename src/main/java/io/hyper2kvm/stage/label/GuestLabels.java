package io.hyper2kvm.stage.label;

import io.hyper2kvm.guest.selinux.FileContexts;
import io.hyper2kvm.guest.selinux.FileKind;
import io.hyper2kvm.guest.selinux.LabelDecision;
import io.hyper2kvm.guest.selinux.SecurityContext;
import io.hyper2kvm.guest.selinux.SelinuxConfig;
import io.hyper2kvm.guest.selinux.SelinuxMode;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.GuestFacts;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The SELinux labels of the files that the fixes write. The appliance's kernel labels nothing: a
 * file that is written in place keeps its label, a new one has none. Of a guest without SELinux
 * nothing is asked.
 */
public final class GuestLabels {

  /** In a guest that was labelled once it has a label. */
  private static final String PROOF = "/etc";

  private final LabelledPaths paths;
  private final SelinuxConfig config;
  private final LabelReport report;
  private final Relabelling relabelling;
  private final ProgramWrites writes;
  private final Map<String, SecurityContext> before = new TreeMap<>();
  private final Set<String> unlabelledBefore = new TreeSet<>();
  private final Set<String> checked = new TreeSet<>();
  private final Map<String, SecurityContext> now = new TreeMap<>();
  private final Map<String, LabelDecision> decisions = new LinkedHashMap<>();
  private FileContexts contexts = FileContexts.of("", Map.of());
  private boolean labelled;

  /**
   * The labels of a guest.
   *
   * @param warnings takes what an operator should know
   */
  public GuestLabels(GuestFacts guest, Consumer<String> warnings) {
    this.paths = new LabelledPaths(guest);
    this.config = SelinuxConfig.of(guest.texts());
    this.report = new LabelReport(config);
    this.relabelling = new Relabelling(config.mode(), report, warnings);
    this.writes =
        new ProgramWrites(
            ProgramWrites.mountPoints(guest.mounts(), paths),
            doubt ->
                relabelling.need(
                    "Not all files that the guest's programs wrote are known, nor their SELinux labels: "
                        + doubt));
  }

  private boolean isOn() {
    return config.mode() != SelinuxMode.DISABLED;
  }

  /**
   * Adds the turns that read the policy's contexts, and the labels as they are.
   *
   * @param files those that will be written, as far as that is known
   */
  public void askBefore(GuestfishSession session, Collection<String> files) {
    if (!isOn()) {
      return;
    }
    Set<String> known = paths.withFolders(files);
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          FileContexts.files(config.policy())
              .forEach(file -> script.read(file, file, FileContexts.MAX_BYTES));
          return script
              .ask(PROOF, "lgetxattr", PROOF, SecurityContext.ATTRIBUTE)
              .ask(LabelledPaths.BOOT, "find", LabelledPaths.BOOT);
        },
        answers -> {
          takeContexts(answers);
          labelled = answers.has(PROOF);
          if (labelled) {
            known.addAll(paths.inBoot(answers.text(LabelledPaths.BOOT)));
            session.then(() -> labels(known), found -> takeLabels(known, found, before));
            session.then(() -> existence(known), found -> keepUnlabelled(known, found));
          }
        });
  }

  private void takeContexts(GuestfishAnswers answers) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String file : FileContexts.files(config.policy())) {
      if (answers.has(file)) {
        texts.put(file, answers.bytesAsText(file));
      }
    }
    contexts = FileContexts.of(config.policy(), texts);
  }

  private static GuestfishScript labels(Collection<String> files) {
    GuestfishScript script = new GuestfishScript();
    files.forEach(file -> script.ask(file, "lgetxattr", file, SecurityContext.ATTRIBUTE));
    return script;
  }

  private static void takeLabels(
      Collection<String> files, GuestfishAnswers answers, Map<String, SecurityContext> labels) {
    for (String file : files) {
      SecurityContext.of(answers.bytesAsText(file)).ifPresent(label -> labels.put(file, label));
    }
  }

  /** Of the files without a label: one that is not there yet gets one, the others stay. */
  private GuestfishScript existence(Set<String> files) {
    GuestfishScript script = new GuestfishScript();
    files.stream()
        .filter(file -> !before.containsKey(file))
        .forEach(file -> script.ask(file, "exists", file));
    return script;
  }

  private void keepUnlabelled(Set<String> files, GuestfishAnswers answers) {
    files.stream().filter(answers::isTrue).forEach(unlabelledBefore::add);
  }

  /**
   * Adds the turns that note the time, in front of a program of the guest that writes elsewhere
   * than in {@code /boot}: what is written from then on is checked as well. It counts once.
   */
  public void watchPrograms(GuestfishSession session) {
    if (isOn() && labelled) {
      writes.begin(session);
    }
  }

  /**
   * Adds the turns that check the labels of what was written, and set those that are missing.
   *
   * @param files those that were written
   */
  public void askAfter(GuestfishSession session, Supplier<Collection<String>> files) {
    if (!isOn()) {
      return;
    }
    session.then(
        () ->
            labelled
                ? new GuestfishScript().ask(LabelledPaths.BOOT, "find", LabelledPaths.BOOT)
                : new GuestfishScript(),
        answers -> {
          if (labelled) {
            report.labelled();
            checked.addAll(paths.withFolders(files.get()));
            checked.addAll(paths.inBoot(answers.text(LabelledPaths.BOOT)));
            writes.end(session, found -> checked.addAll(paths.withFolders(found)));
            session.then(() -> labels(checked), found -> takeLabels(checked, found, now));
            session.then(this::askKinds, this::decide);
            session.then(this::set, this::accept);
          }
          relabelling.ask(session);
        });
  }

  private GuestfishScript askKinds() {
    GuestfishScript script = new GuestfishScript();
    for (String file : checked) {
      if (now.containsKey(file)) {
        report.kept();
      } else if (!unlabelledBefore.contains(file)) {
        script.ask(file, "lstatns", file);
      }
    }
    return script;
  }

  /** In their order a folder comes before what is in it. */
  private void decide(GuestfishAnswers answers) {
    for (String path : checked) {
      // One without an answer has a label, or is not there.
      kind(answers.pairs(path).getOrDefault("st_mode", ""))
          .ifPresent(
              kind ->
                  decide(
                      new LabelDecision.File(
                          path, kind, Optional.ofNullable(before.get(path)), Optional.empty())));
    }
  }

  private static Optional<FileKind> kind(String mode) {
    return mode.matches("[0-9]{1,9}") ? FileKind.ofMode(Long.parseLong(mode)) : Optional.empty();
  }

  private void decide(LabelDecision.File file) {
    LabelDecision decision =
        LabelDecision.of(file, Optional.ofNullable(now.get(file.folder())), contexts);
    decision.doubt().ifPresent(doubt -> tell(file.path(), decision, doubt));
    decision
        .label()
        .ifPresent(
            label -> {
              decisions.put(file.path(), decision);
              now.put(file.path(), label);
            });
  }

  private void tell(String path, LabelDecision decision, String doubt) {
    String what =
        decision
            .label()
            .map(label -> "%s got the SELinux label %s, but ".formatted(path, label))
            .orElse("%s got no SELinux label: ".formatted(path));
    if (decision.isPolicys()) {
      relabelling.warn(what + doubt + ": compare with restorecon -nv in the guest");
    } else {
      relabelling.need(what + doubt + ".");
    }
  }

  private GuestfishScript set() {
    GuestfishScript script = new GuestfishScript();
    decisions.forEach(
        (path, decision) -> {
          SecurityContext label = decision.label().orElseThrow();
          String length = String.valueOf(label.attributeLength());
          script
              .run("lsetxattr", SecurityContext.ATTRIBUTE, label.value(), length, path)
              .ask(path, "lgetxattr", path, SecurityContext.ATTRIBUTE);
        });
    return script;
  }

  private void accept(GuestfishAnswers answers) {
    decisions.forEach(
        (path, decision) -> {
          if (SecurityContext.of(answers.bytesAsText(path)).equals(decision.label())) {
            report.set(path, decision);
          } else {
            relabelling.need("the SELinux label of %s could not be written.".formatted(path));
          }
        });
  }

  /** The keys of the report; empty for a guest without SELinux. */
  public Map<String, Object> json() {
    return isOn() ? Map.of("selinux", report.json()) : Map.of();
  }
}
