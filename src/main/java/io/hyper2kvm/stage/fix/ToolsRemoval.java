package io.hyper2kvm.stage.fix;

import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.firstboot.RemovalScript;
import io.hyper2kvm.guest.leftover.GuestTools;
import io.hyper2kvm.guest.leftover.GuestTools.Uninstaller;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.guest.leftover.LeftoverFix;
import io.hyper2kvm.guest.leftover.PackageManager;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.stage.inspect.software.FoundSoftware;
import io.hyper2kvm.stage.inspect.software.SoftwareSearch;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/**
 * Takes the tools out of a guest by its own package manager, or by the vendor's uninstaller, in the
 * appliance, which has no network. A guest whose programs do not run here does it at its first
 * boot.
 */
final class ToolsRemoval {

  /** The processors whose programs run in the appliance of an x86-64 host. */
  private static final Set<String> RUNNABLE = Set.of("x86_64", "i386");

  private static final String ANSWER = "answer";
  private static final String WORLD = "/etc/apk/world";
  private static final int MAX_WORLD_BYTES = 256 << 10;

  /** What is shown of a program's words. */
  private static final int SHOWN_LINES = 5;

  private final FixContext context;
  private final FixEvidence evidence;
  private final GuestfishSession session;
  private final GuestTree tree;
  private final Optional<PackageManager> manager;
  private final List<Uninstaller> uninstallers = new ArrayList<>();
  private Map<String, String> packages = new LinkedHashMap<>();
  private String removal = "";

  ToolsRemoval(FixContext context, FixEvidence evidence, GuestfishSession session) {
    this.context = context;
    this.evidence = evidence;
    this.session = session;
    this.tree = context.software().tree().orElseThrow();
    this.manager = PackageManager.of(tree);
    GuestTools.ALL.stream()
        .flatMap(tools -> tools.uninstallers().stream())
        .filter(it -> tree.has(it.marker()))
        .forEach(uninstallers::add);
  }

  /** Adds the turns; what is found on the way adds further ones. */
  void ask() {
    String architecture = context.guest().architecture();
    if (!RUNNABLE.contains(architecture)) {
      if (hasNoTools()) {
        end();
      } else {
        atFirstBoot(
            "the guest's programs are for the processor %s and do not run here"
                .formatted(architecture.isEmpty() ? "unknown" : architecture));
      }
      return;
    }
    if (manager.isEmpty()) {
      session.then(GuestfishScript::new, nothing -> uninstall());
      return;
    }
    session.then(() -> sh(manager.get().query(), 1_000_000), this::takePackages);
  }

  private boolean hasNoTools() {
    return LeftoverFix.found(tree).isEmpty();
  }

  /** The last line tells the exit code; without it the guest's shell did not run. */
  private static GuestfishScript sh(String command, int mostBytes) {
    return new GuestfishScript()
        .ask(
            ANSWER,
            "sh",
            "PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH; T=;"
                + " command -v timeout >/dev/null 2>&1 && T='timeout 900';"
                + " { $T env DEBIAN_FRONTEND=noninteractive LC_ALL=C "
                + command
                + "; echo \"exit $?\"; } </dev/null 2>&1 | tail -c "
                + mostBytes);
  }

  private static Optional<Integer> exitCode(List<String> lines) {
    String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
    return last.matches("exit \\d{1,3}")
        ? Optional.of(Integer.valueOf(last.substring(5)))
        : Optional.empty();
  }

  private static String said(List<String> lines) {
    int end = Math.max(0, lines.size() - 1);
    return Printable.guestLine(
        String.join("; ", lines.subList(Math.max(0, end - SHOWN_LINES), end)));
  }

  private void takePackages(GuestfishAnswers answers) {
    List<String> lines = answers.lines(ANSWER);
    Optional<Integer> exit = exitCode(lines);
    if (exit.filter(code -> code == 0).isEmpty()) {
      if (hasNoTools() && exit.isEmpty()) {
        throw evidence.failed(
            "the guest's shell does not run in the appliance: whether it has packages of guest tools is not known");
      }
      atFirstBoot(
          exit.isEmpty()
              ? "the guest's shell does not run in the appliance"
              : "the guest's %s does not list its packages: %s"
                  .formatted(manager.orElseThrow().text(), said(lines)));
      return;
    }
    packages = manager.orElseThrow().tools(answers.text(ANSWER));
    if (packages.isEmpty()) {
      uninstall();
      return;
    }
    session.then(
        () ->
            sh(manager.orElseThrow().simulation(packages), 20_000)
                .read(WORLD, WORLD, MAX_WORLD_BYTES),
        this::takeSimulation);
  }

  private void takeSimulation(GuestfishAnswers answers) {
    List<String> lines = answers.lines(ANSWER);
    if (exitCode(lines).filter(code -> code == 0).isEmpty()) {
      throw evidence.failed(
          "the guest's %s refuses to remove %s, and nothing was removed: %s"
              .formatted(manager.orElseThrow().text(), packages.keySet(), said(lines)));
    }
    List<String> others =
        manager.orElseThrow().others(answers.text(ANSWER), packages, answers.text(WORLD));
    if (!others.isEmpty()) {
      throw evidence.failed(
          "with %s the guest's %s would remove %s as well; nothing was removed"
              .formatted(
                  packages.keySet(),
                  manager.orElseThrow().text(),
                  Printable.guestLine(String.join(", ", others))));
    }
    context.labels().watchPrograms(session);
    session
        .then(() -> sh(manager.orElseThrow().removal(packages), 20_000), this::takeRemoval)
        .then(() -> sh(manager.orElseThrow().query(), 1_000_000), this::takeRemaining);
  }

  private void takeRemoval(GuestfishAnswers answers) {
    removal = said(answers.lines(ANSWER));
  }

  /** The list of packages decides, not an exit code. */
  private void takeRemaining(GuestfishAnswers answers) {
    List<String> lines = answers.lines(ANSWER);
    if (exitCode(lines).filter(code -> code == 0).isEmpty()) {
      throw evidence.failed("the guest's packages could not be listed again: " + said(lines));
    }
    Map<String, String> remaining = manager.orElseThrow().tools(answers.text(ANSWER));
    if (!remaining.isEmpty()) {
      throw evidence.failed(
          "the guest's %s did not remove %s: %s"
              .formatted(manager.orElseThrow().text(), remaining.keySet(), removal));
    }
    List<Object> removed = new ArrayList<>();
    packages.forEach(
        (name, version) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("name", name);
          entry.put("version", Printable.guestLine(version));
          removed.add(entry);
          evidence.changed(
              new Change(
                  manager.orElseThrow().database(tree),
                  0,
                  name + " " + version,
                  "",
                  "guest_tools.package",
                  "removed by %s in the appliance".formatted(manager.orElseThrow().text())));
        });
    evidence.fact("packages_removed", removed);
    uninstall();
  }

  /** What is in no package: by the vendor's own program. */
  private void uninstall() {
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          uninstallers.forEach(it -> script.ask(it.marker(), "exists", it.marker()));
          return script;
        },
        answers -> {
          uninstallers.removeIf(it -> !answers.isTrue(it.marker()));
          uninstallers.forEach(this::uninstall);
          search();
        });
  }

  private void uninstall(Uninstaller uninstaller) {
    context.labels().watchPrograms(session);
    session.then(
        () -> sh(uninstaller.program(), 20_000).ask("left", "exists", uninstaller.marker()),
        answers -> {
          if (!answers.text("left").strip().equals("false")) {
            throw evidence.failed(
                "%s did not take out the tools that %s records: %s"
                    .formatted(
                        uninstaller.program(), uninstaller.marker(), said(answers.lines(ANSWER))));
          }
          evidence.changed(
              new Change(
                  uninstaller.marker(),
                  0,
                  "(tools of the vendor's own installer)",
                  "",
                  "guest_tools.uninstaller",
                  "%s took them out in the appliance".formatted(uninstaller.program())));
        });
  }

  /** What is there now, and what of it would still stop or delay the boot. */
  private void search() {
    SoftwareSearch search = new SoftwareSearch(true);
    boolean systemd = context.guest().systemd();
    session.then(
        search::ask, answers -> search.take(answers, systemd, session, (path, text) -> {}));
    session.then(
        GuestfishScript::new,
        nothing -> {
          // A file that went with its package must not come back.
          SortedMap<String, String> others = context.edits().texts();
          others.keySet().retainAll(LeftoverFix.READ_ANYWAY);
          FoundSoftware now = search.found(others, systemd, Set.of());
          GuestTree left = now.tree().orElseThrow();
          List<String> programs =
              LeftoverFix.found(left).values().stream().flatMap(List::stream).toList();
          if (!programs.isEmpty()) {
            throw evidence.failed(
                "%s belong to guest tools that are in no package that is known here and have no uninstaller; remove them in the guest"
                    .formatted(programs));
          }
          GuestToolsRepair.apply(GuestToolsRepair.plan(left, context), context, evidence);
          end();
        });
  }

  private void end() {
    if (!evidence.changedSomething()) {
      evidence.notApplicable("the guest has no tools of another hypervisor that are known here");
    }
  }

  private void atFirstBoot(String reason) {
    GuestTree now = tree.with(context.edits().texts());
    GuestToolsRepair.apply(GuestToolsRepair.plan(now, context), context, evidence);
    GuestToolsRepair.apply(RemovalScript.plan(now, reason), context, evidence);
    evidence.fact("removed_at_first_boot", RemovalScript.SCRIPT);
    context.warn(
        "%s: %s; this script removes the guest tools at the first boot, and writes what it did to %s"
            .formatted(RemovalScript.SCRIPT, reason, RemovalScript.LOG));
  }
}
