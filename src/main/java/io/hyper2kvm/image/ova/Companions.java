package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The files that belong to a description by their names: that of its own name with another ending,
 * and, where everything in a container belongs to one OVA, those of other names in the
 * description's folder and above it.
 */
final class Companions {

  private Companions() {}

  /**
   * The files of a kind, the one with the description's own name first.
   *
   * @param ending such as {@code .mf}; in any case
   */
  static List<Member> of(Container container, Member description, String ending) {
    List<Member> found = new ArrayList<>();
    String own = stem(description.name());
    String folder = description.folder();
    List<Member> beside = having(container.in(folder), ending);
    beside.stream().filter(member -> stem(member.name()).equals(own)).forEach(found::add);
    if (!container.holdsOneOva()) {
      return found;
    }
    beside.stream().filter(member -> !found.contains(member)).forEach(found::add);
    while (!folder.isEmpty()) {
      folder = folder.substring(0, folder.lastIndexOf('/', folder.length() - 2) + 1);
      found.addAll(having(container.in(folder), ending));
    }
    return found;
  }

  /** A name without its ending. */
  static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** macOS packs {@code ._name} beside a file. */
  private static List<Member> having(List<Member> members, String ending) {
    return members.stream()
        .filter(member -> member.baseName().toLowerCase(Locale.ROOT).endsWith(ending))
        .filter(member -> !member.baseName().startsWith("._"))
        .toList();
  }
}
