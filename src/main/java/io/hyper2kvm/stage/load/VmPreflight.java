package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.image.ova.ReadyDisk;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.stage.Failures;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.description.TargetFile;
import io.hyper2kvm.stage.machine.MachineDescription;
import io.hyper2kvm.stage.machine.MachineDisk;
import io.hyper2kvm.stage.space.SpaceFinding;
import io.hyper2kvm.stage.space.SpaceNeed;
import io.hyper2kvm.stage.space.SpaceReservations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

/**
 * Everything that can be known of VMs before they run, all of it at once, with the judgement of
 * stage LOAD. It makes nothing and changes nothing. For the VMs of several manifests that are meant
 * to run one after the other or together.
 */
public final class VmPreflight {

  /** Finds out how much data an image has, by its safe name; empty when that cannot be known. */
  @FunctionalInterface
  public interface Measure {

    /** The data in bytes. */
    OptionalLong of(String image) throws IOException;
  }

  /**
   * What was found about one VM.
   *
   * @param failures why it would fail; empty when nothing speaks against it
   * @param warnings what may go wrong
   */
  public record Findings(List<Failure> failures, List<String> warnings) {

    public Findings {
      failures = List.copyOf(failures);
      warnings = List.copyOf(warnings);
    }
  }

  private final Preflight preflight;
  private final Path workDir;
  private final Measure measure;
  private final SpaceReservations space;
  private final Map<Path, String> ownerByOutput = new HashMap<>();

  /**
   * A look at an installation.
   *
   * @param workDir where the overlays would be
   */
  public VmPreflight(StageSettings settings, Path workDir, Measure measure) {
    this(settings, workDir, measure, new SpaceReservations());
  }

  VmPreflight(StageSettings settings, Path workDir, Measure measure, SpaceReservations space) {
    this.preflight = new Preflight(settings);
    this.workDir = workDir;
    this.measure = measure;
    this.space = space;
  }

  /**
   * Looks at one VM.
   *
   * @param manifest names its manifest in messages about other VMs
   * @param checksum whether a checksum is compared, for which the whole source is read
   */
  public Findings check(String manifest, VmSpec vm, boolean checksum) {
    return new Look(manifest, vm).check(checksum);
  }

  private final class Look {
    private final String manifest;
    private final VmSpec vm;
    private final List<Failure> failures = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Look(String manifest, VmSpec vm) {
      this.manifest = manifest;
      this.vm = vm;
    }

    Findings check(boolean checksum) {
      Optional<Optional<OperatorScript>> script = judged(() -> preflight.script(vm.pipeline()));
      Optional<SourceDisks> source = judged(() -> preflight.source(vm.pipeline().load()));
      int disks = source.map(SourceDisks::count).orElse(1);
      List<Path> targets = new ArrayList<>();
      for (int disk = 0; disk < disks; disk++) {
        Path wanted = vm.pipeline().convert().output(disk);
        judged(() -> claimed(preflight.target(wanted))).ifPresent(targets::add);
      }
      if (source.isPresent()) {
        look(source.get(), targets, script, checksum);
      }
      return new Findings(failures, warnings);
    }

    /** Without a script that can be read nobody knows whether an earlier output is this job's. */
    private void look(
        SourceDisks source,
        List<Path> targets,
        Optional<Optional<OperatorScript>> script,
        boolean checksum) {
      LoadSpec load = vm.pipeline().load();
      try (source) {
        warnings.addAll(source.warnings());
        judged(() -> warnings.addAll(TargetFile.foreseen(vm, machine(source))));
        if (checksum && load.sha256().isPresent()) {
          judged(() -> preflight.hashed(load, source));
        }
        if (targets.size() == source.count() && script.isPresent()) {
          judged(() -> outputs(source, targets, script.get()));
        }
      } catch (IOException e) {
        failures.add(Failures.of(vm.name(), Optional.empty(), e));
      }
    }

    private MachineDescription machine(SourceDisks source) {
      return StatedCards.on(
          // Whether a disk has other sectors is known when it is read.
          DescribedMachine.of(
              source.machine(), Collections.nCopies(source.count(), MachineDisk.USUAL_SECTOR)),
          vm.pipeline().load().networkCards());
    }

    private Path claimed(Path target) {
      String owner = "VM %s of manifest %s".formatted(vm.name(), manifest);
      String other = ownerByOutput.putIfAbsent(target, owner);
      if (other != null) {
        throw StageFailedException.because(
            FailureCode.OUTPUT_IN_USE, "%s is also the output of %s".formatted(target, other));
      }
      return target;
    }

    private Boolean outputs(SourceDisks source, List<Path> targets, Optional<OperatorScript> script)
        throws IOException {
      List<SourceFingerprint> now = new ArrayList<>();
      for (int disk = 0; disk < source.count(); disk++) {
        now.add(SourceFingerprint.of(source.files(disk), false));
      }
      if (now.get(0).mayHideAChange()) {
        // The run compares it with the manifest's checksum; here it is taken as right.
        now.set(0, new SourceFingerprint(now.get(0).files(), vm.pipeline().load().sha256()));
      }
      Optional<Path> domain =
          vm.pipeline().convert().description(targets.get(0), vm.name()).map(this::claimed);
      boolean reuses =
          EarlierOutputs.at(vm.pipeline(), script, now, targets, domain).reusable().isPresent();
      if (!reuses) {
        space(source, targets.get(0).getParent());
      }
      return reuses;
    }

    private void space(SourceDisks source, Path folder) throws IOException {
      long merged = source.mergedBytes();
      long data = merged;
      for (ReadyDisk disk : source.inPlace()) {
        // QEMU opens no image whose log it would have to replay; it has no more data than bytes.
        data +=
            disk.image().dirtyLog()
                ? disk.image().allocatedBytes()
                : measure.of(disk.name().value()).orElse(0);
      }
      long all = data;
      boolean compress = vm.pipeline().convert().compress();
      List<SpaceFinding> found =
          new ArrayList<>(
              space.reserve(
                  this,
                  true,
                  List.of(
                      SpaceNeed.output(
                          folder, all, vm.pipeline().fix().any(), compress, () -> all))));
      found.addAll(space.reserve(this, false, List.of(work(merged))));
      for (SpaceFinding finding : found) {
        if (!finding.isEnough()) {
          judged(
              () -> {
                throw StageFailedException.because(FailureCode.NO_SPACE, finding.describe());
              });
        } else {
          finding.warning().ifPresent(warnings::add);
        }
      }
    }

    private SpaceNeed work(long merged) {
      boolean fix = vm.pipeline().fix().any();
      return SpaceNeed.work(
              workDir, vm.pipeline().needsGuest(), fix, vm.pipeline().validate().bootTest())
          .and(merged);
    }

    private <T> Optional<T> judged(Callable<T> judgement) {
      try {
        return Optional.of(judgement.call());
      } catch (Exception e) {
        failures.add(Failures.of(vm.name(), Optional.empty(), e));
        return Optional.empty();
      }
    }
  }
}
