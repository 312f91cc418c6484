package io.hyper2kvm.guest.boot.uefi;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code grub.cfg} beside a GRUB on an EFI system partition. Most distributions write a stub
 * that searches the guest's file system and goes on there; others keep the whole configuration
 * here.
 */
final class GrubStub {

  /** The words that a stub consists of. */
  private static final Set<String> WORDS =
      Set.of("search", "search.fs_uuid", "search.file", "search.fs_label", "set", "export");

  /** The words that go on with another configuration. */
  private static final Set<String> NEXT = Set.of("configfile", "source");

  private static final int MOST_CHARACTERS = 4096;
  private static final Pattern UUID =
      Pattern.compile("search(?:\\.fs_uuid| [^\n]{0,200}--fs-uuid)[^\n]{0,200}");
  private static final Pattern ID =
      Pattern.compile(
          "(?:[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-F]{4}-[0-9A-F]{4})");

  private GrubStub() {}

  /** Whether a copy of it elsewhere means the same, now and after the next update of the guest. */
  static boolean isStub(String text) {
    return text.length() < MOST_CHARACTERS
        && text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .map(line -> line.split("\\s+", 2))
            .allMatch(
                line ->
                    WORDS.contains(line[0])
                        || (NEXT.contains(line[0])
                            && line.length > 1
                            && line[1].matches("\"?\\$\\{?prefix}?/.*")));
  }

  /** The file system that it searches; empty when it searches none by its UUID. */
  static Optional<String> fileSystem(String text) {
    Matcher search = UUID.matcher(text);
    if (!search.find()) {
      return Optional.empty();
    }
    Matcher id = ID.matcher(search.group());
    return id.find() ? Optional.of(id.group()) : Optional.empty();
  }

  /** A configuration that goes on with the one in another folder of the same partition. */
  static String pointer(String folder) {
    return """
        # Written by hyper2kvm: this boot loader's configuration is the one in %1$s.
        set prefix=($root)%1$s
        configfile $prefix/grub.cfg
        """
        .formatted(folder);
  }
}
