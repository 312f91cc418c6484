package io.hyper2kvm.guest.state;

import io.hyper2kvm.guest.fstab.Fstab;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a guest's swap files lie, by its own tables. */
public final class SwapFiles {

  /** Those that installers make, and that systemd finds without a row. */
  private static final List<String> USUAL = List.of("/swapfile", "/swap.img", "/swap/swapfile");

  private static final int MOST = 16;
  private static final Pattern OFFSET = Pattern.compile("\\bresume_offset=([0-9]{1,12})\\b");
  private static final Pattern DEVICE = Pattern.compile("\\bresume=\"?([^\\s\"']{1,200})");

  private SwapFiles() {}

  /**
   * A place that a kernel's command line names.
   *
   * @param device as the guest names it
   * @param offset in pages
   */
  public record Resume(String device, long offset) {}

  /** The files of a guest's swap rows, and those of usual names. */
  public static Set<String> of(Collection<Fstab.Row> rows) {
    Set<String> files = new LinkedHashSet<>(USUAL);
    for (Fstab.Row row : rows) {
      String file = row.device();
      boolean isFile = file.startsWith("/") && !file.startsWith("/dev/") && file.indexOf('\0') < 0;
      if (row.type().equals("swap") && isFile && files.size() < MOST) {
        files.add(file);
      }
    }
    return files;
  }

  /** The places in the lines of a guest's boot configuration; 16 at most. */
  public static List<Resume> resumes(Collection<String> texts) {
    Set<Resume> found = new LinkedHashSet<>();
    for (String text : texts) {
      if (!text.contains("resume_offset=")) {
        continue;
      }
      for (String line : text.lines().toList()) {
        Matcher offset = OFFSET.matcher(line);
        Matcher device = DEVICE.matcher(line);
        if (offset.find() && device.find() && found.size() < MOST) {
          found.add(new Resume(device.group(1), Long.parseLong(offset.group(1))));
        }
      }
    }
    return new ArrayList<>(found);
  }
}
