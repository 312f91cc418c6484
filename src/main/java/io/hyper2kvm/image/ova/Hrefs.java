package io.hyper2kvm.image.ova;

import io.hyper2kvm.image.hardware.DiskFile;
import io.hyper2kvm.image.ova.container.Container;
import io.hyper2kvm.image.ova.container.Limits;
import io.hyper2kvm.image.ova.container.Member;
import io.hyper2kvm.image.ova.container.MemberName;
import io.hyper2kvm.image.ova.ovf.OvfRefusals;
import io.hyper2kvm.text.Printable;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Finds the members that a description's href means: the file of that name beside the description,
 * its parts when it is split, or the newest of its snapshots ({@code href.<digits>}).
 */
final class Hrefs {

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Pattern SNAPSHOT = Pattern.compile("\\d{1,18}");

  private final Container container;
  private final Member description;
  private final String where;

  /**
   * Hrefs of one description.
   *
   * @param where its name, for messages
   */
  Hrefs(Container container, Member description, String where) {
    this.container = container;
    this.description = description;
    this.where = where;
  }

  /** The parts of the file in their order; as a rule one. */
  List<Member> resolve(DiskFile file) {
    for (String name : names(file.href())) {
      List<Member> found = resolve(name, file.chunkSize().isPresent(), file);
      if (!found.isEmpty()) {
        return found;
      }
    }
    throw OvaRefusals.diskMissing(
        where,
        file.href(),
        container.in(description.folder()).stream().map(Member::baseName).toList());
  }

  private List<Member> resolve(String name, boolean mayBeSplit, DiskFile file) {
    if (mayBeSplit) {
      List<Member> parts = parts(name);
      if (!parts.isEmpty()) {
        checkSizes(parts, file.chunkSize().getAsLong(), file.href());
        return parts;
      }
    }
    Optional<Member> whole = container.find(name);
    return whole.or(() -> newestSnapshot(name)).stream().toList();
  }

  /** As it is written, and with its percent signs resolved: both forms are exported. */
  private Set<String> names(String href) {
    Set<String> names = new LinkedHashSet<>();
    names.add(checked(href, href));
    names.add(checked(href, decoded(href)));
    return names;
  }

  /** A name with its percent signs resolved; as it is written where they encode nothing. */
  static String decoded(String href) {
    try {
      // This decoder is for forms, where a plus is a blank.
      return href.contains("%")
          ? URLDecoder.decode(href.replace("+", "%2B"), StandardCharsets.UTF_8)
          : href;
    } catch (IllegalArgumentException e) {
      return href;
    }
  }

  private String checked(String href, String name) {
    if (SCHEME.matcher(name).matches()) {
      throw OvaRefusals.diskOutside(where, href, "is an address, not a file of the OVA");
    }
    Optional<String> problem = MemberName.problem(name);
    if (problem.isPresent()) {
      throw OvaRefusals.diskOutside(where, href, problem.get());
    }
    String normal = MemberName.normal(name);
    if (normal.isEmpty()) {
      throw OvaRefusals.diskOutside(where, href, "is no file name");
    }
    return description.folder() + normal;
  }

  private List<Member> parts(String name) {
    List<Member> parts = new ArrayList<>();
    Optional<Member> part = container.find(name + ".000000000");
    while (part.isPresent()) {
      parts.add(part.get());
      if (parts.size() > Limits.ENTRIES) {
        throw OvfRefusals.invalid(where, "a file in more than %d parts".formatted(Limits.ENTRIES));
      }
      part = container.find("%s.%09d".formatted(name, parts.size()));
    }
    return parts;
  }

  private void checkSizes(List<Member> parts, long chunkSize, String href) {
    for (int i = 0; i < parts.size(); i++) {
      boolean last = i == parts.size() - 1;
      long size = parts.get(i).size();
      if (last ? size > chunkSize || size == 0 : size != chunkSize) {
        throw OvfRefusals.invalid(
            where,
            "part %d of \"%s\" has %d bytes, with a chunkSize of %d"
                .formatted(i, Printable.of(href), size, chunkSize));
      }
    }
  }

  private Optional<Member> newestSnapshot(String name) {
    String folder = name.substring(0, name.lastIndexOf('/') + 1);
    return container.in(folder).stream()
        .filter(member -> member.name().startsWith(name + "."))
        .filter(member -> SNAPSHOT.matcher(number(member, name)).matches())
        .max(Comparator.comparingLong(member -> Long.parseLong(number(member, name))));
  }

  private static String number(Member member, String name) {
    return member.name().substring(name.length() + 1);
  }
}
