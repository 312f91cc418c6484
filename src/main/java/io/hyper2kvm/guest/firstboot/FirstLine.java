package io.hyper2kvm.guest.firstboot;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The first line of a script, by which the guest's kernel finds the program that runs it.
 *
 * @param interpreter the program's path; absolute
 * @param argument what the kernel passes to it in front of the script; empty when nothing
 */
public record FirstLine(String interpreter, String argument) {

  /** Kernels before 5.1 read no more of it, and cut off the rest. */
  private static final int MAX_BYTES = 127;

  /** Where {@code env} looks for a program: the search path of the first boot. */
  private static final List<String> SEARCH_PATH =
      List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin");

  /**
   * A file without which the script does not run.
   *
   * @param name what the first line says
   * @param places where it may be, one of which must be there
   */
  public record Need(String name, List<String> places) {

    public Need {
      places = List.copyOf(places);
    }
  }

  /**
   * Reads it.
   *
   * @param text the script, one character for each byte
   * @throws IllegalArgumentException when the kernel would not run the script; says why, and what
   *     to write
   */
  public static FirstLine of(String text) {
    if (text.isEmpty()) {
      throw refused("it is empty");
    }
    if (text.startsWith("\u00ef\u00bb\u00bf")) {
      throw refused(
          "it begins with a byte order mark, so the kernel does not see the #!: save it as UTF-8 without one");
    }
    if (text.startsWith("\177ELF")) {
      throw refused("it is a program, not a script: write a script that runs it");
    }
    if (!text.startsWith("#!")) {
      throw refused(
          "its first line does not begin with #!: name the program that runs it there, such as #!/bin/sh");
    }
    if (text.indexOf('\0') >= 0) {
      throw refused("it holds a NUL byte: it is no text");
    }
    int end = text.indexOf('\n');
    String line = end < 0 ? text : text.substring(0, end);
    if (line.indexOf('\r') >= 0) {
      throw refused(
          "its first line ends with CR LF, so the kernel would look for a program whose name ends with CR: convert the line ends, with dos2unix or sed -i 's/\\r$//'");
    }
    if (line.length() > MAX_BYTES) {
      throw refused(
          "its first line has %d bytes: kernels before 5.1 read %d of them"
              .formatted(line.length(), MAX_BYTES));
    }
    return ofWords(line.substring(2));
  }

  private static FirstLine ofWords(String line) {
    if (line.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 127)) {
      throw refused("its first line holds a control character");
    }
    // Blanks and tabs alone separate here; other white space is part of a name.
    String words = line.replace('\t', ' ').strip();
    int blank = words.indexOf(' ');
    String interpreter = blank < 0 ? words : words.substring(0, blank);
    if (!interpreter.startsWith("/") || interpreter.endsWith("/")) {
      throw refused(
          "its first line names no program by its whole path: write one, such as #!/bin/sh");
    }
    FirstLine found =
        new FirstLine(interpreter, blank < 0 ? "" : words.substring(blank + 1).strip());
    found.program();
    return found;
  }

  private static IllegalArgumentException refused(String reason) {
    return new IllegalArgumentException(reason);
  }

  /** What must be in the guest. */
  public List<Need> needs() {
    List<Need> needs = new ArrayList<>();
    needs.add(new Need(interpreter, List.of(interpreter)));
    program()
        .map(
            program ->
                new Need(
                    program,
                    program.startsWith("/")
                        ? List.of(program)
                        : SEARCH_PATH.stream().map(folder -> folder + "/" + program).toList()))
        .ifPresent(needs::add);
    return needs;
  }

  /** The program that {@code env} is to run; empty for another interpreter, or when not known. */
  private Optional<String> program() {
    if (!interpreter.endsWith("/env")) {
      return Optional.empty();
    }
    if (argument.isEmpty()) {
      throw refused("its first line names env, and no program for it");
    }
    if (argument.startsWith("-S") || argument.startsWith("--split-string")) {
      return Stream.of(argument.replaceFirst("^(-S|--split-string[= ])", "").strip().split(" +"))
          .filter(word -> !word.contains("="))
          .findFirst()
          .filter(word -> isPlain(word) && !word.startsWith("-"));
    }
    if (argument.indexOf(' ') >= 0) {
      throw refused(
          "its first line gives env several words, which the kernel passes as one: write env -S in front of them, or name the program by its path");
    }
    return Optional.of(argument).filter(word -> isPlain(word) && !word.startsWith("-"));
  }

  private static boolean isPlain(String word) {
    return word.matches("[A-Za-z0-9_./+-]{1,120}");
  }
}
