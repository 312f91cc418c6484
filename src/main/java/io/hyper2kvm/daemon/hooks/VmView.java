package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.daemon.intake.ManifestRun;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.report.StageName;
import io.hyper2kvm.stage.VmDisk;
import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.stage.inspect.GuestFacts;
import io.hyper2kvm.stage.inspect.InspectResult;
import io.hyper2kvm.stage.load.LoadResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The values of a VM that a hook's route may read, as variable {@code vmJob}. Operators' routes use
 * the names of the methods, so these must not change. Files are strings: of a {@code Path}, Camel
 * would read the file into the message.
 */
public final class VmView {

  private final VmJob job;
  private final String manifestFile;
  private final Map<String, Object> metadata = new LinkedHashMap<>();

  VmView(VmJob job, ManifestRun run) {
    this.job = job;
    this.manifestFile = run.original().name();
    metadata.putAll(run.manifest().map(Manifest::metadata).orElse(Map.of()));
    metadata.putAll(job.spec().metadata());
  }

  VmJob job() {
    return job;
  }

  /** The VM's name; safe in a file name. */
  public String name() {
    return job.name();
  }

  /** The manifest's name; safe in a file name. */
  public String manifestName() {
    return job.manifestName();
  }

  /** The name of the manifest's file, as it was dropped. */
  public String manifestFile() {
    return manifestFile;
  }

  /** The stage that the VM is in, or was in last; empty before the first. */
  public String stage() {
    return job.stage().map(StageName::text).orElse("");
  }

  /** Whether this is a dry run. */
  public boolean isDryRun() {
    return job.isDryRun();
  }

  /** Whether the VM reuses the outputs of an earlier run; known after LOAD. */
  public boolean isReused() {
    return job.reuses();
  }

  /**
   * The {@code metadata} of the manifest and of the VM. If both have a key, it has the VM's value.
   */
  public Map<String, Object> metadata() {
    return metadata;
  }

  /** The manifest's {@code source_type}. */
  public String sourceType() {
    return job.spec().pipeline().load().sourceType().text();
  }

  /** The source disks as the manifest names them. */
  public List<String> inputs() {
    return texts(job.inputs());
  }

  /** The paths of the outputs; before LOAD, and of a reused VM, only the first one. */
  public List<String> outputs() {
    return found().isEmpty()
        ? List.of(job.spec().pipeline().convert().output().toString())
        : texts(found().stream().map(VmDisk::target).toList());
  }

  /** The outputs' part files, which exist from CONVERT to the publication; empty before LOAD. */
  public List<String> parts() {
    return texts(found().stream().map(VmDisk::part).toList());
  }

  private List<VmDisk> found() {
    return job.results().find(LoadResult.class).map(LoadResult::disks).orElse(List.of());
  }

  /**
   * One disk of the VM.
   *
   * @param part its part file, which exists from CONVERT to the publication
   * @param output the path of its output, which may not exist yet
   * @param fileName the file name of that path
   */
  public record DiskView(String part, String output, String fileName) {}

  /** The VM's disks in their order; empty before LOAD, and of a reused VM. */
  public List<DiskView> disks() {
    return found().stream()
        .map(
            disk ->
                new DiskView(
                    disk.part().toString(),
                    disk.target().toString(),
                    disk.target().getFileName().toString()))
        .toList();
  }

  private static List<String> texts(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  /** The manifest's {@code output_format}. */
  public String outputFormat() {
    return job.spec().pipeline().convert().format().text();
  }

  /** {@code linux}, {@code windows} or {@code unknown}; empty before INSPECT, and without it. */
  public String os() {
    return guest().map(GuestFacts::os).orElse("");
  }

  /** The system's own name, such as {@code Debian GNU/Linux 12 (bookworm)}; as {@link #os}. */
  public String osName() {
    return guest().map(GuestFacts::prettyName).orElse("");
  }

  private Optional<GuestFacts> guest() {
    return InspectResult.find(job).map(InspectResult::guest);
  }

  /** The job's own folder, which exists from LOAD to the publication. */
  public String directory() {
    return job.directory().toString();
  }
}
