package io.hyper2kvm.stage.windows;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.edit.Change;
import io.hyper2kvm.guest.state.FileSystemState;
import io.hyper2kvm.guest.windows.DriverCheck;
import io.hyper2kvm.guest.windows.DriverFile;
import io.hyper2kvm.guest.windows.DriverReading;
import io.hyper2kvm.guest.windows.RegistryKeys;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.fix.FixEvidence;
import io.hyper2kvm.stage.fix.FixResult;
import io.hyper2kvm.stage.fix.FixStage;
import io.hyper2kvm.stage.inspect.ApplianceStart;
import io.hyper2kvm.stage.inspect.EfiListing;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.inspect.UefiBoot;
import io.hyper2kvm.stage.inspect.volume.BlockDevices;
import io.hyper2kvm.stage.inspect.windows.DriverSearch;
import io.hyper2kvm.stage.inspect.windows.FoundWindows;
import io.hyper2kvm.stage.inspect.windows.WindowsProof;
import io.hyper2kvm.text.Printable;
import io.hyper2kvm.tool.ToolCall;
import io.hyper2kvm.tool.ToolResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fix of a Windows: virt-v2v-in-place puts the drivers for virtio hardware into the overlays.
 * What it needs is looked for before it runs. Its success is not believed: the registry and the
 * drivers' files are read before and after, and decide.
 */
public final class WindowsStage {

  private static final String DOMAIN_FILE = "windows-domain.xml";
  private static final String LOG_FILE = "virt-v2v-in-place.log";
  private static final int MAX_LOG_CHARACTERS = 16 << 10;

  private final StageSettings settings;
  private final Optional<Path> virtioWin;
  private final List<Path> roots;

  /**
   * A stage for this installation.
   *
   * @param virtioWin the drivers that the configuration names; absolute
   * @param roots below which those of a manifest must lie
   */
  public WindowsStage(StageSettings settings, Optional<Path> virtioWin, List<Path> roots) {
    this.settings = settings;
    this.virtioWin = virtioWin;
    this.roots = List.copyOf(roots);
  }

  /** Whether the guest is a Windows whose drivers were asked for. */
  public boolean isNeeded(VmJob job) {
    return job.hasWorkLeft() && FixStage.isOfWindows(job);
  }

  /**
   * The tool is there; the appliance is asked what the guest has now. Without its registry nobody
   * knows which drivers it needs, so these are looked for afterwards.
   */
  public void begin(VmJob job) {
    requireCleanVolume(job);
    WindowsTool.require(settings.toolEnvironment());
    GuestfishSession session = new GuestfishSession();
    new DriverSearch(session, windows(job))
        .ask(
            reading -> {
              job.keep(WindowsReadings.before(reading));
              drivers(job).require(windows(job).release());
            },
            reason -> {
              throw evidence(job).failed(reason);
            });
    job.appliance().begin(session);
  }

  /** The tool could not write to it, or would change what Windows wants to repair. */
  private static void requireCleanVolume(VmJob job) {
    InspectResult found = job.results().get(InspectResult.class);
    for (GuestPartition partition : found.guest().disks().partitions()) {
      FileSystemState state =
          found.state().states().getOrDefault(partition.device(), FileSystemState.NOT_KNOWN);
      if (partition.fsType().equals("ntfs")
          && (state.isSuspect() || state.kind() == FileSystemState.Kind.JOURNAL)) {
        String message =
            "%s is not clean: %s; in the source VM, run chkdsk /f, start it once, shut it down fully (shutdown /s /f /t 0), then export it again"
                .formatted(partition.place(), state.detail());
        if (partition.device().equals(windows(job).device())) {
          throw StageFailedException.because(FailureCode.GUEST_FILE_SYSTEM_DAMAGED, message);
        }
        job.warn(message);
      }
    }
  }

  private VirtioWin drivers(VmJob job) {
    return VirtioWin.of(job.spec().pipeline().fix().windows().orElseThrow(), virtioWin, roots);
  }

  private static FoundWindows windows(VmJob job) {
    return job.results().get(FoundWindows.class);
  }

  /** Writes the description of the machine that the tool reads. */
  public void describe(VmJob job) {
    job.toolFiles().toRead(job.directory().resolve(DOMAIN_FILE), ToolDomain.of(job));
  }

  /** The call of virt-v2v-in-place. */
  public ToolCall call(VmJob job) {
    return ToolCall.of(
            List.of(
                "-i",
                "libvirtxml",
                "--root",
                windows(job).device(),
                job.directory().resolve(DOMAIN_FILE).toString()))
        .withVariable(WindowsTool.DRIVERS_VARIABLE, drivers(job).path().toString())
        .judging(1);
  }

  /** The tool has ended; what it printed is kept in the job's folder, and its end in the report. */
  public void accept(VmJob job, ToolResult result) throws IOException {
    String printed = result.text() + result.stderrTail();
    Files.writeString(job.directory().resolve(LOG_FILE), printed, StandardCharsets.UTF_8);
    String log =
        Printable.guestText(printed.substring(Math.max(0, printed.length() - MAX_LOG_CHARACTERS)));
    job.keep(job.results().get(WindowsReadings.class).withLog(log));
    if (result.exitCode() != 0) {
      throw evidence(job)
          .failed(
              "%s failed (exit code %d): %s"
                  .formatted(WindowsTool.NAME, result.exitCode(), lastError(result.stderrTail())));
    }
  }

  private static String lastError(String stderr) {
    String error =
        stderr
            .lines()
            .filter(line -> line.contains("error:"))
            .reduce((first, last) -> last)
            .orElse(stderr.strip());
    return Printable.guestLine(error);
  }

  /** The call that starts an appliance again, to read the result. */
  public ToolCall listen(VmJob job) {
    return ApplianceStart.call(job);
  }

  /** The appliance is there; it is asked what the guest has now. */
  public void acceptListener(VmJob job, ToolResult result) throws IOException {
    ApplianceStart.accept(job, result);
    GuestfishSession session = new GuestfishSession();
    BlockDevices devices = new BlockDevices(job, settings.applianceMemoryMib());
    session.then(devices::ask, devices::take).then(devices::askStacked, devices::takeStacked);
    new DriverSearch(session, windows(job))
        .ask(
            reading -> job.keep(job.results().get(WindowsReadings.class).withAfter(reading)),
            reason -> {
              throw evidence(job).failed(reason);
            });
    UefiBoot uefi = job.results().get(InspectResult.class).uefi();
    if (uefi.wanted()) {
      new EfiListing(uefi::places)
          .ask(
              session,
              now ->
                  job.keep(
                      job.results().get(WindowsReadings.class).withCheck(uefi.with(now).check())));
    }
    job.appliance().begin(session);
  }

  /** The drivers are there by what was read, or the VM fails. */
  public void finish(VmJob job) {
    WindowsReadings readings = job.results().get(WindowsReadings.class);
    DriverReading after = readings.after().orElseThrow();
    WindowsProof proof =
        WindowsProof.of(new DriverCheck(after, windows(job).release().architecture()));
    FixEvidence evidence = evidence(job);
    List<String> defects = new ArrayList<>();
    if (!proof.blk().proven() && !proof.scsi().proven()) {
      defects.addAll(proof.blk().defects());
    }
    defects.addAll(proof.card().defects());
    if (!defects.isEmpty()) {
      throw evidence.failed(defects.stream().map(Printable::guestLine).toList());
    }
    job.keep(proof);
    job.keep(result(job, evidence, readings));
  }

  private static FixResult result(VmJob job, FixEvidence evidence, WindowsReadings readings) {
    FixSpec spec = job.spec().pipeline().fix();
    List<FixEvidence> all = new ArrayList<>(FixStage.notOfWindows(spec));
    all.add(evidence);
    return new FixResult(all, readings.check().stream().toList());
  }

  /** What was read so far, as evidence. */
  private static FixEvidence evidence(VmJob job) {
    FixEvidence[] evidence = new FixEvidence[1];
    WindowsReadings readings =
        job.results().find(WindowsReadings.class).orElse(WindowsReadings.NONE);
    evidence[0] = FixStage.windowsEvidence(() -> result(job, evidence[0], readings).json());
    if (!readings.log().isEmpty()) {
      evidence[0].fact("tool_log", readings.log());
    }
    if (readings.before().isPresent() && readings.after().isPresent()) {
      differences(job, evidence[0], readings.before().get(), readings.after().get());
    }
    return evidence[0];
  }

  private static void differences(
      VmJob job, FixEvidence evidence, DriverReading before, DriverReading after) {
    FoundWindows windows = windows(job);
    String reason = "virtio hardware needs a driver that is started with Windows";
    for (RegistryKeys.Difference value : after.system().since(before.system())) {
      evidence.changed(windows.systemHive(), value, reason);
    }
    for (RegistryKeys.Difference value : after.software().since(before.software())) {
      evidence.changed(windows.softwareHive(), value, reason);
    }
    after
        .files()
        .forEach(
            (path, file) -> {
              DriverFile old = before.files().get(path);
              if (!file.equals(old)) {
                evidence.changed(
                    new Change(
                        windows.folder() + "/" + path,
                        0,
                        old == null ? "" : text(old),
                        text(file),
                        "windows.driver-file",
                        reason));
              }
            });
  }

  private static String text(DriverFile file) {
    return file.architecture().isEmpty()
        ? "%d bytes".formatted(file.size())
        : "%d bytes, a program for %s".formatted(file.size(), file.architecture());
  }
}
