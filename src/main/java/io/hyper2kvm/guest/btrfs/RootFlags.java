package io.hyper2kvm.guest.btrfs;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kernel command line says of the subvolume that it starts: {@code rootflags=subvol=@}.
 *
 * @param root the value of {@code root=}; empty when the line has none
 * @param options the value of {@code rootflags=}, options as in fstab
 */
public record RootFlags(String root, String options) {

  private static final Pattern WORD =
      Pattern.compile("(?:^|[\\s\"'])(root|rootflags)=([^\\s\"']{1,500})");
  private static final int MOST = 64;
  private static final int MOST_CHARACTERS = 4096;

  /**
   * Those of a boot loader's file, in their order, each once. Lines that name no subvolume are left
   * out.
   */
  public static List<RootFlags> in(String text) {
    List<RootFlags> found = new ArrayList<>();
    for (String line : (Iterable<String>) text.lines()::iterator) {
      if (line.contains("rootflags=") && !line.stripLeading().startsWith("#")) {
        of(line.substring(0, Math.min(line.length(), MOST_CHARACTERS)))
            .filter(flags -> !found.contains(flags) && found.size() < MOST)
            .ifPresent(found::add);
      }
    }
    return found;
  }

  private static Optional<RootFlags> of(String line) {
    String root = "";
    String options = "";
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      if (word.group(1).equals("root")) {
        root = word.group(2);
      } else {
        options = word.group(2);
      }
    }
    return Subvolumes.namesOne(options)
        ? Optional.of(new RootFlags(root, options))
        : Optional.empty();
  }
}
