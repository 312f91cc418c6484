package io.hyper2kvm.image.vmdk;

import io.hyper2kvm.image.ImageRefusedException;
import io.hyper2kvm.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rule for the names of extents: one plain file name, so that nothing else is ever opened. */
public final class VmdkExtentName {

  private static final Pattern EXTENT =
      Pattern.compile("(.+)-(flat|delta|sesparse|rdm|rdmp|f\\d{3}|s\\d{3})\\.vmdk");

  /** The longest file name on Linux, in bytes. */
  private static final int LONGEST = 255;

  private VmdkExtentName() {}

  /** How VMware would call the descriptor of an extent with this name; empty for other names. */
  public static Optional<String> descriptor(Path extent) {
    Matcher matcher = EXTENT.matcher(extent.getFileName().toString());
    return matcher.matches() ? Optional.of(matcher.group(1) + ".vmdk") : Optional.empty();
  }

  /** What to do with a file that holds an extent's data alone. */
  public static String hint(Path extent) {
    return descriptor(extent)
        .map(
            name ->
                "This is the data of a disk, not its descriptor: name %s instead."
                    .formatted(Printable.of(name)))
        .orElse("Name the disk's descriptor, the small text file beside it.");
  }

  /**
   * The name, decoded.
   *
   * @param name one char for each byte, as {@link VmdkDescriptor} reads it
   */
  static String checkPlain(Path descriptor, String name) {
    String decoded = decoded(descriptor, name);
    boolean plain =
        !name.isEmpty()
            && name.length() <= LONGEST
            && !name.equals(".")
            && !name.equals("..")
            // A colon makes a protocol of what stands before it, a backslash a Windows path.
            && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < 0x20);
    if (!plain) {
      throw ImageRefusedException.extentOutside(descriptor, decoded);
    }
    return decoded;
  }

  /** A name's bytes, one in each char, as UTF-8. */
  public static String decoded(Path descriptor, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw ImageRefusedException.unsupported(
          descriptor,
          "the name \"%s\" is not UTF-8".formatted(Printable.of(name)),
          "Rename the files to plain letters and write those names into the descriptor.");
    }
  }
}
