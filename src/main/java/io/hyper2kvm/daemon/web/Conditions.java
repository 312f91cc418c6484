package io.hyper2kvm.daemon.web;

import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.report.ReportJson;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.view.Ended;
import io.hyper2kvm.view.EndedIndex;
import io.hyper2kvm.view.FolderState;
import io.hyper2kvm.view.JobId;
import io.hyper2kvm.view.Placed;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is wrong, or keeps manifests from going on, and what to do. */
final class Conditions {

  private static final int MOST_NAMED = 20;
  private static final int MOST_LOOKED_AT = 10_000;
  private static final Duration LONG_AGO = Duration.ofSeconds(60);

  private final DaemonFacts facts;
  private final WorkflowDirectories directories;
  private final Map<String, Path> folders;
  private final long littleSpace;
  private final int mostVms;
  private final EndedIndex index;
  private final JobId ids;
  private final Blocked blocked;

  /**
   * Those of a daemon.
   *
   * @param folders the folders whose space matters, by their names
   * @param littleSpace a folder with less free space is almost full, in bytes
   * @param mostVms how many VMs are worked on at once
   * @param blocked why manifests do not go on
   */
  Conditions(
      DaemonFacts facts,
      WorkflowDirectories directories,
      Map<String, Path> folders,
      long littleSpace,
      int mostVms,
      EndedIndex index,
      JobId ids,
      Blocked blocked) {
    this.facts = facts;
    this.directories = directories;
    this.folders = folders;
    this.littleSpace = littleSpace;
    this.mostVms = mostVms;
    this.index = index;
    this.ids = ids;
    this.blocked = blocked;
  }

  /** All of them, the worst first. */
  List<Map<String, Object>> of(FolderState state, Map<Job, LiveView> live) {
    List<Condition> found = new ArrayList<>();
    poller().ifPresent(found::add);
    reports().ifPresent(found::add);
    folders.forEach((name, folder) -> space(name, folder).ifPresent(found::add));
    state.failed().stream().limit(MOST_NAMED).map(this::failed).forEach(found::add);
    found.addAll(notTaken());
    live.forEach((job, view) -> waitsForSpace(job, view).ifPresent(found::add));
    intake(state).ifPresent(found::add);
    schedule().ifPresent(found::add);
    places(live).ifPresent(found::add);
    return found.stream()
        .sorted(Comparator.comparingInt(Conditions::rank))
        .map(Condition::json)
        .toList();
  }

  private static int rank(Condition condition) {
    return List.of(Condition.ERROR, Condition.WARNING, Condition.INFO)
        .indexOf(condition.severity());
  }

  private Optional<Condition> poller() {
    Duration since = facts.sinceLook();
    return since.compareTo(LONG_AGO) <= 0
        ? Optional.empty()
        : Optional.of(
            Condition.of(
                Condition.ERROR,
                "NOT_LOOKING",
                "The drop zone is not looked into",
                "the last look was %d s ago".formatted(since.toSeconds()),
                "The log says why a look failed; without such a line the folder hangs: check its"
                    + " file system, and restart the daemon."));
  }

  private Optional<Condition> reports() {
    return facts
        .reportsWait()
        .map(
            why ->
                Condition.of(
                    Condition.ERROR,
                    "NO_SPACE_FOR_REPORTS",
                    "Ended manifests wait for space for their reports",
                    why,
                    "Free space in the workflow directory; it is tried again every 30 s."));
  }

  private Optional<Condition> space(String name, Path folder) {
    try {
      long free = Files.getFileStore(folder).getUsableSpace();
      return free >= littleSpace
          ? Optional.empty()
          : Optional.of(
              Condition.of(
                  Condition.WARNING,
                  "LITTLE_SPACE",
                  "The folder %s is almost full".formatted(name),
                  "%s has %d MiB left".formatted(Printable.of(folder), free >> 20),
                  "Free space there: VMs that need more than is left wait or fail."));
    } catch (IOException e) {
      return Optional.of(
          Condition.of(
              Condition.ERROR,
              "FOLDER_MISSING",
              "The folder %s cannot be reached".formatted(name),
              Printable.line(e.toString()),
              "Check that it is there, that its file system is mounted, and the daemon's rights."));
    }
  }

  private Condition failed(Placed placed) {
    Ended ended = index.of(placed.job());
    return Condition.of(
            Condition.ERROR,
            ended.code().filter(code -> code.matches("[A-Z0-9_]{1,60}")).orElse("FAILED"),
            Printable.of(placed.job().file().name()) + " failed",
            ended.error().orElse("its error file cannot be read"),
            ended.hint().orElse("Look at the manifest and the daemon's log."))
        .about(ids.of(placed.job()), ended.completedAt().map(ReportJson::timestamp));
  }

  /** Files in the drop zone that are meant as manifests and never taken. */
  private List<Condition> notTaken() {
    List<Condition> found = new ArrayList<>();
    int looked = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directories.toBeProcessed())) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (++looked > MOST_LOOKED_AT || found.size() == MOST_NAMED) {
          break;
        }
        Optional<String> why = DropName.isOther(name) ? Optional.empty() : DropName.refusal(name);
        why.ifPresent(
            reason ->
                found.add(
                    Condition.of(
                        Condition.WARNING,
                        "NOT_TAKEN",
                        "A file in the drop zone is not taken",
                        "%s: %s".formatted(Printable.of(name), reason),
                        "Rename it to a name that ends in .yaml or .json, or remove it.")));
      }
    } catch (IOException | DirectoryIteratorException e) {
      found.add(
          Condition.of(
              Condition.ERROR,
              "FOLDER_MISSING",
              "The drop zone cannot be read",
              Printable.line(e.toString()),
              "Check that it is there and the daemon's rights."));
    }
    return found;
  }

  private Optional<Condition> waitsForSpace(Job job, LiveView live) {
    return blocked
        .of(live)
        .filter(
            why ->
                why.get("reason").equals(Blocked.SPACE)
                    || why.get("reason").equals(Blocked.REPORT_SPACE))
        .map(
            why ->
                Condition.of(
                        Condition.WARNING,
                        "BLOCKED_BY_SPACE",
                        Printable.of(job.file().name()) + " waits for space",
                        why.get("detail").toString(),
                        why.get("hint").toString())
                    .about(ids.of(job), Optional.empty()));
  }

  private Optional<Condition> intake(FolderState state) {
    Optional<Map<String, Object>> why = blocked.all();
    boolean told = !state.waiting().isEmpty() || facts.isDraining() || facts.isStopping();
    return why.filter(reason -> told)
        .map(
            reason ->
                Condition.of(
                    facts.isDraining() || facts.isStopping() ? Condition.WARNING : Condition.INFO,
                    "BLOCKED_BY_" + reason.get("reason").toString().toUpperCase(Locale.ROOT),
                    "%d manifests wait".formatted(state.waiting().size()),
                    reason.get("detail").toString(),
                    reason.get("hint").toString()));
  }

  private Optional<Condition> schedule() {
    long waiting = facts.scheduled();
    return waiting == 0
        ? Optional.empty()
        : Optional.of(
            Condition.of(
                Condition.INFO,
                "BLOCKED_BY_SCHEDULE",
                "%d manifests wait for their time".formatted(waiting),
                "their schedules do not let their VMs begin now",
                "They are taken when their time comes; correct schedule in those that are not to"
                    + " wait."));
  }

  private Optional<Condition> places(Map<Job, LiveView> live) {
    long waiting =
        live.values().stream()
            .flatMap(view -> view.vms().stream())
            .filter(vm -> vm.status().equals("waiting") && vm.waitingFor().isEmpty())
            .count();
    return waiting == 0
        ? Optional.empty()
        : Optional.of(
            Condition.of(
                Condition.INFO,
                "BLOCKED_BY_JOBS",
                "%d VMs wait for a free place".formatted(waiting),
                "max_concurrent_jobs allows %d VMs at work".formatted(mostVms),
                "They begin as others end. Raise max_concurrent_jobs if the machine has room."));
  }
}
