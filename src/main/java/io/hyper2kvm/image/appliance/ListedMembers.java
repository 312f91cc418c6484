package io.hyper2kvm.image.appliance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The members of an archive, which are all known. */
final class ListedMembers {

  private final Map<String, Member> byName = new LinkedHashMap<>();

  ListedMembers(List<Member> members) {
    members.forEach(member -> byName.put(member.name(), member));
  }

  Optional<Member> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  List<Member> in(String folder) {
    return byName.values().stream().filter(member -> member.folder().equals(folder)).toList();
  }

  List<Member> descriptions() {
    return byName.values().stream().filter(ListedMembers::isDescription).toList();
  }

  List<Member> all() {
    return List.copyOf(byName.values());
  }

  /** macOS packs {@code ._name} beside a file, with what its file system knew of it. */
  static boolean isDescription(Member member) {
    String name = member.baseName();
    return name.toLowerCase(Locale.ROOT).endsWith(".ovf") && !name.startsWith("._");
  }
}
