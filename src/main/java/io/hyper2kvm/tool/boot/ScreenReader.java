package io.hyper2kvm.tool.boot;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Reads the guest's screen: text mode from video memory, graphics by OCR. */
final class ScreenReader {

  /** The name of the file that QEMU writes the screen to. */
  static final String DUMP = "screen.ppm";

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration BETWEEN_OCR = Duration.ofSeconds(4);

  /** Less than a character and a blinking cursor: the same text as before. */
  private static final int SAME_SCREEN = 150;

  private final QmpClient qmp;
  private final Tesseract tesseract;
  private final Path dump;
  private final Path memory;
  private final Path legible;
  private ScreenImage lastRead;
  private long lastOcr;
  private ScreenText last = ScreenText.EMPTY;

  /** The files of a work directory that are written for reading a screen. */
  public static List<Path> files(Path workDir) {
    return Stream.of(DUMP, "screen.bin", "screen.pgm").map(workDir::resolve).toList();
  }

  ScreenReader(QmpClient qmp, Tesseract tesseract, Path workDir) {
    this.qmp = qmp;
    this.tesseract = tesseract;
    this.dump = workDir.resolve(DUMP);
    this.memory = workDir.resolve("screen.bin");
    this.legible = workDir.resolve("screen.pgm");
  }

  /** Whether graphics cannot be read for want of an OCR. */
  boolean blind() {
    return !tesseract.available();
  }

  /**
   * The current screen; or, if the OCR ran very recently, the screen that it read.
   *
   * @param running whether the machine runs; it is halted for an instant to read the controller
   * @param now run the OCR even if it ran recently
   */
  ScreenText read(boolean running, boolean now) throws IOException, InterruptedException {
    qmp.execute("screendump", Map.of("filename", dump.toString()), LIMIT);
    ScreenImage image = ScreenImage.read(dump);
    if (image.isTextMode()) {
      lastRead = null;
      last = new ScreenText(textMode(running), true);
      return last;
    }
    boolean due = now || System.nanoTime() - lastOcr >= BETWEEN_OCR.toNanos();
    boolean changed = lastRead == null || image.difference(lastRead) >= SAME_SCREEN;
    if (due && changed) {
      String text = image.writeLegible(legible) ? tesseract.read(legible) : "";
      last = new ScreenText(text, false);
      lastRead = image;
      lastOcr = System.nanoTime();
    }
    return last;
  }

  private String textMode(boolean running) throws IOException {
    int start;
    if (running) {
      qmp.execute("stop", Map.of(), LIMIT);
    }
    try {
      // The index register is the guest's; it gets back what it had selected.
      int index = port("i /b 0x3d4");
      start = port("i /b 0x3d4.0xc") << 8 | port("i /b 0x3d4.0xd");
      qmp.monitor("o /b 0x3d4 " + index, LIMIT);
      Map<String, Object> ring = new LinkedHashMap<>();
      ring.put("val", TextModeScreen.MEMORY_ADDRESS);
      ring.put("size", TextModeScreen.MEMORY_BYTES);
      ring.put("filename", memory.toString());
      qmp.execute("pmemsave", ring, LIMIT);
    } finally {
      if (running) {
        resume();
      }
    }
    return TextModeScreen.read(memory, start);
  }

  private void resume() throws IOException {
    try {
      qmp.execute("cont", Map.of(), LIMIT);
    } catch (QmpException e) {
      // A guest that has just reset or panicked cannot be resumed; its event tells the observer.
      if (!e.isRefusal()) {
        throw e;
      }
    }
  }

  /** The answer looks like {@code portb[0x03d4] = 0x0f}. */
  private int port(String command) throws IOException {
    String answer = qmp.monitor(command, LIMIT).strip();
    int at = answer.lastIndexOf("0x");
    try {
      return Integer.parseInt(answer.substring(at + 2), 16) & 0xff;
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw QmpException.malformed("no port's value: " + answer, e);
    }
  }
}
