package io.hyper2kvm.stage.inspect.mount;

import io.hyper2kvm.text.Printable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Why the appliance's kernel did not mount a file system, by its own log. */
final class MountErrors {

  private static final int MOST = 3;
  private static final int MOST_CHARACTERS = 300;
  private static final Pattern LINE =
      Pattern.compile(
          "(?:\\[[ 0-9.]{1,20}\\] )?"
              + "((?:XFS|EXT[234]-fs|BTRFS|F2FS-fs|JFS|NILFS|REISERFS|FAT-fs|ntfs3?)\\b.{1,1000})");
  private static final Pattern FAULT =
      Pattern.compile(
          "(?i)error|unknown|unsupported|corrupt|invalid|fail|bad|missing|can't|cannot|wrong|require");

  private MountErrors() {}

  /**
   * The last complaints of file systems, for a message; empty when there are none.
   *
   * @param log the text of the kernel's log
   */
  static String in(String log) {
    List<String> faults =
        log.lines()
            .map(LINE::matcher)
            .filter(Matcher::matches)
            .map(line -> line.group(1))
            .filter(text -> FAULT.matcher(text).find())
            .distinct()
            .toList();
    String last =
        String.join("; ", faults.subList(Math.max(0, faults.size() - MOST), faults.size()));
    return Printable.guestLine(
        last.length() > MOST_CHARACTERS ? last.substring(0, MOST_CHARACTERS) + "…" : last);
  }
}
