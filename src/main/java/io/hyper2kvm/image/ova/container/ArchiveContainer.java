package io.hyper2kvm.image.ova.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An archive, whose members are all known once it is open. */
public abstract class ArchiveContainer implements Container {

  private final Map<String, Member> byName = new LinkedHashMap<>();

  /** An archive with these files, each under a normal name of its own. */
  ArchiveContainer(List<Member> members) {
    members.forEach(member -> byName.put(member.name(), member));
  }

  @Override
  public final boolean holdsOneOva() {
    return true;
  }

  @Override
  public final Optional<Member> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public final List<Member> in(String folder) {
    return byName.values().stream().filter(member -> member.folder().equals(folder)).toList();
  }

  @Override
  public final List<Member> descriptions() {
    return byName.values().stream().filter(Member::isDescription).toList();
  }

  /** Its files, in all its folders, in the archive's order. */
  public final List<Member> all() {
    return List.copyOf(byName.values());
  }
}
