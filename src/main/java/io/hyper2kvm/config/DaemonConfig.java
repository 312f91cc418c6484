package io.hyper2kvm.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything the daemon is told before it starts. {@link DaemonConfigLoader} makes it and checks
 * the folders; this record holds only what can be true at all.
 *
 * @param manifestWorkflowDir holds the four folders that manifests move through; absolute
 * @param outputDir where converted disks are written; absolute
 * @param maxConcurrentJobs how many VMs are worked on at once, over all manifests; at least 1
 * @param sourceDir where a relative {@code source_path} begins; absolute
 * @param allowedSourceRoots folders sources may be read from, besides {@code sourceDir}; empty: no
 *     restriction
 * @param allowedDevices patterns of the block devices that may be sources, below {@code /dev}
 * @param allowedOutputRoots folders besides {@code outputDir} that a manifest may write below
 * @param workDir holds overlays while a VM is worked on; absolute
 * @param routesDir holds the {@code *.camel.yaml} route files; absolute
 * @param retainProcessed how long ended manifests stay in {@code processed/}; empty: for ever
 * @param retainFailed how long ended manifests stay in {@code failed/}; empty: for ever
 * @param pollInterval pause between two looks into {@code to_be_processed/}
 * @param manifestMinAge how long a manifest must have been left unwritten before it is taken
 * @param maxManifestSize largest manifest that is read
 * @param maxManifestsInFlight how many manifests may be in {@code processing/} at once; at least 1
 * @param dryRun whether every manifest is taken for a dry run
 * @param loadTimeout longest time for stage LOAD of one VM
 * @param inspectTimeout longest time for stage INSPECT of one VM
 * @param fixTimeout longest time for stage FIX of one VM
 * @param convertTimeout longest time for stage CONVERT of one disk
 * @param validateTimeout longest time for stage VALIDATE of one VM, without its boot test
 * @param bootTestTimeout longest time until a guest must have shown that it boots
 * @param shutdownTimeout how long a stop waits for running work
 * @param applianceMemory memory of the libguestfs appliance
 * @param bootTestMemory memory of the guest in a boot test
 * @param convertThreads parallel coroutines of {@code qemu-img convert -m}; 1 to 16
 * @param kvm whether hardware acceleration is used
 * @param toolUser the user that the tools run as; empty: the one that the daemon runs as
 * @param httpPort the port of the health endpoint; empty: none is open
 * @param httpHost the address of that port
 * @param logLevel how much is logged
 * @param logFile the log's file; absolute; empty: the console alone
 */
public record DaemonConfig(
    Path manifestWorkflowDir,
    Path outputDir,
    int maxConcurrentJobs,
    Optional<Path> sourceDir,
    List<Path> allowedSourceRoots,
    List<Path> allowedDevices,
    List<Path> allowedOutputRoots,
    Path workDir,
    Path routesDir,
    Optional<Duration> retainProcessed,
    Optional<Duration> retainFailed,
    Duration pollInterval,
    Duration manifestMinAge,
    DataSize maxManifestSize,
    int maxManifestsInFlight,
    boolean dryRun,
    Duration loadTimeout,
    Duration inspectTimeout,
    Duration fixTimeout,
    Duration convertTimeout,
    Duration validateTimeout,
    Duration bootTestTimeout,
    Duration shutdownTimeout,
    DataSize applianceMemory,
    DataSize bootTestMemory,
    int convertThreads,
    KvmMode kvm,
    Optional<String> toolUser,
    Optional<Integer> httpPort,
    String httpHost,
    LogLevel logLevel,
    Optional<Path> logFile) {

  public DaemonConfig {
    requireAbsolute(manifestWorkflowDir, "manifestWorkflowDir");
    requireAbsolute(outputDir, "outputDir");
    requireAbsolute(workDir, "workDir");
    requireAbsolute(routesDir, "routesDir");
    sourceDir.ifPresent(path -> requireAbsolute(path, "sourceDir"));
    logFile.ifPresent(path -> requireAbsolute(path, "logFile"));
    allowedSourceRoots = List.copyOf(allowedSourceRoots);
    allowedSourceRoots.forEach(path -> requireAbsolute(path, "allowedSourceRoots"));
    allowedDevices = List.copyOf(allowedDevices);
    allowedDevices.forEach(path -> requireAbsolute(path, "allowedDevices"));
    allowedOutputRoots = List.copyOf(allowedOutputRoots);
    allowedOutputRoots.forEach(path -> requireAbsolute(path, "allowedOutputRoots"));
    requireWithin(maxConcurrentJobs, 1, Integer.MAX_VALUE, "maxConcurrentJobs");
    requireWithin(maxManifestsInFlight, 1, Integer.MAX_VALUE, "maxManifestsInFlight");
    requireWithin(convertThreads, 1, 16, "convertThreads");
    requirePositive(pollInterval, "pollInterval");
    requirePositive(loadTimeout, "loadTimeout");
    requirePositive(inspectTimeout, "inspectTimeout");
    requirePositive(fixTimeout, "fixTimeout");
    requirePositive(convertTimeout, "convertTimeout");
    requirePositive(validateTimeout, "validateTimeout");
    requirePositive(bootTestTimeout, "bootTestTimeout");
    requirePositive(shutdownTimeout, "shutdownTimeout");
    if (manifestMinAge.isNegative()) {
      throw new IllegalArgumentException("manifestMinAge is negative: " + manifestMinAge);
    }
    requirePositive(maxManifestSize, "maxManifestSize");
    requirePositive(applianceMemory, "applianceMemory");
    requirePositive(bootTestMemory, "bootTestMemory");
    Objects.requireNonNull(kvm, "kvm");
    Objects.requireNonNull(logLevel, "logLevel");
  }

  /**
   * The configuration for one manifest alone, which lies in its drop zone before the work begins.
   *
   * @param workflow a workflow directory of its own
   * @param work a work directory of its own
   * @param dry whether it is taken for a dry run, whatever it says
   */
  public DaemonConfig oneShot(Path workflow, Path work, boolean dry) {
    return new DaemonConfig(
        workflow,
        outputDir,
        maxConcurrentJobs,
        sourceDir,
        allowedSourceRoots,
        allowedDevices,
        allowedOutputRoots,
        work,
        routesDir,
        Optional.empty(),
        Optional.empty(),
        Duration.ofMillis(50),
        Duration.ZERO,
        maxManifestSize,
        1,
        dry,
        loadTimeout,
        inspectTimeout,
        fixTimeout,
        convertTimeout,
        validateTimeout,
        bootTestTimeout,
        // A stop ends the work at once: whoever waits for this one manifest wants no more of it.
        Duration.ofMillis(1),
        applianceMemory,
        bootTestMemory,
        convertThreads,
        kvm,
        toolUser,
        Optional.empty(),
        httpHost,
        logLevel,
        logFile);
  }

  private static void requireAbsolute(Path path, String name) {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(name + " is not absolute: " + path);
    }
  }

  private static void requireWithin(int value, int least, int most, String name) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is not within %d and %d: %d".formatted(name, least, most, value));
    }
  }

  private static void requirePositive(Duration duration, String name) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(name + " is not positive: " + duration);
    }
  }

  private static void requirePositive(DataSize size, String name) {
    if (size.bytes() == 0) {
      throw new IllegalArgumentException(name + " is zero bytes");
    }
  }
}
