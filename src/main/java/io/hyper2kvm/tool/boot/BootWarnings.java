package io.hyper2kvm.tool.boot;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Collects what went wrong or slowly while a guest booted, from its consoles: services that failed,
 * devices that did not appear. Their number is limited, and each subject is named once.
 */
final class BootWarnings {

  private static final int MOST = 50;
  private static final int LONGEST_LINE = 300;

  private static final Pattern START_JOB =
      Pattern.compile(
          "(?:start job is running for|\\bJob) (.{1,160}?)(?:\\Wstart r\\w{3,8})? ?\\((.{1,40})\\)?$");
  private static final Pattern ELAPSED =
      Pattern.compile("(?:(\\d{1,4})min )?(\\d{1,5})s(?: / .*)?");
  private static final List<String> COMPLAINTS =
      List.of(
          "Timed out waiting for device",
          "Gave up waiting for",
          "Dependency failed for",
          "Failed to start",
          "Failed to mount",
          "Failed to activate swap");

  private final Map<String, String> messages = new LinkedHashMap<>();
  private final Map<String, Integer> waited = new LinkedHashMap<>();

  void note(String subject, String message) {
    String key = SquashedText.squash(subject);
    if (messages.size() < MOST || messages.containsKey(key)) {
      messages.put(key, message);
    }
  }

  /** Reads a console's text; the same text again adds nothing. */
  void scan(String text) {
    text.lines().filter(line -> line.length() <= LONGEST_LINE).forEach(this::scanLine);
  }

  private void scanLine(String line) {
    Matcher job = START_JOB.matcher(line.stripTrailing());
    if (job.find()) {
      startJob(job.group(1).strip(), job.group(2));
      return;
    }
    for (String complaint : COMPLAINTS) {
      int at = line.indexOf(complaint);
      if (at >= 0) {
        String message = line.substring(at).strip();
        note(message, message);
      }
    }
  }

  private void startJob(String subject, String times) {
    Matcher elapsed = ELAPSED.matcher(times.replace(")", "").strip());
    if (elapsed.matches()) {
      int minutes = elapsed.group(1) == null ? 0 : Integer.parseInt(elapsed.group(1));
      int seconds = 60 * minutes + Integer.parseInt(elapsed.group(2));
      String key = SquashedText.squash(subject);
      int longest = waited.size() < MOST ? waited.merge(key, seconds, Math::max) : seconds;
      note(subject, "A start job is running for %s: waited %d s".formatted(subject, longest));
    }
  }

  List<String> messages() {
    return List.copyOf(messages.values());
  }
}
