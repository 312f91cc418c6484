package io.hyper2kvm.manifest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects problems; beyond a limit they are only counted, so that memory stays bounded. */
final class Problems {

  /** How many problems an exception lists. */
  static final int MAX_LISTED = 200;

  private final Set<Problem> listed = new LinkedHashSet<>();
  private int unlisted;

  void add(Problem problem) {
    if (listed.contains(problem)) {
      return; // a value in defaults.pipeline is seen once for every VM
    }
    if (listed.size() < MAX_LISTED) {
      listed.add(problem);
    } else {
      unlisted++;
    }
  }

  /** A problem with the value that stands at a node. */
  void at(Node node, String found, String message) {
    add(node.pointer(), node.at(), found, message, Optional.empty());
  }

  /** A problem with the value that stands at a node, and what to write instead. */
  void at(Node node, String found, String message, String suggestion) {
    add(node.pointer(), node.at(), found, message, Optional.of(suggestion));
  }

  void add(String path, Position at, String found, String message, Optional<String> suggestion) {
    add(new Problem(path, at.line(), at.column(), found, message, suggestion));
  }

  /** Whether further problems are only counted. */
  boolean isFull() {
    return listed.size() == MAX_LISTED;
  }

  /** Counts a problem that is not listed. */
  void countOne() {
    unlisted++;
  }

  boolean isEmpty() {
    return listed.isEmpty();
  }

  ManifestInvalidException toException(String fileName) {
    List<Problem> sorted = new ArrayList<>(listed);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return ManifestInvalidException.because(fileName, sorted, unlisted);
  }
}
