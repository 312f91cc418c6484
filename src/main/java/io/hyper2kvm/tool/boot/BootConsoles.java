package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The two consoles of a booting guest: its serial console and its screen. */
final class BootConsoles {

  private static final int LOGIN = BootFailure.values().length;

  private final QemuMachine machine;
  private final ScreenReader screenReader;
  private final BootWarnings warnings;
  private final ConsoleText serial = new ConsoleText();
  private ScreenText screen = ScreenText.EMPTY;

  /**
   * The consoles of one boot.
   *
   * @param warnings gets the lines that an operator should look at
   */
  BootConsoles(QemuMachine machine, ScreenReader screenReader, BootWarnings warnings) {
    this.machine = machine;
    this.screenReader = screenReader;
    this.warnings = warnings;
  }

  /** All that the serial console has shown since the last reset. */
  String serial() {
    return serial.toString();
  }

  /** The screen as it was read last. */
  ScreenText screen() {
    return screen;
  }

  /** Forgets the text: the guest starts again. */
  void clear() {
    serial.clear();
    screen = ScreenText.EMPTY;
  }

  /** Reads what the serial console has shown since the last call. */
  void readSerial() throws IOException {
    byte[] more = machine.readSerial();
    if (more.length > 0) {
      serial.append(more);
      warnings.scan(serial.toString());
    }
  }

  /**
   * Reads the screen.
   *
   * @param running whether the guest continues to run
   * @param thorough whether a picture is read even if it did not change
   */
  void readScreen(boolean running, boolean thorough) throws IOException, InterruptedException {
    screen = screenReader.read(running, thorough);
    warnings.scan(screen.text());
    if (screenReader.blind()) {
      warnings.note("tesseract", "The screen shows graphics and tesseract is not installed");
    }
  }

  /**
   * The finding of both consoles: a login prompt, else the one that got further.
   *
   * @param networkUp whether other evidence shows that the guest runs
   */
  Optional<BootFinding> finding(boolean networkUp) {
    List<BootFinding> found = new ArrayList<>();
    BootClassifier.classify(serial.toString(), true).ifPresent(found::add);
    BootClassifier.classify(screen.text(), screen.exact()).ifPresent(found::add);
    boolean alive = !serial.isBlank() || networkUp;
    return found.stream()
        .filter(it -> !it.isWeak() || !alive)
        .max(Comparator.comparing(it -> it.failure().map(Enum::ordinal).orElse(LOGIN)));
  }

  /** Lines of both consoles that tell why a boot failed. */
  List<String> reasons() {
    List<String> reasons = new ArrayList<>(BootClassifier.reasons(serial.toString()));
    reasons.addAll(BootClassifier.reasons(screen.text()));
    return reasons;
  }
}
