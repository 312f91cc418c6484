package io.hyper2kvm.stage.fix;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.EditPlan;
import io.hyper2kvm.guest.initramfs.KernelDrivers;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.ApplianceLog;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.EfiListing;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.ProvenDrivers;
import io.hyper2kvm.stage.inspect.state.CleanEnd;
import io.hyper2kvm.stage.inspect.uki.UnifiedKernels;
import io.hyper2kvm.stage.label.GuestLabels;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The fixes of one VM, in their order, as questions to its appliance. */
public final class Fixing {

  /** All fixes there are, in the order of the report. */
  private static final List<Fix> FIXES =
      List.of(
          new FstabRepair(),
          // Its removals come before what the next ones read in the appliance.
          new GuestToolsRepair(),
          new GrubRepair(),
          new NetworkRepair(),
          new InitramfsRepair(),
          new WindowsRepair(),
          new FirstbootPlacement());

  private final VmJob job;
  private final FixContext context;
  private final Map<Fix, FixEvidence> evidence = new LinkedHashMap<>();
  private final List<KernelDrivers> drivers = new ArrayList<>();
  private final GuestLabels labels;

  Fixing(VmJob job) {
    InspectResult inspected = job.results().get(InspectResult.class);
    GuestFacts guest = inspected.guest();
    this.job = job;
    this.labels = new GuestLabels(guest, job::warn);
    this.context =
        new FixContext(
            job.spec().pipeline().fix(),
            guest,
            LoadResult.of(job).machine(),
            inspected.uefi(),
            UnifiedKernels.of(job),
            new LinkedHashMap<>(),
            inspected.software(),
            job.results().find(OperatorScript.class),
            new GuestEdits(guest.texts()),
            labels,
            job.directory(),
            job.toolFiles(),
            ApplianceLog.of(job),
            drivers::addAll,
            job::warn);
  }

  /** The evidence of the fixes that were asked for, but for that of a Windows, in a Windows. */
  static List<FixEvidence> notOfWindows(FixSpec spec) {
    List<FixEvidence> none = new ArrayList<>();
    for (Fix fix : FIXES) {
      FixEvidence evidence = new FixEvidence(fix, Map::of);
      evidence.notApplicable("the guest is Windows");
      if (!(fix instanceof WindowsRepair) && fix.isWanted(spec) && fix.isReported(spec, evidence)) {
        none.add(evidence);
      }
    }
    return none;
  }

  /** Decides what the fixes change, and lists what they ask of the appliance. */
  GuestfishSession dialogue() {
    GuestFacts guest = context.guest();
    if (!guest.isLinux()) {
      refuseBitLocker(guest);
      throw StageFailedException.because(
          FailureCode.GUEST_UNSUPPORTED,
          "%s, and the guest is %s, not a Linux that is known here"
                  .formatted(asked(context.spec()), named(guest))
              + (guest.os().equals("windows") && context.spec().repairs()
                  ? "; fix.windows is for this one"
                  : ""));
    }
    FIXES.stream().filter(fix -> fix.isWanted(context.spec())).forEach(this::plan);
    if (context.spec().fstab().isEmpty()) {
      FstabRepair.warnings(context).forEach(text -> context.warn(Printable.guestBytes(text)));
    }

    LoaderWarnings.of(context).forEach(text -> context.warn(Printable.guestBytes(text)));

    GuestfishSession session = new GuestfishSession();
    GuestSpace space = new GuestSpace(guest, evidence.keySet(), context.edits().written());
    session.then(space::question, answers -> space.judge(answers, details()));
    labels.askBefore(session, written());
    evidence.forEach((fix, found) -> fix.beforeEdits(context, found, session));
    context.writeEdits(session);
    evidence.forEach((fix, found) -> fix.afterEdits(context, found, session));
    labels.askAfter(session, this::written);
    session.then(this::askChecks, this::check);
    session.then(this::trim, answers -> {});
    evidence.forEach((fix, found) -> fix.afterUnmount(context, found, session));
    new CleanEnd(mounted(), job.results().get(InspectResult.class).state())
        .ask(session, rows -> keep(result -> result.with(Map.of("file_systems", rows))));
    if (context.uefi().wanted()) {
      // Last, of what is there then: that of the fixed guest, whichever fixes it had.
      new EfiListing(context.uefi()::places)
          .ask(
              session,
              now ->
                  context.uefi().with(now).check().ifPresent(c -> keep(result -> result.with(c))));
    }
    return session;
  }

  private static String asked(FixSpec spec) {
    return spec.repairs() ? "fixes were asked for" : "a script for the first boot was asked for";
  }

  private static void refuseBitLocker(GuestFacts guest) {
    guest.disks().partitions().stream()
        .filter(
            partition -> partition.fsType().equals("BitLocker") && !guest.os().equals("windows"))
        .findFirst()
        .ifPresent(
            partition -> {
              throw StageFailedException.because(
                  FailureCode.GUEST_ENCRYPTED,
                  "%s is encrypted by BitLocker, also while that is suspended: in the source VM, decrypt it (manage-bde -off C:) and wait until that is done, then export it again"
                      .formatted(partition.place()));
            });
  }

  private void keep(UnaryOperator<FixResult> change) {
    job.keep(change.apply(job.results().get(FixResult.class)));
  }

  private List<GuestPartition> mounted() {
    return context.guest().disks().partitions().stream()
        .filter(partition -> context.guest().mounts().containsValue(partition.device()))
        .toList();
  }

  /** What is written, as far as that is known, by edits and by tools of the guest. */
  private List<String> written() {
    List<String> paths = new ArrayList<>(context.edits().written());
    for (GuestFacts.Kernel kernel : context.guest().kernels()) {
      if (!kernel.initramfs().isEmpty()) {
        paths.add(kernel.initramfs());
        paths.add("/var/lib/initramfs-tools/" + kernel.version());
      }
    }
    return paths;
  }

  private static String named(GuestFacts guest) {
    String version = guest.release().getOrDefault("VERSION_ID", "");
    String more =
        List.of(guest.edition(), version, guest.architecture()).stream()
            .filter(word -> !word.isEmpty())
            .collect(Collectors.joining(", "));
    return more.isEmpty() ? guest.prettyName() : "%s (%s)".formatted(guest.prettyName(), more);
  }

  private void plan(Fix fix) {
    FixEvidence found = new FixEvidence(fix, this::details);
    evidence.put(fix, found);
    EditPlan plan = fix.plan(context, found);
    found.add(plan);
    context.edits().apply(plan);
    plan.warnings().forEach(warning -> context.warn(Printable.guestBytes(warning)));
    if (!plan.failures().isEmpty()) {
      throw found.failed(plan.failures().stream().map(Printable::guestBytes).toList());
    }
  }

  private List<FixEvidence> reported() {
    return evidence.values().stream().filter(found -> found.isReported(context.spec())).toList();
  }

  private GuestfishScript askChecks() {
    GuestfishScript script = new GuestfishScript();
    FIXES.forEach(fix -> fix.askCheck(context, script));
    return script;
  }

  private void check(GuestfishAnswers answers) {
    if (context.spec().initramfs().isPresent()) {
      job.keep(ProvenDrivers.of(drivers, context.guest(), context.edits().texts(), context.spec()));
    } else {
      job.results()
          .find(ProvenDrivers.class)
          .ifPresent(found -> job.keep(found.in(context.edits().texts(), context.spec())));
    }
    job.keep(
        new FixResult(
            reported(),
            FIXES.stream().flatMap(fix -> fix.check(context, answers).stream()).toList(),
            labels.json()));
  }

  /**
   * Deleted blocks need not be copied; a file system that cannot be trimmed is copied whole. It is
   * the last that is done in the mounted guest.
   */
  private GuestfishScript trim() {
    GuestfishScript script = new GuestfishScript();
    Map<String, String> pointByDevice = new LinkedHashMap<>();
    // Subvolumes of one file system are trimmed together.
    context.guest().mounts().forEach((point, device) -> pointByDevice.putIfAbsent(device, point));
    pointByDevice.values().forEach(point -> script.run("fstrim", point));
    return context.uefi().wanted() ? script.run("umount-all") : script;
  }

  /** The evidence so far, for a failure. */
  private Map<String, Object> details() {
    return new FixResult(reported(), List.of()).json();
  }
}
