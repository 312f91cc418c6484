package io.hyper2kvm.stage;

import io.hyper2kvm.TestClock;
import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.DomainSpec;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.FixSpec;
import io.hyper2kvm.manifest.model.FstabMode;
import io.hyper2kvm.manifest.model.InspectSpec;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.NetworkCardSpec;
import io.hyper2kvm.manifest.model.OutputFormat;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.SourceType;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.report.LiveStatus;
import io.hyper2kvm.signature.Signer;
import io.hyper2kvm.stage.convert.ConvertStage;
import io.hyper2kvm.stage.load.LoadResult;
import io.hyper2kvm.stage.load.LoadStage;
import io.hyper2kvm.stage.load.OutputReservations;
import io.hyper2kvm.stage.space.SpaceReservations;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.luks.LuksKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs for the tests, below one folder: {@code in}, {@code out}, {@code work}. */
public final class Jobs {

  /** More time than any stage of a test needs. */
  public static final Duration LIMIT = Duration.ofMinutes(5);

  private static final AtomicInteger NUMBER = new AtomicInteger();

  public final Path root;
  final TestClock clock = new TestClock();
  public String name = "web";
  public SourceType type = SourceType.AUTO;
  public Path source;
  List<Path> devices = List.of();
  public LuksKeys luksKeys = LuksKeys.NONE;
  public List<Path> additional = List.of();
  public List<NetworkCardSpec> cards = List.of();
  public Optional<String> sha256 = Optional.empty();
  public Path output;
  public OutputFormat format = OutputFormat.QCOW2;
  public boolean compress;
  CompressionType compression = CompressionType.ZSTD;
  public boolean overwrite;
  DomainTarget target = DomainTarget.NONE;
  public DomainSpec domain = DomainSpec.NOTHING;
  public boolean dryRun;
  public boolean inspect;
  public boolean inspectDisabled;
  public FixSpec fix = FixSpec.NOTHING;
  public Optional<Signer> signer = Optional.empty();
  public ValidateSpec validate = new ValidateSpec(true, false);

  public Jobs(Path root) {
    this.root = root;
    source = folder("in").resolve("web.img");
    output = folder("out").resolve("web.qcow2");
    folder("work");
  }

  public Path folder(String folder) {
    try {
      return Files.createDirectories(root.resolve(folder));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A source of one MiB without a partition table. */
  public Jobs withRawSource() {
    try {
      Files.write(source, new byte[1 << 20]);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for the libvirt domain beside the outputs. */
  public void wantDomain() {
    target = DomainTarget.LIBVIRT;
  }

  /** Asks for the fix of fstab alone. */
  public void wantFstabFix() {
    fix =
        new FixSpec(
            Optional.of(FstabMode.STABILIZE_ALL),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  public VmJob job() {
    Pipeline pipeline =
        new Pipeline(
            new LoadSpec(type, source, additional, cards, sha256),
            new InspectSpec(inspect, inspectDisabled, inspect),
            fix,
            new ConvertSpec(format, compress, compression, output, overwrite, target, domain),
            validate);
    Path directory =
        root.resolve(
            "work/%s.%d-%d"
                .formatted(name, ProcessHandle.current().pid(), NUMBER.incrementAndGet()));
    LiveStatus status = new LiveStatus(statusFile(directory), "m", "m.json", List.of(name), clock);
    return new VmJob("m", new VmSpec(name, pipeline, Map.of()), directory, status, clock, dryRun);
  }

  public StageSettings settings() {
    return settings(List.of(), List.of(root.resolve("out")));
  }

  public StageSettings settings(List<Path> sourceRoots, List<Path> outputRoots) {
    return new StageSettings(
        sourceRoots,
        List.of(root.resolve("in")),
        devices,
        outputRoots,
        512,
        8,
        false,
        Duration.ofMinutes(5),
        1024,
        Map.of(),
        ToolUser.OWN,
        luksKeys,
        signer);
  }

  public LoadStage load() {
    return new LoadStage(settings(), new OutputReservations(), new SpaceReservations(), LIMIT);
  }

  /** A job after LOAD, its parts filled as CONVERT would. */
  public VmJob loaded() throws IOException {
    VmJob job = job();
    load().prepare(job);
    for (VmDisk disk : LoadResult.of(job).disks()) {
      Files.writeString(disk.part(), "disk " + disk.index());
    }
    return job;
  }

  /** A job after CONVERT, which found the parts of {@link #loaded}. */
  public VmJob converted() throws IOException {
    VmJob job = loaded();
    load().finish(job);
    ConvertStage convert = new ConvertStage(settings());
    convert.begin(job);
    convert.finish(job);
    return job;
  }

  /** The live status of a job, as it stands in its file. */
  public String status(VmJob job) {
    try {
      return Files.readString(statusFile(job.directory()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path statusFile(Path jobDirectory) {
    return root.resolve(jobDirectory.getFileName() + ".status.json");
  }

  public static ToolResult result(int exitCode, String stdout) {
    return new ToolResult(
        exitCode, stdout.getBytes(StandardCharsets.UTF_8), "", Duration.ofSeconds(1));
  }
}
