package io.hyper2kvm.guest.state;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the appliance's kernel says of file systems while it has them mounted. */
public final class KernelLog {

  private static final int MAX_LINES = 20;

  /** The time stamp, the driver, and the device in brackets, as each driver writes it. */
  private static final Pattern LINE =
      Pattern.compile(
          "(?:<[0-9]{1,3}>)?\\[ *[0-9.]{1,20}\\]"
              + " (?<text>(?:EXT[234]-fs|XFS|BTRFS|F2FS-fs|JBD2)\\b.{0,400}).*");

  private static final Pattern ERROR =
      Pattern.compile(
          "EXT[234]-fs error\\b.*|EXT[234]-fs \\([^)]*\\): (?:Remounting filesystem read-only|group"
              + " descriptors corrupted).*|XFS \\([^)]*\\): (?:Metadata corruption"
              + " detected|Metadata CRC error|Corruption (?:detected|warning)|Internal error|log"
              + " I/O error|xfs_do_force_shutdown|Filesystem has been shut down).*|BTRFS"
              + " (?:critical|error|warning) \\([^)]*\\):? .*(?:corrupt|checksum|csum|parent"
              + " transid verify failed|forced readonly).*|F2FS-fs \\([^)]*\\):"
              + " .*(?:[Ii]nconsistent|corrupt).*|JBD2: .*(?:error|Error).*");

  private static final Pattern REPLAYED =
      Pattern.compile(
          "(?:EXT[34]-fs|XFS|BTRFS info|F2FS-fs) \\((?:device"
              + " )?(?<device>[A-Za-z0-9_-]{1,40})[^)]*\\): (?:recovery complete|Ending"
              + " recovery|start tree-log replay|recover fsync data).*");

  private static final Pattern DEVICE =
      Pattern.compile("[^(]{0,40}\\((?:device )?(?<device>[A-Za-z0-9_-]{1,40}).*");

  private final List<String> errors = new ArrayList<>();
  private final List<String> replayed = new ArrayList<>();

  private KernelLog() {}

  /**
   * Reads a log.
   *
   * @param text as {@code dmesg} prints it; any text
   */
  public static KernelLog of(String text) {
    KernelLog log = new KernelLog();
    text.lines().forEach(log::take);
    return log;
  }

  private void take(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return;
    }
    String said = matcher.group("text");
    if (ERROR.matcher(said).matches()) {
      keep(errors, said);
    }
    Matcher replay = REPLAYED.matcher(said);
    if (replay.matches()) {
      keep(replayed, replay.group("device"));
    }
  }

  private static void keep(List<String> list, String entry) {
    if (list.size() < MAX_LINES && !list.contains(entry)) {
      list.add(entry);
    }
  }

  /** The lines that tell of damage, each once; 20 at most. */
  public List<String> errors() {
    return List.copyOf(errors);
  }

  /** The kernel's name of the device that an error is about, such as {@code sda2}; or empty. */
  public static String device(String error) {
    Matcher matcher = DEVICE.matcher(error);
    return matcher.matches() ? matcher.group("device") : "";
  }

  /** The kernel's names of the devices whose journals were replayed, such as {@code sda2}. */
  public List<String> replayed() {
    return List.copyOf(replayed);
  }
}
