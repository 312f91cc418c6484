package io.hyper2kvm.image;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The text that describes a VMDK, read line by line.
 *
 * @param createType the kind of disk
 * @param extents in the disk's order
 * @param lineage how the disk is tied to a parent
 */
record VmdkDescriptor(String createType, List<Extent> extents, VmdkLineage lineage) {

  /** The kinds that QEMU reads from a text file. */
  static final Set<String> TEXT_TYPES =
      Set.of(
          "monolithicFlat",
          "vmfs",
          "vmfsSparse",
          "seSparse",
          "twoGbMaxExtentSparse",
          "twoGbMaxExtentFlat");

  /** How an extent keeps its data. */
  enum Type {
    /** Plain data from an offset in a file. */
    FLAT,
    /** Plain data on a VMFS volume, from the file's start. */
    VMFS,
    /** A binary sparse file. */
    SPARSE,
    /** A binary sparse file of VMFS. */
    VMFSSPARSE,
    /** A binary space-efficient sparse file of VMFS. */
    SESPARSE;

    boolean sparse() {
      return this == SPARSE || this == VMFSSPARSE || this == SESPARSE;
    }
  }

  /**
   * One line of the extent section.
   *
   * @param sectors in sectors of 512 bytes, at least 1
   * @param name one char for each byte, not yet checked
   * @param offset where a flat extent's data starts in its file, in sectors
   */
  record Extent(long sectors, Type type, String name, long offset) {}

  /** QEMU reads no more of a text descriptor, in bytes. */
  private static final int LONGEST = 1 << 20;

  private static final List<String> ACCESS = List.of("RW", "RDONLY", "NOACCESS");
  private static final int MOST_EXTENTS = 4096;
  private static final int MOST_DIGITS = 15;
  private static final String PARENT_HINT = "parentfilenamehint";
  private static final long NO_PARENT = 0xffffffffL;
  private static final Set<String> ONCE =
      Set.of("createType", "CID", "parentCID", "version", "parentFileNameHint");

  VmdkDescriptor {
    extents = List.copyOf(extents);
  }

  static VmdkDescriptor readFile(ImageBytes file) {
    if (file.size() > LONGEST) {
      throw ImageRefusedException.tooLarge(
          file.path(), LONGEST, "a descriptor of %d bytes".formatted(file.size()));
    }
    ByteBuffer bytes = file.upTo(0, (int) file.size());
    String text = textOf(bytes);
    for (int i = text.length(); i < bytes.limit(); i++) {
      if (bytes.get(i) != 0) {
        throw ImageRefusedException.corrupt(file.path(), i, "text goes on behind a NUL byte");
      }
    }
    return parse(file.path(), 0, text);
  }

  /** What stands before the first NUL, one char for each byte. */
  static String textOf(ByteBuffer bytes) {
    int end = 0;
    while (end < bytes.limit() && bytes.get(end) != 0) {
      end++;
    }
    return new String(bytes.array(), 0, end, StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads the text.
   *
   * @param at where it starts in the file, in bytes, for messages
   */
  static VmdkDescriptor parse(Path path, long at, String text) {
    return new Parser(path, at, false).parse(text);
  }

  /**
   * Reads the text within a sparse file, whose one extent is that file. Exports of VMware call it
   * RDONLY, and QEMU passes it over.
   *
   * @param at where it starts in the file, in bytes, for messages
   */
  static VmdkDescriptor parseEmbedded(Path path, long at, String text) {
    return new Parser(path, at, true).parse(text);
  }

  /** Holds the place for messages while the lines go by. */
  private static final class Parser {

    private final Path path;
    private final long start;
    private final boolean embedded;
    private final Map<String, String> values = new HashMap<>();
    private final List<Extent> extents = new ArrayList<>();
    private long at;
    private boolean lineBeforeIsBlank;

    Parser(Path path, long start, boolean embedded) {
      this.embedded = embedded;
      this.path = path;
      this.start = start;
      this.at = start;
    }

    VmdkDescriptor parse(String text) {
      int from = 0;
      while (from < text.length()) {
        int end = text.indexOf('\n', from);
        end = end < 0 ? text.length() : end;
        at = start + from;
        String line = stripped(text.substring(from, end));
        line(line);
        lineBeforeIsBlank = line.isEmpty();
        from = end + 1;
      }
      at = start;
      String createType = unquoted(values.get("createType"));
      if (createType.isEmpty()) {
        throw corrupt("the descriptor states no createType");
      }
      // QEMU takes the first mention, even one within a comment or a longer key.
      int mention = text.indexOf("createType=\"");
      if (mention < 0 || text.indexOf("createType=\"", mention + 1) >= 0) {
        throw corrupt("createType must be stated once, as createType=\"…\"");
      }
      return new VmdkDescriptor(createType, extents, lineage(text));
    }

    private VmdkLineage lineage(String text) {
      OptionalLong parent = contentId("parentCID");
      boolean tied = parent.isPresent() && parent.getAsLong() != NO_PARENT;
      String hint = unquoted(values.get("parentFileNameHint"));
      int mention = text.toLowerCase(Locale.ROOT).indexOf(PARENT_HINT);
      // QEMU opens what follows this word wherever it stands, even in a comment.
      if (mention >= 0 && !text.startsWith("parentFileNameHint=\"" + hint + '"', mention)
          || text.toLowerCase(Locale.ROOT).indexOf(PARENT_HINT, mention + 1) >= 0 && mention >= 0) {
        throw corrupt("a parent must be named once, as parentFileNameHint=\"…\"");
      }
      if (tied && hint.isEmpty()) {
        throw ImageRefusedException.hasParent(
            path,
            start + Math.max(0, text.indexOf("parentCID")),
            "the disk is a snapshot or linked clone, and its parent is not named");
      }
      if (!tied && mention >= 0) {
        throw corrupt("a parent is named, and parentCID says that there is none");
      }
      return new VmdkLineage(
          contentId("CID"),
          tied ? Optional.of(new VmdkLineage.Parent(hint, parent.getAsLong())) : Optional.empty());
    }

    private OptionalLong contentId(String key) {
      String value = values.get(key);
      if (value == null) {
        return OptionalLong.empty();
      }
      if (!value.matches("[0-9a-fA-F]{1,8}")) {
        throw corrupt("%s is \"%s\"".formatted(key, Printable.of(value)));
      }
      return OptionalLong.of(Long.parseLong(value, 16));
    }

    /** Spaces and tabs are the only white space that all readers agree on. */
    private String stripped(String line) {
      String text = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
      if (text.chars().anyMatch(c -> c < 0x20 && c != '\t')) {
        throw corrupt("a control character in the line \"%s\"".formatted(Printable.of(text)));
      }
      return text.strip();
    }

    private void line(String line) {
      if (line.isEmpty() || line.startsWith("#")) {
        return;
      }
      Optional<String> access =
          ACCESS.stream()
              .filter(
                  word ->
                      line.equals(word)
                          || line.startsWith(word + " ")
                          || line.startsWith(word + "\t"))
              .findFirst();
      if (access.isPresent()) {
        extent(access.get(), line);
      } else {
        keyAndValue(line);
      }
    }

    private void keyAndValue(String line) {
      int equals = line.indexOf('=');
      String key = equals < 0 ? "" : line.substring(0, equals).strip();
      if (key.isEmpty() || !key.chars().allMatch(Parser::keyCharacter)) {
        throw corrupt(
            "the line \"%s\" is no comment, no key=value and no extent"
                .formatted(Printable.of(line)));
      }
      if (values.put(key, line.substring(equals + 1).strip()) != null && ONCE.contains(key)) {
        throw corrupt("%s is stated twice".formatted(key));
      }
    }

    private static boolean keyCharacter(int c) {
      return c < 0x80 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-');
    }

    private void extent(String access, String line) {
      if (lineBeforeIsBlank) {
        throw ImageRefusedException.unsupported(
            path,
            "offset %d: an empty line stands before an extent line".formatted(at),
            "Remove that line from a copy of the descriptor: QEMU would read the extent twice.");
      }
      if (extents.size() == MOST_EXTENTS) {
        throw ImageRefusedException.tooLarge(
            path, at, "more than %d extents".formatted(MOST_EXTENTS));
      }
      int quote = line.indexOf('"');
      String[] words = (quote < 0 ? line : line.substring(0, quote)).strip().split("[ \\t]+", 5);
      String type = words.length == 3 ? words[2] : "";
      boolean read = access.equals("RW") || embedded && access.equals("RDONLY");
      if (!read || type.equals("ZERO")) {
        throw ImageRefusedException.unsupported(
            path,
            "offset %d: the extent \"%s\" is %s"
                .formatted(at, Printable.of(line), read ? "all zeros" : "not RW"),
            "Clone the disk to monolithicSparse: QEMU would leave that part out and shift the rest.");
      }
      if (words.length != 3) {
        throw corrupt("the extent line \"%s\" lacks a field".formatted(Printable.of(line)));
      }
      // QEMU needs the space: without it, it passes the line over.
      boolean apart = quote > 0 && Character.isWhitespace(line.charAt(quote - 1));
      int endQuote = apart ? line.indexOf('"', quote + 1) : -1;
      if (endQuote < 0) {
        throw corrupt("the extent line \"%s\" lacks a name".formatted(Printable.of(line)));
      }
      String name = line.substring(quote + 1, endQuote);
      refuseRawDevice(type, name);
      Type known = known(type);
      long sectors = number(words[1], "size");
      if (sectors == 0) {
        throw corrupt("an extent of 0 sectors");
      }
      extents.add(new Extent(sectors, known, name, offset(known, line.substring(endQuote + 1))));
    }

    private void refuseRawDevice(String type, String name) {
      if (type.startsWith("VMFSRDM") || type.startsWith("VMFSRAW")) {
        throw ImageRefusedException.extentNotRegular(path, name, "a raw device mapping");
      }
    }

    private Type known(String type) {
      for (Type known : Type.values()) {
        if (known.name().equals(type)) {
          return known;
        }
      }
      throw ImageRefusedException.unsupported(
          path,
          "offset %d: an extent of type %s".formatted(at, Printable.of(type)),
          "Clone the disk to monolithicSparse or streamOptimized.");
    }

    private long offset(Type type, String behindName) {
      String rest = behindName.strip();
      if (type == Type.FLAT) {
        return number(rest, "offset");
      }
      if (!rest.isEmpty()) {
        throw corrupt("\"%s\" behind the extent's name".formatted(Printable.of(rest)));
      }
      return 0;
    }

    private long number(String digits, String what) {
      if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        throw corrupt("the extent's %s is \"%s\"".formatted(what, Printable.of(digits)));
      }
      if (digits.length() > MOST_DIGITS) {
        throw ImageRefusedException.tooLarge(
            path, at, "the extent's %s is %s sectors".formatted(what, Printable.of(digits)));
      }
      return Long.parseLong(digits);
    }

    private static String unquoted(String value) {
      boolean quoted = value != null && value.length() > 2 && value.matches("\"[^\"]*\"");
      return quoted ? value.substring(1, value.length() - 1) : "";
    }

    private ImageRefusedException corrupt(String found) {
      return ImageRefusedException.corrupt(path, at, found);
    }
  }
}
