package io.hyper2kvm.manifest.parse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Collects problems; beyond a limit they are only counted, so that memory stays bounded. */
public final class Problems implements TreeFindings {

  /** How many problems an exception lists. */
  static final int MAX_LISTED = 200;

  private final Set<Problem> listed = new LinkedHashSet<>();
  private int unlisted;

  public void add(Problem problem) {
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
  public void at(Node node, String found, String message) {
    add(node.pointer(), node.at(), found, message, Optional.empty());
  }

  /** A problem with the value that stands at a node, and what to write instead. */
  public void at(Node node, String found, String message, String suggestion) {
    add(node.pointer(), node.at(), found, message, Optional.of(suggestion));
  }

  public void add(
      String path, Position at, String found, String message, Optional<String> suggestion) {
    add(new Problem(path, at.line(), at.column(), found, message, suggestion));
  }

  @Override
  public void keyTwice(Node object, String key, Position at) {
    int first = object.field(key).orElseThrow().keyAt().line();
    add(
        object.pointer(key),
        at,
        Shown.quoted(key),
        "the key %s stands here twice, first in line %d".formatted(Shown.quoted(key), first),
        Optional.of("Remove one of the two."));
  }

  @Override
  public void malformedText(Node text) {
    at(text, text.shown(), "the text holds a NUL or half of a character");
  }

  /** Whether further problems are only counted. */
  public boolean isFull() {
    return listed.size() == MAX_LISTED;
  }

  /** Counts a problem that is not listed. */
  public void countOne() {
    unlisted++;
  }

  public boolean isEmpty() {
    return listed.isEmpty();
  }

  public ManifestInvalidException toException(String fileName) {
    List<Problem> sorted = new ArrayList<>(listed);
    sorted.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
    return ManifestInvalidException.because(fileName, sorted, unlisted);
  }
}
