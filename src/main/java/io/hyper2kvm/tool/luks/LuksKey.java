package io.hyper2kvm.tool.luks;

import io.hyper2kvm.text.Glob;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A key that the configuration names for some encrypted volumes. It holds where the key is, never
 * the key.
 *
 * @param vm pattern of the VMs' names
 * @param device pattern of the volumes, of which one name must fit: the UUID of the container, its
 *     place ({@code disk2}, {@code disk1-partition3}), its label, or the name of the volume that it
 *     lies on ({@code /dev/vg/lv}); without regard to capitals
 * @param file the file that holds the key, absolute; empty where it is a credential
 * @param credential the name of a systemd credential; empty where it is a file
 */
public record LuksKey(Glob vm, Glob device, Optional<Path> file, Optional<String> credential) {

  private static final String VM = "vm";
  private static final String DEVICE = "device";
  private static final String KEY_FILE = "key_file";
  private static final String CREDENTIAL = "credential";

  /** The fields that may be written. */
  public static final List<String> FIELDS = List.of(VM, DEVICE, KEY_FILE, CREDENTIAL);

  /** What may be written, as the end of a sentence. */
  public static final String SYNTAX =
      "vm, device, and key_file or credential: as a mapping, or as one text of vm=PATTERN;"
          + " device=PATTERN; key_file=PATH (or credential=NAME)";

  private static final Pattern VM_PATTERN = Pattern.compile("[A-Za-z0-9._*?-]{1,200}");
  private static final Pattern DEVICE_PATTERN = Pattern.compile("[A-Za-z0-9._+:/@*?-]{1,200}");
  private static final Pattern CREDENTIAL_NAME = Pattern.compile("[A-Za-z0-9._-]{1,200}");

  public LuksKey {
    Objects.requireNonNull(vm, VM);
    Objects.requireNonNull(device, DEVICE);
    if (file.isPresent() == credential.isPresent()) {
      throw new IllegalArgumentException("neither or both of a file and a credential");
    }
    if (file.filter(path -> !path.isAbsolute()).isPresent()) {
      throw new IllegalArgumentException("file is not absolute: " + file.get());
    }
  }

  /**
   * Reads the one text of {@link #SYNTAX}.
   *
   * @param base the folder that a relative path starts from; absolute
   * @throws IllegalArgumentException for anything else
   */
  public static LuksKey parse(String text, Path base) {
    Map<String, String> fields = fields(text);
    return new LuksKey(
        glob(VM_PATTERN, fields.get(VM)),
        glob(DEVICE_PATTERN, fields.getOrDefault(DEVICE, "*")),
        Optional.ofNullable(fields.get(KEY_FILE)).map(path -> path(path, base)),
        Optional.ofNullable(fields.get(CREDENTIAL)).map(LuksKey::credentialName));
  }

  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String part : text.split(";", -1)) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? "" : part.substring(0, equals).strip();
      if (!FIELDS.contains(name)
          || fields.putIfAbsent(name, part.substring(equals + 1).strip()) != null) {
        throw new IllegalArgumentException("not " + SYNTAX);
      }
    }
    return fields;
  }

  private static Glob glob(Pattern allowed, String text) {
    if (text == null || !allowed.matcher(text).matches()) {
      throw new IllegalArgumentException("not a pattern");
    }
    return new Glob(text);
  }

  private static Path path(String text, Path base) {
    // No shell reads it: this would name a file in a folder called "~".
    if (text.isEmpty() || text.startsWith("~") || text.startsWith("$") || !isPlain(text)) {
      throw new IllegalArgumentException("not a path");
    }
    try {
      return base.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean isPlain(String text) {
    return text.chars().noneMatch(c -> c < ' ' || c == 0x7f) && !text.endsWith("/");
  }

  private static String credentialName(String text) {
    if (!CREDENTIAL_NAME.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("not the name of a credential");
    }
    return text;
  }

  /**
   * Whether it may be tried.
   *
   * @param vmName the VM's name
   * @param names what the volume is called
   */
  public boolean isFor(String vmName, Collection<String> names) {
    Glob lower = new Glob(device.pattern().toLowerCase(Locale.ROOT));
    return vm.matches(vmName)
        && names.stream().anyMatch(name -> lower.matches(name.toLowerCase(Locale.ROOT)));
  }

  /** What it is called in a message: never the key itself. */
  public String source() {
    return file.map(path -> KEY_FILE + " " + path).orElseGet(() -> CREDENTIAL + " " + name());
  }

  private String name() {
    return credential.orElseThrow();
  }

  /** As it is read. */
  @Override
  public String toString() {
    return "vm=%s; device=%s; %s"
        .formatted(
            vm,
            device,
            file.map(path -> KEY_FILE + "=" + path).orElseGet(() -> CREDENTIAL + "=" + name()));
  }
}
