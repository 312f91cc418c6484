package io.hyper2kvm.stage.domain;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the system in a domain needs of it, beside its disks and cards. */
public enum GuestSystem {
  /** Linux, or one that is not known. */
  OTHER,
  /** A Windows: Hyper-V's interfaces, and a clock that shows the local time. */
  WINDOWS,
  /** A Windows that asks for a TPM 2.0 as well: a client since Windows 11. */
  WINDOWS_WITH_TPM;

  private static final Pattern VERSION = Pattern.compile("10\\.0\\.([0-9]{5,6})");
  private static final int FIRST_BUILD_OF_11 = 22000;

  /**
   * By what INSPECT found.
   *
   * @param os {@code windows}, or another word
   * @param version such as {@code 10.0.22631}; any text
   * @param edition such as {@code ServerStandard}; any text
   */
  public static GuestSystem of(String os, String version, String edition) {
    if (!os.equals("windows")) {
      return OTHER;
    }
    Matcher numbers = VERSION.matcher(version);
    boolean client = !edition.startsWith("Server");
    return client && numbers.matches() && Integer.parseInt(numbers.group(1)) >= FIRST_BUILD_OF_11
        ? WINDOWS_WITH_TPM
        : WINDOWS;
  }

  /** By the keys of INSPECT in a report; anybody may have written it. */
  public static GuestSystem read(Map<String, Object> inspect) {
    return of(
        String.valueOf(inspect.get("os")),
        String.valueOf(inspect.get("version")),
        String.valueOf(inspect.get("edition")));
  }

  /** Whether it is a Windows. */
  public boolean isWindows() {
    return this != OTHER;
  }
}
