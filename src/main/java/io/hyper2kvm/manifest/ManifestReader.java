package io.hyper2kvm.manifest;

import io.hyper2kvm.manifest.model.Manifest;
import io.hyper2kvm.manifest.parse.JsonTreeReader;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.parse.Node;
import io.hyper2kvm.manifest.parse.Position;
import io.hyper2kvm.manifest.parse.Problems;
import io.hyper2kvm.manifest.parse.Shown;
import io.hyper2kvm.manifest.parse.SourceText;
import io.hyper2kvm.manifest.parse.UnreadableException;
import io.hyper2kvm.manifest.parse.YamlTreeReader;
import io.hyper2kvm.manifest.rules.CompressionRule;
import io.hyper2kvm.manifest.rules.DiskRule;
import io.hyper2kvm.manifest.rules.DomainRule;
import io.hyper2kvm.manifest.rules.Draft;
import io.hyper2kvm.manifest.rules.ManifestContext;
import io.hyper2kvm.manifest.rules.ManifestRule;
import io.hyper2kvm.manifest.rules.ManifestSchema;
import io.hyper2kvm.manifest.rules.NameRule;
import io.hyper2kvm.manifest.rules.NetworkCardRule;
import io.hyper2kvm.manifest.rules.OutputRule;
import io.hyper2kvm.manifest.rules.PathResolver;
import io.hyper2kvm.manifest.rules.PipelineMerge;
import io.hyper2kvm.manifest.rules.PresenceRule;
import io.hyper2kvm.manifest.rules.ScheduleRule;
import io.hyper2kvm.manifest.rules.SchemaCheck;
import io.hyper2kvm.manifest.rules.TargetRule;
import io.hyper2kvm.manifest.rules.UnknownKeyWords;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads manifests: decodes, parses, checks against the schema, merges a batch's defaults, applies
 * the rules, and only then makes records. Every problem is collected; only what makes the rest
 * unreadable, such as a syntax error, ends the search. Safe for use by several threads.
 *
 * <p>Whatever a file holds, reading it takes bounded memory and time: at most 16 MiB of text,
 * 200,000 values, 100 levels and 5,000 VMs.
 */
public final class ManifestReader {

  /** Loaded with the first manifest: a daemon's first look into the drop zone does not wait. */
  private static final class Checks {

    static final ManifestSchema SCHEMA = new ManifestSchema();
    static final PipelineMerge MERGE = new PipelineMerge(SCHEMA.keys());
    private static final UnknownKeyWords UNKNOWN_KEYS = new UnknownKeyWords(SCHEMA);
    static final SchemaCheck SCHEMA_CHECK = new SchemaCheck(SCHEMA, UNKNOWN_KEYS);
    static final List<ManifestRule> RULES =
        List.of(
            new PresenceRule(UNKNOWN_KEYS),
            new NameRule(),
            new DiskRule(),
            new NetworkCardRule(),
            new CompressionRule(),
            new OutputRule(),
            new DomainRule(),
            new TargetRule(),
            new ScheduleRule());
  }

  private final ManifestContext context;

  /** A reader for one installation. */
  public ManifestReader(ManifestContext context) {
    this.context = context;
  }

  /** The published JSON Schema of manifests, the one that this reader uses, as JSON text. */
  public static String schema() {
    return Checks.SCHEMA.text();
  }

  /**
   * Reads a manifest file.
   *
   * @throws ManifestInvalidException if the manifest is refused
   * @throws IOException if the file is not a regular file or cannot be read
   */
  public Manifest read(Path file) throws IOException {
    return read(file, String.valueOf(file.getFileName()));
  }

  /**
   * Reads a manifest file that stands under another name than it was written under.
   *
   * @param fileName the name it was written under; see {@link #read(String, byte[])}
   * @throws ManifestInvalidException if the manifest is refused
   * @throws IOException if the file is not a regular file or cannot be read
   */
  public Manifest read(Path file, String fileName) throws IOException {
    return read(fileName, content(file));
  }

  /** The file's content, and no more of it than shows that it is too large. */
  static byte[] content(Path file) throws IOException {
    // Opening a pipe would wait for its writer.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException("not a regular file: " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(SourceText.MAX_BYTES + 1);
    }
  }

  /**
   * Reads a manifest from memory.
   *
   * @param fileName names the manifest in messages, says by its extension whether it is JSON or
   *     YAML, and by its stem what a manifest without {@code name} is called
   * @throws ManifestInvalidException if the manifest is refused
   */
  public Manifest read(String fileName, byte[] content) {
    Problems problems = new Problems();
    Optional<Draft> draft = Optional.empty();
    try {
      draft = Optional.of(draft(fileName, parse(fileName, content, problems), problems));
    } catch (UnreadableException e) {
      e.reportTo(problems);
    }
    draft.ifPresent(d -> Checks.RULES.forEach(rule -> rule.check(d, problems)));
    if (!problems.isEmpty()) {
      throw problems.toException(fileName);
    }
    return ManifestRecords.of(draft.orElseThrow(), context.domain());
  }

  private Draft draft(String fileName, Node root, Problems problems) {
    Checks.SCHEMA_CHECK.check(root, problems);
    return Draft.of(fileName, root, Checks.MERGE, new PathResolver(context, problems), context);
  }

  /**
   * The timing of a manifest, without a judgement on the rest of it.
   *
   * @return none, also of a file that cannot be read as a manifest
   */
  public static Timing timing(String fileName, byte[] content) {
    if (!mayHaveTiming(content)) {
      return Timing.NONE;
    }
    Problems problems = new Problems();
    try {
      Node root = parse(fileName, content, problems);
      // Of a key that comes twice nobody knows which one is meant: it fails at once.
      return problems.isEmpty() ? ManifestRecords.timing(root) : Timing.NONE;
    } catch (UnreadableException e) {
      return Timing.NONE;
    }
  }

  /** Spares the parser for most files: a key stands there in its letters, or with escapes. */
  private static boolean mayHaveTiming(byte[] content) {
    String bytes = new String(content, StandardCharsets.ISO_8859_1);
    return bytes.contains("schedule") || bytes.contains("priority") || bytes.indexOf('\\') >= 0;
  }

  /** The tree of a manifest that is known to be good. */
  static Node parse(String fileName, byte[] content) throws UnreadableException {
    return parse(fileName, content, new Problems());
  }

  private static Node parse(String fileName, byte[] content, Problems problems)
      throws UnreadableException {
    String lower = fileName.toLowerCase(Locale.ROOT);
    boolean json = lower.endsWith(".json");
    if (!json && !lower.endsWith(".yaml") && !lower.endsWith(".yml")) {
      throw new UnreadableException(
          Position.START,
          Shown.quoted(fileName),
          "the file's name ends neither in .json nor in .yaml nor in .yml");
    }
    String text = SourceText.decode(content);
    Node root =
        json
            ? new JsonTreeReader(text, problems).read()
            : YamlTreeReader.ofManifest(text, problems).read();
    if (root == null) {
      throw new UnreadableException(Position.START, "", "the file is empty");
    }
    if (!root.is(Node.Kind.OBJECT)) {
      throw new UnreadableException(
          root.at(), root.shown(), "a manifest must be an object, found " + root.shown());
    }
    return root;
  }
}
