package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.image.Lineage;
import io.hyper2kvm.image.vmdk.VmdkDescriptor.Extent;
import io.hyper2kvm.image.vmdk.VmdkDescriptor.Type;
import io.hyper2kvm.text.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a VMDK's descriptor line by line, and holds the place for messages meanwhile. */
final class VmdkDescriptorParser {

  private static final List<String> ACCESS = List.of("RW", "RDONLY", "NOACCESS");
  private static final int MOST_EXTENTS = 4096;
  private static final int MOST_DIGITS = 15;
  private static final String PARENT_HINT = "parentfilenamehint";
  private static final String NO_PARENT = "ffffffff";
  private static final Set<String> ONCE =
      Set.of("createType", "CID", "parentCID", "version", "parentFileNameHint");

  private final Path path;
  private final long start;
  private final boolean embedded;
  private final Map<String, String> values = new HashMap<>();
  private final List<Extent> extents = new ArrayList<>();
  private long at;
  private boolean lineBeforeIsBlank;

  /**
   * A parser of one text.
   *
   * @param start where the text starts in the file, in bytes, for messages
   * @param embedded whether it stands within a sparse file, whose one extent is that file
   */
  VmdkDescriptorParser(Path path, long start, boolean embedded) {
    this.path = path;
    this.start = start;
    this.embedded = embedded;
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

  private Lineage lineage(String text) {
    Optional<String> parent = contentId("parentCID").filter(id -> !id.equals(NO_PARENT));
    boolean tied = parent.isPresent();
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
    return new Lineage(
        contentId("CID"), parent.map(id -> new Lineage.Parent(List.of(hint), List.of(id))));
  }

  /** A number of 32 bits, as descriptors write it. */
  private Optional<String> contentId(String key) {
    String value = values.get(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.matches("[0-9a-fA-F]{1,8}")) {
      throw corrupt("%s is \"%s\"".formatted(key, Printable.of(value)));
    }
    return Optional.of("%08x".formatted(Long.parseLong(value, 16)));
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
    if (key.isEmpty() || !key.chars().allMatch(VmdkDescriptorParser::keyCharacter)) {
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
