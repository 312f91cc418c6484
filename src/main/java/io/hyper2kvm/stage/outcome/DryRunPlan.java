package io.hyper2kvm.stage.outcome;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.description.TargetFile;
import io.hyper2kvm.stage.fix.FixResult;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.space.SpaceFinding;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run would write, for the report of a dry run. What it would change in the guest is in the
 * report of stage FIX, as after a real run.
 */
public final class DryRunPlan {

  private DryRunPlan() {}

  /** The plan as far as the job has come. */
  public static Map<String, Object> of(VmJob job) {
    Map<String, Object> plan = new LinkedHashMap<>();
    Optional<LoadResult> loaded = job.results().find(LoadResult.class);
    ConvertSpec convert = job.spec().pipeline().convert();
    List<Object> outputs = new ArrayList<>();
    for (int disk = 0; disk < Math.max(1, job.inputs().size()); disk++) {
      outputs.add(output(job, loaded, disk));
    }
    plan.put("outputs", outputs);
    if (job.hasWorkLeft()) {
      plan.put("domain", ConvertStage.devices(job).json());
    }
    plan.put("target", convert.target().text());
    if (convert.target() != DomainTarget.NONE) {
      plan.put(convert.target().key(), description(job, loaded));
    }
    List<SpaceFinding> space = loaded.map(LoadResult::space).orElse(List.of());
    if (!space.isEmpty()) {
      plan.put("space", space.stream().map(SpaceFinding::json).toList());
    }
    List<Check> checks = FixResult.checksOf(job);
    if (!checks.isEmpty()) {
      plan.put("checks", checks.stream().map(Check::json).toList());
    }
    return plan;
  }

  private static Map<String, Object> description(VmJob job, Optional<LoadResult> loaded) {
    ConvertSpec convert = job.spec().pipeline().convert();
    Path path =
        loaded
            .flatMap(LoadResult::domain)
            .map(DomainOutput::target)
            .orElseGet(() -> convert.description(convert.output(), job.name()).orElseThrow());
    boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("path", path.toString());
    description.put("exists", exists);
    boolean possible =
        !job.hasWorkLeft() || ConvertStage.targetFile(job).flatMap(TargetFile::obstacle).isEmpty();
    if (!job.failed() && possible) {
      description.put("action", !exists ? "create" : job.reuses() ? "keep" : "replace");
    }
    return description;
  }

  private static Map<String, Object> output(VmJob job, Optional<LoadResult> loaded, int disk) {
    ConvertSpec convert = job.spec().pipeline().convert();
    List<VmDisk> disks = loaded.map(LoadResult::disks).orElse(List.of());
    Path path = disk < disks.size() ? disks.get(disk).target() : convert.output(disk);
    boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    Map<String, Object> output = new LinkedHashMap<>();
    output.put("path", path.toString());
    output.put("format", convert.format().text());
    output.put("exists", exists);
    if (!job.failed()) {
      output.put("action", job.reuses() ? "reuse" : exists ? "replace" : "create");
    }
    return output;
  }
}
