package io.hyper2kvm.manifest.rules;

import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Problems;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Makes absolute, normalized paths of a manifest's words and holds them below the directories that
 * they may lie in. Symbolic links are not looked at here; who opens the files has to.
 */
public final class PathResolver {

  /** The limit of a file name on Linux, in bytes; an output leaves room for a temporary suffix. */
  private static final int MAX_NAME_BYTES = 255;

  private static final int MAX_OUTPUT_NAME_BYTES = 220;
  private static final int MAX_PATH_BYTES = 4095;

  /** Such a file beside another output would be replaced by that output's record or signature. */
  private static final List<String> RECORDS = List.of(".provenance.json", ".intoto.jsonl");

  /** More directories than this only serve to make every look at the path expensive. */
  private static final int MAX_NAMES = 100;

  private static final Pattern WINDOWS = Pattern.compile("[A-Za-z]:[\\\\/].*|\\\\\\\\.*");
  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]{0,30}://.*");

  private final ManifestContext context;
  private final Problems problems;

  /** A value in the batch's defaults is resolved once, not once for every VM. */
  private final Map<Node, Optional<Path>> sources = new IdentityHashMap<>();

  private final Map<Node, Optional<Path>> outputs = new IdentityHashMap<>();
  private final Map<Node, Optional<Path>> drivers = new IdentityHashMap<>();
  private final Map<Node, Optional<Path>> scripts = new IdentityHashMap<>();

  public PathResolver(ManifestContext context, Problems problems) {
    this.context = context;
    this.problems = problems;
  }

  /** The source that a node names; empty, and reported, when it must not be named. */
  Optional<Path> source(Node node) {
    return sources.computeIfAbsent(node, this::resolveSource);
  }

  /** The output that a node names; empty, and reported, when it must not be named. */
  Optional<Path> output(Node node) {
    return outputs.computeIfAbsent(node, this::resolveOutput);
  }

  /**
   * The folder or ISO with drivers that a node names; empty, and reported, when it must not be
   * named. Its programs run in guests: unlike a source, it must lie below a folder that the
   * configuration allows.
   */
  Optional<Path> virtioWin(Node node) {
    return drivers.computeIfAbsent(node, this::resolveDrivers);
  }

  private Optional<Path> resolveDrivers(Node node) {
    Optional<Path> written = path(node, MAX_NAME_BYTES);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (!written.get().isAbsolute()) {
      return refuse(node, "must be an absolute path", null);
    }
    return belowRoots(
        node,
        written.get().normalize(),
        "Set virtio_win in the configuration, and leave it out here.");
  }

  /**
   * The script for the first boot that a node names; empty, and reported, when it must not be
   * named. It runs in a guest with all rights: unlike a source, it must lie below a folder that the
   * configuration allows.
   */
  Optional<Path> script(Node node) {
    return scripts.computeIfAbsent(node, this::resolveScript);
  }

  private Optional<Path> resolveScript(Node node) {
    Optional<Path> written = path(node, MAX_NAME_BYTES);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    if (!written.get().isAbsolute() && context.sourceDir().isEmpty()) {
      return refuse(
          node, "must be an absolute path, because no source directory is configured", null);
    }
    Path resolved =
        context.sourceDir().map(dir -> dir.resolve(written.get())).orElse(written.get());
    return belowRoots(
        node,
        resolved.normalize(),
        "Put the script below a folder that source_dir or allowed_source_roots names.");
  }

  private Optional<Path> belowRoots(Node node, Path resolved, String suggestion) {
    List<Path> roots =
        Stream.concat(context.allowedSourceRoots().stream(), context.sourceDir().stream()).toList();
    if (roots.stream().noneMatch(resolved::startsWith)) {
      return refuse(
          node,
          roots.isEmpty()
              ? "must not be named, because no source directory is configured below which it may"
                  + " lie"
              : "must lie below an allowed source directory: " + join(roots),
          suggestion);
    }
    return Optional.of(resolved);
  }

  private Optional<Path> resolveSource(Node node) {
    Optional<Path> written = path(node, MAX_NAME_BYTES);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    Path path = written.get();
    if (!path.isAbsolute()) {
      if (context.sourceDir().isEmpty()) {
        return refuse(
            node, "must be an absolute path, because no source directory is configured", null);
      }
      Path directory = context.sourceDir().get();
      Path resolved = directory.resolve(path).normalize();
      if (!resolved.startsWith(directory) || resolved.equals(directory)) {
        return refuse(node, "must name a file below the source directory " + directory, null);
      }
      return Optional.of(resolved);
    }
    Path resolved = path.normalize();
    if (resolved.getFileName() == null) {
      return refuse(node, "must name a file", null);
    }
    List<Path> roots = context.allowedSourceRoots();
    Stream<Path> allowed = Stream.concat(roots.stream(), context.sourceDir().stream());
    if (!roots.isEmpty() && allowed.noneMatch(resolved::startsWith)) {
      return refuse(node, "must lie below an allowed source directory: " + join(roots), null);
    }
    return Optional.of(resolved);
  }

  private Optional<Path> resolveOutput(Node node) {
    String text = node.asText().orElse("");
    Optional<Path> written = path(node, MAX_OUTPUT_NAME_BYTES);
    if (written.isEmpty()) {
      return Optional.empty();
    }
    String last = text.substring(text.lastIndexOf('/') + 1);
    if (last.isEmpty() || last.equals(".") || last.equals("..")) {
      return refuse(node, "must name a file, not a directory", "Add the file's name.");
    }
    for (String record : RECORDS) {
      if (last.endsWith(record)) {
        return refuse(
            node, "must not end in %s, as the records beside outputs do".formatted(record), null);
      }
    }
    Path resolved = context.outputDir().resolve(written.get()).normalize();
    boolean inside = resolved.startsWith(context.outputDir());
    if (!written.get().isAbsolute() && !inside) {
      return refuse(
          node,
          "must not lead out of the output directory " + context.outputDir(),
          "Remove the \"..\".");
    }
    List<Path> roots = context.allowedOutputRoots();
    if (!inside && roots.stream().noneMatch(resolved::startsWith)) {
      return refuse(
          node,
          roots.isEmpty()
              ? "must lie below the output directory " + context.outputDir()
              : "must lie below the output directory %s or an allowed one: %s"
                  .formatted(context.outputDir(), join(roots)),
          null);
    }
    if (resolved.equals(context.outputDir()) || roots.contains(resolved)) {
      return refuse(node, "must name a file, not a directory", "Add the file's name.");
    }
    return Optional.of(resolved);
  }

  /**
   * What no path needs: control characters, other line ends, and marks that turn a line's
   * direction, which can make a path look like another one. Joiners belong to the words of some
   * languages.
   */
  private static boolean isRefused(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      case Character.FORMAT ->
          codePoint >= 0x202A && codePoint <= 0x202E
              || codePoint >= 0x2066 && codePoint <= 0x2069
              || codePoint == 0xFEFF;
      default -> false;
    };
  }

  /** What every path must hold to; the type and an empty text are the schema's to report. */
  private Optional<Path> path(Node node, int maxNameBytes) {
    String text = node.asText().orElse("");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    int unsafe = text.codePoints().filter(PathResolver::isRefused).findFirst().orElse(' ');
    if (unsafe == 0 || unsafe <= Character.MAX_VALUE && Character.isSurrogate((char) unsafe)) {
      return Optional.empty(); // no text may hold these, which is reported
    }
    if (unsafe != ' ') {
      return refuse(node, "must not hold the control character U+%04X".formatted(unsafe), null);
    }
    if (text.startsWith("~") || text.startsWith("$")) {
      return refuse(node, "must be a path as it is; ~ and variables are not expanded", null);
    }
    if (WINDOWS.matcher(text).matches()) {
      return refuse(node, "must be a path on this host, not one of Windows", null);
    }
    if (ADDRESS.matcher(text).matches()) {
      return refuse(
          node, "must be a path on this host, not an address", "Copy or mount the file first.");
    }
    try {
      Path path = Path.of(text);
      for (Path name : path) {
        if (name.toString().getBytes(StandardCharsets.UTF_8).length > maxNameBytes) {
          return refuse(
              node, "must have no name longer than %d bytes".formatted(maxNameBytes), null);
        }
      }
      if (path.getNameCount() > MAX_NAMES) {
        return refuse(node, "must have at most %d names".formatted(MAX_NAMES), null);
      }
      if (text.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
        return refuse(node, "must have at most %d bytes".formatted(MAX_PATH_BYTES), null);
      }
      return Optional.of(path);
    } catch (InvalidPathException e) {
      return refuse(
          node,
          "must be a name that this host can write",
          "Run hyper2kvm in a UTF-8 locale, such as LC_ALL=C.UTF-8.");
    }
  }

  private Optional<Path> refuse(Node node, String must, String suggestion) {
    problems.add(
        node.pointer(),
        node.at(),
        node.shown(),
        must + ", found " + node.shown(),
        Optional.ofNullable(suggestion));
    return Optional.empty();
  }

  private static String join(List<Path> roots) {
    return String.join(", ", roots.stream().map(Path::toString).toList());
  }
}
