package io.hyper2kvm.tool.boot;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Watches a QEMU that was started with {@link QemuCommand} and decides whether its guest came up.
 * It leaves QEMU running; the caller ends it. One observer watches one boot.
 */
public final class BootObserver {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SOCKET_LIMIT = Duration.ofSeconds(30);
  private static final Duration BETWEEN_SCREENS = Duration.ofSeconds(2);

  /** How long a guest that shows its login prompt may take to get its network up as well. */
  private static final Duration NETWORK_GRACE = Duration.ofSeconds(20);

  /** SeaBIOS answers a reset with one of its own, which is not the guest's. */
  private static final Duration FIRMWARE_RESETS = Duration.ofSeconds(3);

  private static final int MOST_RESETS = 2;
  private static final long CAPTURE_LIMIT = 8L << 20;

  private final BootPlan plan;
  private final ToolUser user;
  private final BootEndpoints endpoints;
  private final BootEvidence evidence;
  private final BootWarnings warnings = new BootWarnings();
  private final Settling settling = new Settling();
  private final long startedAt = System.nanoTime();

  private QmpClient qmp;
  private QemuMachine machine;
  private BootConsoles consoles;
  private CaptureFile capture;
  private Duration screenAt = Duration.ofSeconds(-60);
  private Optional<String> address = Optional.empty();
  private Optional<Duration> loginAt = Optional.empty();
  private Optional<Duration> restartedAt = Optional.empty();
  private int resets;

  /**
   * An observer of one boot; its clock starts here.
   *
   * @param progress told each piece of evidence as it is found
   */
  public BootObserver(BootPlan plan, BootEndpoints endpoints, Consumer<String> progress) {
    this(plan, endpoints, progress, ToolUser.OWN);
  }

  /**
   * An observer of a QEMU of another user.
   *
   * @param progress told each piece of evidence as it is found
   * @param user whose QEMU it is; the screen is read as that user, too
   */
  public BootObserver(
      BootPlan plan, BootEndpoints endpoints, Consumer<String> progress, ToolUser user) {
    this.plan = plan;
    this.user = user;
    this.endpoints = endpoints;
    this.evidence = new BootEvidence(progress);
  }

  /**
   * Watches until there is a verdict or the plan's time is over. Every failure of QEMU itself is a
   * verdict, too: {@link BootFailure#QEMU_FAILED}.
   *
   * @param alive whether the QEMU process still runs
   */
  public BootVerdict observe(BooleanSupplier alive) throws InterruptedException {
    try (QmpClient client = connect(alive)) {
      qmp = client;
      machine = new QemuMachine(client);
      consoles =
          new BootConsoles(
              machine,
              new ScreenReader(client, new Tesseract("tesseract", user), plan.workDir()),
              warnings);
      capture = new CaptureFile(endpoints.capture(), plan.mac());
      plan.guestAddressCidr()
          .filter(cidr -> !SlirpNetwork.fits(cidr))
          .ifPresent(cidr -> warnings.note(cidr, "SSH cannot be tried at the address " + cidr));
      try (SshBannerProbe ssh = new SshBannerProbe(machine.sshPort());
          GuestAgentProbe agent = new GuestAgentProbe(endpoints.agent(), user)) {
        return watch(ssh, agent);
      }
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("the boot test was interrupted");
      }
      evidence.add(now(), (alive.getAsBoolean() ? "" : "QEMU has ended; ") + e.getMessage());
      return verdict(Optional.of(BootFailure.QEMU_FAILED));
    }
  }

  private QmpClient connect(BooleanSupplier alive) throws IOException, InterruptedException {
    while (true) {
      try {
        if (Files.exists(endpoints.qmp())) {
          return QmpClient.connect(endpoints.qmp(), SOCKET_LIMIT, user);
        }
      } catch (ConnectException notListeningYet) {
        // QEMU binds before it listens
      }
      if (!alive.getAsBoolean()) {
        throw new IOException("QEMU ended before it opened its control socket");
      }
      if (now().compareTo(SOCKET_LIMIT) > 0) {
        throw new IOException("QEMU did not open " + endpoints.qmp());
      }
      Thread.sleep(100);
    }
  }

  private BootVerdict watch(SshBannerProbe ssh, GuestAgentProbe agent)
      throws IOException, InterruptedException {
    while (true) {
      Optional<BootFailure> end = events();
      if (end.isPresent()) {
        return verdict(end);
      }
      Optional<String> banner = ssh.poll();
      if (banner.isPresent()) {
        evidence.add(now(), "the SSH server answers: " + banner.get());
        address = address.or(() -> Optional.of("behind the SSH banner"));
      }
      boolean agentAnswers = agent.poll();
      if (agentAnswers) {
        evidence.add(now(), "the guest agent answers");
      }
      consoles.readSerial();
      readCapture();
      boolean certain = banner.isPresent() || agentAnswers;
      boolean over = now().compareTo(plan.timeout()) >= 0;
      if (certain || over || now().minus(screenAt).compareTo(BETWEEN_SCREENS) >= 0) {
        readScreen(true, certain || over);
      }
      Optional<BootFinding> finding = consoles.finding(address.isPresent());
      noteLogin(finding);
      if (certain || loginAt.isPresent() && (address.isPresent() || graceIsOver(over))) {
        return verdict(Optional.empty());
      }
      Optional<BootFinding> settled = settling.take(finding, now());
      if (settled.isPresent()) {
        return failed(settled.get());
      }
      if (over) {
        return overdue();
      }
    }
  }

  /** Waits for the next event, for a tick at most, and takes all that came. */
  private Optional<BootFailure> events() throws IOException, InterruptedException {
    if (restartedAt.isPresent() && now().minus(restartedAt.get()).compareTo(FIRMWARE_RESETS) > 0) {
      restartedAt = Optional.empty();
      machine.stopAtReset();
    }
    Optional<QmpEvent> event = qmp.nextEvent(TICK);
    while (event.isPresent()) {
      Optional<BootFailure> end = take(event.get());
      if (end.isPresent()) {
        return end;
      }
      event = qmp.nextEvent(Duration.ZERO);
    }
    return Optional.empty();
  }

  private Optional<BootFailure> take(QmpEvent event) throws IOException, InterruptedException {
    switch (event.name()) {
      case "NIC_RX_FILTER_CHANGED" -> evidence.add(now(), "the guest's network card came up");
      case "GUEST_PANICKED" -> {
        evidence.add(now(), "QEMU reports that the guest panicked");
        lastLook();
        return Optional.of(BootFailure.KERNEL_PANIC);
      }
      case "BLOCK_IO_ERROR" -> {
        evidence.add(now(), "QEMU cannot serve the guest's disk: " + event.reason());
        if (event.data().path("nospace").asBoolean(false)) {
          return Optional.of(BootFailure.QEMU_FAILED);
        }
      }
      case "SHUTDOWN" -> {
        return event.byGuest() ? stopped(event.reason()) : Optional.empty();
      }
      default -> {
        // RESET of our own making, STOP and RESUME of reading the screen, RTC_CHANGE and the like
      }
    }
    return Optional.empty();
  }

  private Optional<BootFailure> stopped(String reason) throws IOException, InterruptedException {
    lastLook();
    Optional<BootFinding> finding = consoles.finding(address.isPresent());
    finding
        .filter(it -> !it.isWeak())
        .ifPresent(it -> evidence.add(now(), "before that: " + it.line()));
    if (!reason.equals("guest-reset")) {
      evidence.add(now(), "the guest switched itself off (" + reason + ")");
      return Optional.of(BootFailure.POWERED_OFF);
    }
    resets++;
    evidence.add(now(), "reset number %d by the guest".formatted(resets));
    if (finding.flatMap(BootFinding::failure).equals(Optional.of(BootFailure.KERNEL_PANIC))) {
      return Optional.of(BootFailure.KERNEL_PANIC);
    }
    if (resets > MOST_RESETS) {
      return Optional.of(BootFailure.REBOOT_LOOP);
    }
    // One reset is usual after SELinux relabelling and at a first start under UEFI.
    while (qmp.nextEvent(Duration.ZERO).isPresent()) {
      // QEMU tells the same stop twice
    }
    consoles.clear();
    loginAt = Optional.empty();
    machine.restart();
    restartedAt = Optional.of(now());
    return Optional.empty();
  }

  private void lastLook() throws IOException, InterruptedException {
    consoles.readSerial();
    readScreen(false, true);
  }

  private void readScreen(boolean running, boolean thorough)
      throws IOException, InterruptedException {
    consoles.readScreen(running, thorough);
    screenAt = now();
  }

  private void readCapture() throws IOException {
    if (capture == null) {
      return;
    }
    Optional<String> found = capture.poll();
    found.ifPresent(it -> evidence.add(now(), "the guest uses the address " + it));
    address = found.or(() -> address);
    if (found.isPresent() || capture.size() > CAPTURE_LIMIT) {
      machine.stopCapture();
      capture = null;
    }
  }

  private void noteLogin(Optional<BootFinding> finding) {
    if (finding.isPresent() && finding.get().failure().isEmpty() && loginAt.isEmpty()) {
      loginAt = Optional.of(now());
      evidence.add(now(), "the guest asks for a login: " + finding.get().line());
    }
  }

  private boolean graceIsOver(boolean over) {
    return over || now().minus(loginAt.orElseThrow()).compareTo(NETWORK_GRACE) >= 0;
  }

  private BootVerdict failed(BootFinding finding) {
    consoles.reasons().forEach(it -> evidence.add(now(), "it said: " + it));
    evidence.add(now(), "the guest is stuck: " + finding.line());
    return verdict(finding.failure());
  }

  private BootVerdict overdue() {
    Optional<BootFinding> standing = settling.current().filter(it -> !it.isWeak());
    if (standing.isPresent()) {
      return failed(standing.get());
    }
    String last =
        consoles.screen().text().lines().filter(it -> !it.isBlank()).reduce((a, b) -> b).orElse("");
    evidence.add(
        now(),
        "no sign of life within %d s; the screen ends with: %s"
            .formatted(plan.timeout().toSeconds(), last));
    return verdict(Optional.of(BootFailure.TIMEOUT));
  }

  private BootVerdict verdict(Optional<BootFailure> failure) {
    ScreenText screen = consoles == null ? ScreenText.EMPTY : consoles.screen();
    String serial = consoles == null ? "" : consoles.serial();
    return evidence.verdict(failure, now(), address, warnings.messages(), screen, serial);
  }

  private Duration now() {
    return Duration.ofNanos(System.nanoTime() - startedAt);
  }
}
