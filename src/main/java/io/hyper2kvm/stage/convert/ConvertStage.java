package io.hyper2kvm.stage.convert;

import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.DomainOutput;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.domain.DomainHardware;
import io.hyper2kvm.stage.domain.DomainXml;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.ToolCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Stage CONVERT: each disk is copied into the target format, beside its target. */
public final class ConvertStage {

  private final StageSettings settings;

  /** A stage CONVERT for this installation. */
  public ConvertStage(StageSettings settings) {
    this.settings = settings;
  }

  /** Whether anything is to be copied: not in a dry run, and not when the outputs are there. */
  public boolean isNeeded(VmJob job) {
    return job.writesOutputs();
  }

  /** The stage begins. */
  public void begin(VmJob job) {
    job.enter(StageName.CONVERT);
  }

  /** The disks, for the route to walk through. */
  public List<VmDisk> disks(VmJob job) {
    return job.disks();
  }

  /** Makes the file that a disk is copied to, for tools that may not make it themselves. */
  public void prepare(VmJob job, VmDisk disk) throws IOException {
    disk.requireFolderUnmoved();
    job.parts().make(disk.part(), job.toolFiles().user());
    job.space().converting(disk.index());
  }

  /** The call of qemu-img that copies a disk. */
  public ToolCall copy(VmJob job, VmDisk disk) {
    ConvertSpec convert = job.spec().pipeline().convert();
    return ToolCall.of(
        QemuImg.convert(
            disk.overlayName(),
            convert.format().qemuName(),
            disk.part(),
            convert.compress() ? convert.compressionType().text() : "",
            settings.convertThreads()));
  }

  /** Every disk is copied; the libvirt domain is written beside them. */
  public void finish(VmJob job) throws IOException {
    ConvertSpec convert = job.spec().pipeline().convert();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("output_file", job.disks().get(0).target().toString());
    if (job.disks().size() > 1) {
      details.put(
          "output_files", job.disks().stream().map(VmDisk::target).map(Path::toString).toList());
    }
    details.put("output_format", convert.format().text());
    details.put("compressed", convert.compress());
    if (convert.compress()) {
      details.put("compression_type", convert.compressionType().text());
    }
    details.put(
        "size_bytes", job.disks().stream().mapToLong(d -> d.part().toFile().length()).sum());
    writeDomain(job).ifPresent(facts -> details.put("domain_xml", facts));
    job.succeed(details);
  }

  private static Optional<Map<String, Object>> writeDomain(VmJob job) throws IOException {
    if (job.domain().isEmpty()) {
      return Optional.empty();
    }
    DomainOutput domain = job.domain().get();
    Optional<String> obstacle = DomainHardware.obstacle(job.stages());
    if (obstacle.isPresent()) {
      job.warn("there is no libvirt domain %s: %s".formatted(domain.target(), obstacle.get()));
      job.domain(Optional.empty());
      return Optional.empty();
    }
    DomainHardware facts = DomainHardware.of(job.stages());
    List<Path> outputs = job.disks().stream().map(VmDisk::target).toList();
    job.disks().get(0).requireFolderUnmoved();
    Files.write(
        domain.part(),
        DomainXml.of(
            facts.definition(job.name(), outputs, job.spec().pipeline().convert().format())),
        // Nothing is there but what somebody laid there: it is not written through.
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
    return Optional.of(facts.json(domain.target()));
  }
}
