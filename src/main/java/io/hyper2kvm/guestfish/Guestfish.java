package io.hyper2kvm.guestfish;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The argument lists of {@code guestfish}, used as one listening process per VM. */
public final class Guestfish {

  private static final Pattern PID = Pattern.compile("GUESTFISH_PID=(\\d{1,10});");

  private Guestfish() {}

  /** Runs the script on standard input and ends with it. */
  public static List<String> script() {
    return List.of("--no-progress-bars");
  }

  /** Starts the listening process, which goes on in the background. */
  public static List<String> listen() {
    return List.of("--listen");
  }

  /** Sends the script on standard input to the listening process. */
  public static List<String> remote(long pid) {
    return List.of("--remote=" + pid);
  }

  /**
   * Reads the listening process's id.
   *
   * @throws IllegalArgumentException when the answer names none
   */
  public static long parsePid(String answer) {
    Matcher matcher = PID.matcher(answer);
    if (!matcher.find()) {
      throw new IllegalArgumentException(
          "guestfish --listen did not name its process: " + answer.strip());
    }
    return Long.parseLong(matcher.group(1));
  }
}
