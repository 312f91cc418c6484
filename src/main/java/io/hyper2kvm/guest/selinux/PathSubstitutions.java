package io.hyper2kvm.guest.selinux;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The paths that a policy treats as other ones: {@code file_contexts.subs_dist}, of the
 * distribution, and {@code file_contexts.subs}, of the administrator, which is asked first. Each
 * line says {@code /path /other}; what is below a path is below the other one then.
 */
final class PathSubstitutions {

  private record Substitution(String from, String to) {}

  private final List<Substitution> own;
  private final List<Substitution> distribution;

  PathSubstitutions(String subs, String subsDist) {
    this.own = parse(subs);
    this.distribution = parse(subsDist);
  }

  /** Of several lines for a path the last one counts. */
  private static List<Substitution> parse(String text) {
    List<Substitution> list = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split("\\s+", 3);
      if (words.length >= 2 && words[0].startsWith("/") && words[1].startsWith("/")) {
        list.add(new Substitution(words[0], words[1]));
      }
    }
    Collections.reverse(list);
    return list;
  }

  /** The path that the policy's contexts are asked for. */
  String apply(String path) {
    return first(distribution, first(own, path));
  }

  private static String first(List<Substitution> list, String path) {
    for (Substitution each : list) {
      if (path.equals(each.from)) {
        return each.to;
      }
      if (path.startsWith(each.from + "/")) {
        String rest = path.substring(each.from.length());
        return each.to.equals("/") ? rest : each.to + rest;
      }
    }
    return path;
  }
}
