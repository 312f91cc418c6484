package io.hyper2kvm.guest.boot;

import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.KeywordLine;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a kernel becomes the one that a guest's boot loader starts by itself: by Photon's link {@code
 * photon.cfg}, or by {@code saved_entry} where GRUB reads entries of the boot loader specification.
 * Where GRUB starts its first entry, it is only told whether that is the kernel's.
 */
public final class DefaultKernel {

  /** Photon's environment block with its kernel's name; a link to the kernel's own file. */
  public static final String PHOTON = "/boot/photon.cfg";

  private static final Pattern LEGACY_DEFAULT =
      Pattern.compile("(?m)^[ \t]{0,9}default[ \t=]{1,9}([0-9]{1,3})[ \t]{0,9}$");

  /** What there is to do. */
  public enum Way {
    /** Nothing: the kernel is the default. */
    ALREADY,
    /** A file changes. */
    EDIT,
    /** {@link DefaultKernel#PHOTON} gets another target. */
    LINK,
    /** It is not known how. */
    REFUSED
  }

  /**
   * What makes a kernel the default.
   *
   * @param way what there is to do
   * @param edit the file that changes
   * @param detail the link's new target, or why it is not known how; else empty
   */
  public record Choice(Way way, Optional<Edited> edit, String detail) {

    public Choice {
      Objects.requireNonNull(way, "way");
      Objects.requireNonNull(edit, "edit");
      Objects.requireNonNull(detail, "detail");
    }

    private static Choice of(Way way, String detail) {
      return new Choice(way, Optional.empty(), detail);
    }
  }

  private DefaultKernel() {}

  /**
   * What makes this kernel the default.
   *
   * @param texts the guest's files by path
   * @param image the kernel's path
   */
  public static Choice of(Map<String, String> texts, String image) {
    String name = image.substring(image.lastIndexOf('/') + 1);
    List<String> configs =
        texts.keySet().stream()
            .filter(file -> BootFile.of(file).equals(Optional.of(BootFile.GRUB_CONFIG)))
            .filter(BootFile::isEntry)
            .filter(file -> isMenu(texts.get(file)))
            .toList();
    if (configs.size() != 1) {
      return Choice.of(Way.REFUSED, "it has %d menus of GRUB, not one".formatted(configs.size()));
    }
    String config = texts.get(configs.get(0));
    if (texts.containsKey(PHOTON) && config.contains("photon.cfg")) {
      return photon(texts.get(PHOTON), name);
    }
    return GrubConfig.loads(config).blsEntries()
        ? savedEntry(texts, config, name)
        : firstEntry(configs.get(0), config, name);
  }

  private static boolean isMenu(String config) {
    GrubConfig.Loads loads = GrubConfig.loads(config);
    return loads.kernels() || loads.blsEntries();
  }

  private static Choice photon(String text, String name) {
    if (namesPhotonKernel(text, name)) {
      return Choice.of(Way.ALREADY, "");
    }
    return name.startsWith("vmlinuz-")
        ? Choice.of(Way.LINK, "linux-" + name.substring("vmlinuz-".length()) + ".cfg")
        : Choice.of(Way.REFUSED, "%s names its kernels in another way".formatted(PHOTON));
  }

  /** Whether a block of Photon's starts this kernel. */
  public static boolean namesPhotonKernel(String text, String name) {
    return text.lines().map(String::strip).anyMatch(("photon_linux=" + name)::equals);
  }

  private static Choice savedEntry(Map<String, String> texts, String config, String name) {
    List<String> ids = new ArrayList<>();
    List<String> blocks = new ArrayList<>();
    texts.forEach(
        (file, text) -> {
          BootFile kind = BootFile.of(file).orElse(BootFile.DEVICE_MAP);
          if (kind == BootFile.BLS_ENTRY && boots(text, name)) {
            String base = file.substring(file.lastIndexOf('/') + 1);
            ids.add(base.substring(0, base.toLowerCase(Locale.ROOT).lastIndexOf(".conf")));
          } else if (kind == BootFile.GRUB_ENVIRONMENT && !file.equals(PHOTON)) {
            blocks.add(file);
          }
        });
    if (ids.size() != 1 || blocks.size() != 1 || !config.contains("${saved_entry}")) {
      return Choice.of(
          Way.REFUSED,
          "it has %d entries for that kernel and %d environment blocks, or starts no saved entry"
              .formatted(ids.size(), blocks.size()));
    }
    String file = blocks.get(0);
    Edited edited =
        GrubEnv.with(
            file,
            texts.get(file),
            "saved_entry",
            ids.get(0),
            "the kernel that was started before has no virtio drivers");
    if (!edited.failures().isEmpty()) {
      return Choice.of(Way.REFUSED, edited.failures().get(0));
    }
    return edited.changed()
        ? new Choice(Way.EDIT, Optional.of(edited), "")
        : Choice.of(Way.ALREADY, "");
  }

  private static boolean boots(String entry, String name) {
    TextEdit edit = new TextEdit("", entry);
    for (int line = 0; line < edit.lineCount(); line++) {
      KeywordLine words = KeywordLine.of(edit, line);
      if (words.keyword().equals("linux")
          && ("/" + entry.substring(words.rest(), words.end()).strip()).endsWith("/" + name)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this menu of GRUB's starts its first entry by itself. */
  public static boolean isFirstEntry(String config) {
    List<String> defaults = defaults(config);
    return defaults.isEmpty() || defaults.equals(List.of("0"));
  }

  private static List<String> defaults(String config) {
    List<String> defaults = new ArrayList<>();
    for (GrubScript.Statement statement : GrubScript.statements(new TextEdit("", config))) {
      if (statement.kind() == GrubScript.Kind.SET && statement.name().equals("default")) {
        defaults.add(
            config.substring(statement.start(), statement.end()).strip().replaceAll("[\"']", ""));
      }
    }
    defaults.remove("${next_entry}"); // for one start only
    Matcher legacy = LEGACY_DEFAULT.matcher(config);
    if (defaults.isEmpty() && legacy.find()) {
      defaults.add(legacy.group(1));
    }
    return defaults;
  }

  private static Choice firstEntry(String file, String config, String name) {
    List<String> defaults = defaults(config);
    List<GrubConfig.Entry> entries = GrubConfig.entries(config);
    boolean first = isFirstEntry(config);
    if (first && !entries.isEmpty() && entries.get(0).linuxPath().endsWith("/" + name)) {
      return Choice.of(Way.ALREADY, "");
    }
    return Choice.of(
        Way.REFUSED,
        "the default of %s is %s, and only its first entry is looked into"
            .formatted(file, first ? "its first entry, for another kernel" : defaults.toString()));
  }
}
