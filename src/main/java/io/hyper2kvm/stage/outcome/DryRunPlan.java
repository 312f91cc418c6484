package io.hyper2kvm.stage.outcome;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.stage.Check;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.space.SpaceFinding;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a run would write, for the report of a dry run. What it would change in the guest is in the
 * report of stage FIX, as after a real run.
 */
public final class DryRunPlan {

  private DryRunPlan() {}

  /** The plan as far as the job has come. */
  public static Map<String, Object> of(VmJob job) {
    Map<String, Object> plan = new LinkedHashMap<>();
    ConvertSpec convert = job.spec().pipeline().convert();
    List<Object> outputs = new ArrayList<>();
    for (int disk = 0; disk < Math.max(1, job.inputs().size()); disk++) {
      outputs.add(output(job, convert, disk));
    }
    plan.put("outputs", outputs);
    if (convert.domainXml()) {
      plan.put("domain_xml", domain(job, convert));
    }
    if (!job.space().findings().isEmpty()) {
      plan.put("space", job.space().findings().stream().map(SpaceFinding::json).toList());
    }
    if (!job.checks().isEmpty()) {
      plan.put("checks", job.checks().stream().map(Check::json).toList());
    }
    return plan;
  }

  private static Map<String, Object> domain(VmJob job, ConvertSpec convert) {
    Path path =
        job.domain()
            .map(DomainOutput::target)
            .orElseGet(() -> DomainOutput.of(convert.output(), job.name()));
    boolean exists = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    Map<String, Object> domain = new LinkedHashMap<>();
    domain.put("path", path.toString());
    domain.put("exists", exists);
    if (!job.failed()) {
      domain.put("action", !exists ? "create" : job.reuses() ? "keep" : "replace");
    }
    return domain;
  }

  private static Map<String, Object> output(VmJob job, ConvertSpec convert, int disk) {
    Path path = disk < job.disks().size() ? job.disks().get(disk).target() : convert.output(disk);
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
