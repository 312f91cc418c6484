package io.hyper2kvm.image.ova.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rule for names in an OVA: relative, and never out of it. */
public final class MemberName {

  private static final int LONGEST = 4096;

  private MemberName() {}

  /** What is wrong with a name, as the end of a sentence that begins with it; empty if nothing. */
  public static Optional<String> problem(String name) {
    if (name.length() > LONGEST) {
      return Optional.of("has a name of " + name.length() + " characters");
    }
    if (name.indexOf('\0') >= 0) {
      return Optional.of("has a NUL in its name");
    }
    if (name.startsWith("/")) {
      return Optional.of("has an absolute name");
    }
    return List.of(name.split("/", -1)).contains("..")
        ? Optional.of("climbs out of its folder")
        : Optional.empty();
  }

  /** The name without {@code .} and doubled {@code /}; empty for the top folder itself. */
  public static String normal(String name) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/")) {
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }
}
