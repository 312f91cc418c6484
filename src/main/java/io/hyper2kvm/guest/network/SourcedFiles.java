package io.hyper2kvm.guest.network;

import io.hyper2kvm.guest.network.survey.Findings;
import io.hyper2kvm.text.Glob;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The further files of ifupdown. It reads those that a line of {@code source} or {@code
 * source-directory} names, and no others; files elsewhere than below {@code interfaces.d} are not
 * looked at here.
 */
final class SourcedFiles {

  private static final String MAIN = "/etc/network/interfaces";
  private static final String PARENT = "/etc/network/";
  private static final String FOLDER = MAIN + ".d/";
  private static final String RUNTIME = "/run/";
  private static final int MOST_LINES = 200;
  private static final int MOST_WARNINGS = 20;

  /** A copy that an editor or a package manager has left, which no folder's reading takes. */
  private static final Pattern COPY =
      Pattern.compile(".*(?:~|\\.(?:dpkg-[a-z]{1,9}|ucf-[a-z]{1,9}|bak|orig|old|swp))|\\..*");

  private final Map<String, String> files;
  private final Findings findings;
  private final Set<String> read = new HashSet<>();
  private final Deque<String> open = new ArrayDeque<>();
  private int lines;
  private int warnings;

  private SourcedFiles(Map<String, String> files, Findings findings) {
    this.files = files;
    this.findings = findings;
  }

  /** Takes the files that ifupdown does not read out of the guest's, and tells of them. */
  static void keepOnly(Map<String, String> files, Findings findings) {
    if (files.containsKey(MAIN)) {
      new SourcedFiles(files, findings).follow();
    }
  }

  private void follow() {
    open.add(MAIN);
    while (!open.isEmpty()) {
      String file = open.poll();
      int number = 0;
      for (String line : (Iterable<String>) files.get(file).lines()::iterator) {
        number++;
        List<String> words = List.of(line.strip().split("[ \\t]+", 3));
        boolean folder = words.get(0).equals("source-directory");
        if (words.size() > 1 && (folder || words.get(0).equals("source")) && lines++ < MOST_LINES) {
          take(file, number, words.get(1), folder);
        }
      }
    }
    for (String file : files.keySet().stream().filter(it -> it.startsWith(FOLDER)).toList()) {
      if (!read.contains(file)) {
        String text = files.remove(file);
        if (UnreadFiles.speaks(file, text)) {
          String why = "no line of source in " + MAIN + " names it, so ifupdown does not read it";
          findings.note(file, 0, "", why);
          findings.warning(
              "%s: %s; it stays as it is, and no card gets a name or an address by it"
                  .formatted(file, why));
        }
      }
    }
  }

  private void take(String file, int number, String named, boolean folder) {
    String path = named.startsWith("/") ? named : PARENT + named;
    boolean tells = path.chars().noneMatch(c -> "[]{}$`\"'\\".indexOf(c) >= 0);
    boolean below = (path + "/").startsWith(FOLDER) || !tells;
    if (below) {
      Glob pattern = new Glob(folder ? path.replaceFirst("/+$", "") + "/*" : path);
      for (String other : files.keySet()) {
        boolean matches = !tells || pattern.matches(other);
        String name = other.substring(other.lastIndexOf('/') + 1);
        if (other.startsWith(FOLDER)
            && matches
            && !(folder && COPY.matcher(name).matches())
            && read.add(other)) {
          open.add(other);
        }
      }
    } else if (!path.startsWith(RUNTIME) && warnings++ < MOST_WARNINGS) {
      findings.warning(
          "%s line %d: ifupdown reads %s as well, which is not looked at here: what it says of cards is not known; move it to %s if it names any"
              .formatted(file, number, Findings.shortened(path), FOLDER));
    }
  }
}
