package io.hyper2kvm.doctor;

import io.hyper2kvm.config.DaemonConfig;
import io.hyper2kvm.config.LoadedConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.tool.FolderRemoval;
import io.hyper2kvm.tool.KnownTool;
import io.hyper2kvm.tool.ToolEnvironment;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.tool.ToolVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Runs all checks. */
public final class Doctor {

  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<ToolCheck.Tool> TOOLS =
      List.of(
          ToolCheck.Tool.needed(KnownTool.QEMU_IMG, "every VM"),
          ToolCheck.Tool.needed(KnownTool.GUESTFISH, "VMs with inspect or fix"),
          ToolCheck.Tool.needed(KnownTool.QEMU_SYSTEM, "boot tests and the appliance"),
          new ToolCheck.Tool(
              "tesseract",
              "tesseract-ocr",
              false,
              "reading graphical screens in boot tests",
              new ToolVersion(4, 0)));

  private final DaemonConfig config;
  private final boolean configured;
  private final Supplier<Finding> routes;
  private final Path root;
  private final long user;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Duration patience;

  /**
   * A doctor.
   *
   * @param loaded the configuration of the daemon that is to run here
   * @param routes looks at the routes when it is their turn
   * @param environment this process's own environment
   */
  public Doctor(LoadedConfig loaded, Supplier<Finding> routes, Map<String, String> environment) {
    this(loaded, routes, environment, Path.of("/"), ownUser(), Clock.systemUTC(), PATIENCE);
  }

  Doctor(
      LoadedConfig loaded,
      Supplier<Finding> routes,
      Map<String, String> environment,
      Path root,
      long user,
      Clock clock,
      Duration patience) {
    this.config = loaded.config();
    this.configured = loaded.origins().containsKey(WorkflowConfig.MANIFEST_WORKFLOW_DIR);
    this.routes = routes;
    this.environment = Map.copyOf(environment);
    this.root = root;
    this.user = user;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Looks at everything.
   *
   * @param quick leaves out the appliance, which takes some ten seconds
   * @param sink gets each finding as it comes, with the heading it belongs under
   */
  public void run(boolean quick, BiConsumer<String, Finding> sink) {
    Path scratch = scratch();
    try {
      ToolUser toolUser = toolUser();
      toolUser.openFolder(scratch);
      Host host =
          new Host(
              configured,
              root,
              user,
              ToolEnvironment.of(environment, scratch.toString(), true),
              scratch,
              toolUser,
              patience,
              new Host.KvmAnswer());
      checks(quick)
          .forEach(
              (heading, checks) ->
                  checks.forEach(
                      check -> check.run(host).forEach(finding -> sink.accept(heading, finding))));
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of the probes cannot be opened", e);
    } finally {
      remove(scratch);
    }
  }

  private Map<String, List<Check>> checks(boolean quick) {
    List<Check> tools = new ArrayList<>();
    TOOLS.forEach(tool -> tools.add(new ToolCheck(tool)));
    tools.add(new ZstdCheck());
    tools.add(new FirmwareCheck());
    tools.add(new WindowsCheck(config.tools()));
    List<Check> appliance =
        new ArrayList<>(
            List.of(
                new KvmCheck(config.tools()),
                new KernelCheck(),
                new LuksKeysCheck(config.tools(), environment)));
    if (!quick) {
      appliance.add(new ApplianceCheck(config.tools(), config.stages().inspectTimeout()));
    }
    Map<String, List<Check>> checks = new LinkedHashMap<>();
    checks.put(
        "Program",
        List.of(
            JavaCheck.ofThisProcess(),
            new UserCheck(config.workflow(), config.output(), config.tools()),
            new LimitsCheck(config.workflow(), config.tools()),
            new ClockCheck(config.workflow(), clock)));
    checks.put("Tools", tools);
    checks.put("Guests", appliance);
    checks.put(
        "Daemon",
        List.of(
            new OwnerCheck(config.workflow()),
            host -> List.of(routes.get()),
            new FoldersCheck(config.workflow(), config.output(), config.sources(), config.log()),
            new SigningCheck(config.output().signing())));
    return checks;
  }

  /** Where the daemon's jobs would work, if that is there: the appliance is tried in its place. */
  private Path scratch() {
    Path work = config.workflow().workDir();
    try {
      return Files.isDirectory(work) && Files.isWritable(work)
          ? Files.createTempDirectory(work, ".doctor")
          : Files.createTempDirectory("hyper2kvm-doctor");
    } catch (IOException e) {
      throw new UncheckedIOException("no folder can be made for the probes", e);
    }
  }

  private static void remove(Path scratch) {
    try {
      FolderRemoval.empty(scratch);
      Files.delete(scratch);
    } catch (IOException e) {
      throw new UncheckedIOException("the folder of the probes cannot be removed", e);
    }
  }

  /** Where there is no such user, that is told by its check, and the probes are this user's. */
  private ToolUser toolUser() {
    try {
      return ToolUser.configured(config.tools().user());
    } catch (IOException e) {
      return ToolUser.OWN;
    }
  }

  private static long ownUser() {
    try {
      return ((Number) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    } catch (IOException | UnsupportedOperationException e) {
      return -1;
    }
  }
}
