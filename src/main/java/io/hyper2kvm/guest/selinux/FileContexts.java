package io.hyper2kvm.guest.selinux;

import io.hyper2kvm.guest.selinux.ContextLine.Match;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The labels that a guest's policy gives its files: the {@code file_contexts} of the policy, those
 * of home folders, and the administrator's own.
 *
 * <p>As libselinux documents it: a line that names one path counts before every expression; of
 * several that match, the last one counts, and the administrator's lines are the last.
 */
public final class FileContexts {

  /** The most that is read of each of the files, in bytes: real ones have up to 600 KiB. */
  public static final int MAX_BYTES = 2 << 20;

  private static final List<String> CONTEXTS =
      List.of("file_contexts", "file_contexts.homedirs", "file_contexts.local");
  private static final String SUBS = "file_contexts.subs";
  private static final String SUBS_DIST = "file_contexts.subs_dist";

  /** Of all look-ups together; a real policy takes a thousandth for each. */
  private static final long MAX_STEPS = 200_000_000;

  private static final int MAX_LINES = 100_000;
  private static final int MAX_PATH = 4096;

  private final List<ContextLine> byPriority;
  private final PathSubstitutions substitutions;
  private final Optional<String> unreadable;
  private long steps;

  private FileContexts(
      List<ContextLine> byPriority, PathSubstitutions substitutions, Optional<String> unreadable) {
    this.byPriority = byPriority;
    this.substitutions = substitutions;
    this.unreadable = unreadable;
  }

  /** The files that {@link #of} reads, by the name of the policy. */
  public static List<String> files(String policy) {
    List<String> files = new ArrayList<>();
    CONTEXTS.forEach(name -> files.add(file(policy, name)));
    files.add(file(policy, SUBS));
    files.add(file(policy, SUBS_DIST));
    return files;
  }

  private static String file(String policy, String name) {
    return "/etc/selinux/" + policy + "/contexts/files/" + name;
  }

  /**
   * Reads a policy's contexts.
   *
   * @param policy its name; empty when it is not known
   * @param texts those of the {@link #files} that the guest has, one character for each byte
   */
  public static FileContexts of(String policy, Map<String, String> texts) {
    List<ContextLine> literals = new ArrayList<>();
    List<ContextLine> expressions = new ArrayList<>();
    Optional<String> unreadable = unreadable(policy, texts);
    for (String name : unreadable.isPresent() ? List.<String>of() : CONTEXTS) {
      String file = file(policy, name);
      int number = 0;
      for (String line : texts.getOrDefault(file, "").lines().limit(MAX_LINES).toList()) {
        number++;
        ContextLine.of(file + ":" + number, line)
            .ifPresent(found -> (found.isLiteral() ? literals : expressions).add(found));
      }
    }
    Collections.reverse(literals);
    Collections.reverse(expressions);
    literals.addAll(expressions);
    return new FileContexts(
        literals,
        new PathSubstitutions(
            texts.getOrDefault(file(policy, SUBS), ""),
            texts.getOrDefault(file(policy, SUBS_DIST), "")),
        unreadable);
  }

  private static Optional<String> unreadable(String policy, Map<String, String> texts) {
    if (policy.isEmpty()) {
      return Optional.of(SelinuxConfig.FILE + " names no policy");
    }
    String main = file(policy, CONTEXTS.get(0));
    if (texts.getOrDefault(main, "").isBlank()) {
      return Optional.of(main + " is not there");
    }
    for (String file : files(policy)) {
      String text = texts.getOrDefault(file, "");
      if (text.length() >= MAX_BYTES || text.lines().skip(MAX_LINES).findAny().isPresent()) {
        return Optional.of(file + " is larger than is read");
      }
    }
    return Optional.empty();
  }

  /**
   * The label of a file.
   *
   * @param path its absolute path, without links
   */
  public PolicyLabel lookup(String path, FileKind kind) {
    if (unreadable.isPresent()) {
      return PolicyLabel.unknown(unreadable.get());
    }
    if (path.length() > MAX_PATH) {
      return PolicyLabel.unknown("the path is too long");
    }
    String key =
        new String(
            substitutions.apply(path).getBytes(StandardCharsets.UTF_8),
            StandardCharsets.ISO_8859_1);
    for (ContextLine line : byPriority) {
      if (line.isExcluded(key, kind)) {
        continue;
      }
      long cost = line.cost(key);
      if (cost > MAX_STEPS - steps) {
        return undecided(line);
      }
      steps += cost;
      Match match = line.match(key);
      if (match == Match.UNKNOWN) {
        return undecided(line);
      }
      if (match == Match.YES) {
        return found(line);
      }
    }
    return PolicyLabel.none("no line of the policy's contexts matches");
  }

  private static PolicyLabel undecided(ContextLine line) {
    return PolicyLabel.unknown(line.place() + " has an expression that is not decided here");
  }

  private static PolicyLabel found(ContextLine line) {
    if (line.context().equals(ContextLine.NONE)) {
      return PolicyLabel.none(line.place() + " gives none");
    }
    return SecurityContext.of(line.context())
        .map(context -> PolicyLabel.found(context, line.place()))
        .orElseGet(() -> PolicyLabel.unknown(line.place() + " has no security context"));
  }
}
