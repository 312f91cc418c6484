package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Starts QEMU for one boot, lets a {@link BootObserver} decide, and ends QEMU whatever happens. */
public final class BootTest {

  private static final int ERROR_BYTES = 4096;

  private final UnaryOperator<List<String>> hardware;

  /** A boot test on virtio hardware. */
  public BootTest() {
    this(UnaryOperator.identity());
  }

  /**
   * A boot test on other hardware.
   *
   * @param hardware changes the command, for instance to the devices that the source had
   */
  BootTest(UnaryOperator<List<String>> hardware) {
    this.hardware = hardware;
  }

  /**
   * Boots and watches, for the plan's time-out at most and a few seconds around it.
   *
   * @param progress told each piece of evidence as it is found, on this thread
   * @throws IOException when QEMU cannot be started; its own troubles are a verdict
   */
  public BootVerdict run(BootPlan plan, Consumer<String> progress)
      throws IOException, InterruptedException {
    BootEndpoints endpoints = BootEndpoints.in(plan.workDir());
    endpoints.clear();
    Path errors = plan.workDir().resolve("qemu.err");
    ProcessBuilder builder =
        new ProcessBuilder(hardware.apply(QemuCommand.command(plan, endpoints)));
    builder.directory(plan.workDir().toFile());
    builder.environment().put("TMPDIR", plan.workDir().toString());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(errors.toFile());
    BootObserver observer = new BootObserver(plan, endpoints, progress);
    Process process = builder.start();
    Thread killer = new Thread(() -> end(process), "boot-test-exit");
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      BootVerdict verdict = observer.observe(process::isAlive);
      return verdict.failure().filter(it -> it == BootFailure.QEMU_FAILED).isPresent()
          ? withErrors(verdict, errors)
          : verdict;
    } finally {
      end(process);
      forget(killer);
      endpoints.discard();
    }
  }

  private static void forget(Thread killer) {
    try {
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (IllegalStateException exiting) {
      // the hook runs already; ending QEMU twice does no harm
    }
  }

  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    boolean interrupted = false;
    while (process.isAlive()) {
      try {
        process.waitFor(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static BootVerdict withErrors(BootVerdict verdict, Path errors) throws IOException {
    List<String> evidence = new ArrayList<>(verdict.evidence());
    for (String line : tail(errors).split("\n")) {
      if (!line.isBlank()) {
        evidence.add("QEMU said: " + BootEvidence.clean(line));
      }
    }
    return new BootVerdict(
        verdict.booted(),
        verdict.failure(),
        verdict.took(),
        evidence,
        verdict.networkUp(),
        verdict.warnings(),
        verdict.lastScreen(),
        verdict.lastSerial());
  }

  private static String tail(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(Math.max(0, Files.size(file) - ERROR_BYTES));
      return new String(in.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
    }
  }
}
