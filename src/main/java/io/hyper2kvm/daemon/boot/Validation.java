package io.hyper2kvm.daemon.boot;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.daemon.exec.ToolRequirements;
import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.model.DomainTarget;
import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.model.VmSpec;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.Problem;
import io.hyper2kvm.manifest.schedule.Timing;
import io.hyper2kvm.report.Failure;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.load.VmPreflight;
import io.hyper2kvm.stage.windows.VirtioWin;
import io.hyper2kvm.stage.windows.WindowsTool;
import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.QemuImg;
import io.hyper2kvm.tool.Sha256Sum;
import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** Judges manifests as a run would at its beginning, without running or touching anything. */
public final class Validation {

  private static final Logger LOG = LogManager.getLogger(Validation.class);
  private static final String QEMU_IMG = "qemu-img";

  /**
   * The findings about one file.
   *
   * @param vms how many VMs it has; 0 when it was refused
   * @param targets how many of them are described for which target; none when it was refused
   * @param problems the problems in the manifest itself
   * @param unlisted how many more problems there are
   * @param failures why its VMs would fail
   * @param warnings what may go wrong
   * @param timing when a daemon begins its VMs, and before which others
   */
  public record FileFindings(
      int vms,
      Map<DomainTarget, Integer> targets,
      List<Problem> problems,
      int unlisted,
      List<Failure> failures,
      List<String> warnings,
      Timing timing) {

    private static FileFindings refused(
        List<Problem> problems, int unlisted, List<Failure> failures) {
      return new FileFindings(0, Map.of(), problems, unlisted, failures, List.of(), Timing.NONE);
    }

    /** Whether nothing speaks against it. */
    public boolean isValid() {
      return problems.isEmpty() && failures.isEmpty();
    }
  }

  private final DaemonConfig config;
  private final Map<String, String> environment;
  private final ManifestReader reader;
  private final VmPreflight preflight;
  private final ToolUser toolUser;
  private final ToolRequirements requirements;

  /**
   * A validation of several manifests: two that write the same output are reported.
   *
   * @param own this process's environment
   */
  public Validation(DaemonConfig config, Map<String, String> own) {
    this.config = config;
    this.environment = ToolEnvironment.of(own, "/nonexistent", false);
    this.reader = new ManifestReader(config.manifests());
    this.toolUser = toolUser(config);
    this.requirements = new ToolRequirements(new ToolRunner(toolUser));
    StageSettings settings = ManifestDaemon.settings(config, false, toolUser);
    this.preflight = new VmPreflight(settings, config.workflow().workDir(), this::measure);
  }

  /** Who may not become the tools' user looks with its own rights. */
  private static ToolUser toolUser(DaemonConfig config) {
    try {
      return ToolUser.configured(config.tools().user());
    } catch (IOException e) {
      throw new UncheckedIOException("tool_user: " + e.getMessage(), e);
    }
  }

  /**
   * Checks one file.
   *
   * @param checksum whether checksums are compared, for which whole sources are read
   */
  public FileFindings check(Path file, boolean checksum) {
    Manifest manifest;
    try {
      long size = Files.size(file);
      if (size > config.intake().maxManifestSize().bytes()) {
        throw new IOException(
            "it has %d bytes; max_manifest_size allows %d"
                .formatted(size, config.intake().maxManifestSize().bytes()));
      }
      manifest = reader.read(file);
    } catch (ManifestInvalidException e) {
      return FileFindings.refused(e.problems(), e.unlisted(), List.of());
    } catch (NoSuchFileException e) {
      Failure failure = Failure.of(FailureCode.MANIFEST_UNREADABLE, "there is no such file");
      return FileFindings.refused(List.of(), 0, List.of(failure));
    } catch (IOException e) {
      Failure failure = Failure.of(FailureCode.MANIFEST_UNREADABLE, e.toString());
      return FileFindings.refused(List.of(), 0, List.of(failure));
    }
    List<Failure> failures = new ArrayList<>(missingTools(manifest));
    failures.addAll(oldTools(manifest));
    if (manifest.timing().schedule().at(Instant.now(), ZoneId.systemDefault()).isPassed()) {
      failures.add(
          Failure.of(
              FailureCode.SCHEDULE_PASSED,
              "the schedule has passed: " + manifest.timing().schedule().text()));
    }
    failures.addAll(windowsTools(manifest));
    List<String> warnings = new ArrayList<>();
    for (VmSpec vm : manifest.vms()) {
      VmPreflight.Findings found = preflight.check(manifest.name(), vm, checksum);
      failures.addAll(found.failures());
      found.warnings().forEach(warning -> warnings.add(vm.name() + ": " + warning));
    }
    return new FileFindings(
        manifest.vms().size(),
        targets(manifest),
        List.of(),
        0,
        failures,
        warnings,
        manifest.timing());
  }

  private static Map<DomainTarget, Integer> targets(Manifest manifest) {
    Map<DomainTarget, Integer> targets = new EnumMap<>(DomainTarget.class);
    manifest.vms().forEach(vm -> targets.merge(vm.pipeline().convert().target(), 1, Integer::sum));
    return targets;
  }

  private List<Failure> missingTools(Manifest manifest) {
    return tools(manifest).stream()
        .filter(tool -> !isThere(tool))
        .map(
            tool ->
                Failure.of(
                    FailureCode.TOOL_NOT_FOUND,
                    "%s is in none of %s".formatted(tool, environment.get("PATH"))))
        .toList();
  }

  /** Whether the guests are Windows is not known before they are inspected: each reason once. */
  private List<Failure> windowsTools(Manifest manifest) {
    Map<String, Failure> failures = new LinkedHashMap<>();
    for (VmSpec vm : manifest.vms()) {
      if (vm.pipeline().fix().windows().isPresent()) {
        try {
          WindowsTool.require(environment);
          VirtioWin.of(
                  vm.pipeline().fix().windows().get(),
                  config.tools().virtioWin(),
                  config.sources().named())
              .requireAny();
        } catch (StageFailedException e) {
          failures.putIfAbsent(e.getMessage(), Failure.of(e.code(), e.getMessage()));
        }
      }
    }
    return List.copyOf(failures.values());
  }

  /** Each reason once, however many VMs it is one for. */
  private List<Failure> oldTools(Manifest manifest) {
    Map<String, Failure> failures = new LinkedHashMap<>();
    Path scratch;
    try {
      scratch = Files.createTempDirectory("hyper2kvm-validate");
      toolUser.give(scratch);
    } catch (IOException e) {
      return List.of(); // Not possible here: the run checks this, with its own work directory.
    }
    try {
      for (String tool : tools(manifest)) {
        for (VmSpec vm : manifest.vms()) {
          try {
            requirements.require(tool, vm.pipeline().convert(), scratch, environment);
          } catch (StageFailedException e) {
            failures.putIfAbsent(e.getMessage(), Failure.of(e.code(), e.getMessage()));
          } catch (IOException e) {
            failures.putIfAbsent(tool, Failure.of(FailureCode.TOOL_NOT_FOUND, e.getMessage()));
          }
        }
      }
      return List.copyOf(failures.values());
    } finally {
      removeEmpty(scratch);
    }
  }

  private static void removeEmpty(Path scratch) {
    try {
      Files.deleteIfExists(scratch);
    } catch (IOException e) {
      LOG.debug("not-removed path={} reason={}", scratch, e.toString());
    }
  }

  private Set<String> tools(Manifest manifest) {
    Set<String> tools = new LinkedHashSet<>(List.of(QEMU_IMG));
    if (config.output().signing().key().isPresent()) {
      tools.add(Sha256Sum.PROGRAM);
    }
    for (VmSpec vm : manifest.vms()) {
      if (vm.pipeline().needsGuest()) {
        tools.add("guestfish");
      }
      if (vm.pipeline().validate().bootTest()) {
        tools.add("qemu-system-x86_64");
      }
    }
    return tools;
  }

  private boolean isThere(String tool) {
    return KnownTool.find(tool, environment).isPresent();
  }

  private OptionalLong measure(String image) throws IOException {
    if (!isThere(QEMU_IMG)) {
      return OptionalLong.empty(); // This was reported before.
    }
    ToolCommand command =
        new ToolCommand(
            QEMU_IMG,
            QemuImg.measure(image),
            Path.of("/"),
            environment,
            new byte[0],
            config.stages().loadTimeout(),
            ToolCommand.DEFAULT_MAX_STDOUT_BYTES,
            line -> {},
            Optional.empty());
    try {
      ToolResult result = new ToolRunner(toolUser).run(command);
      if (result.exitCode() != 0) {
        throw ToolFailedException.exited(command, result);
      }
      return OptionalLong.of(QemuImg.parseMeasure(result.text()).required());
    } catch (ToolFailedException | IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
