package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /etc/crypttab}: the second column gets names that hold on every hypervisor. A volume that
 * is encrypted with a new random key at each boot has no UUID that lasts, so it gets {@code
 * PARTUUID=}; a wrong name there would overwrite another partition.
 */
public final class Crypttab {

  /** Path of the file inside a guest. */
  public static final String FILE = "/etc/crypttab";

  private static final String RULE = "crypttab.stabilize";
  private static final int COLUMNS = 4;
  private static final Set<String> RANDOM_KEYS =
      Set.of("/dev/urandom", "/dev/random", "/dev/hwrng");
  private static final Set<String> KEYLESS_OPTIONS = Set.of("plain", "swap", "tmp");
  private static final Set<String> MAY_BE_MISSING = Set.of("nofail", "noauto");

  /**
   * A row.
   *
   * @param line its number, from 1
   * @param name the name of the opened volume
   * @param source the device that is encrypted
   * @param key the file with its key, or what else is said of it; empty if nothing is
   */
  public record Row(int line, String name, String source, String key) {

    /** Whether the key is a file of the guest's own. */
    public boolean hasKeyFile() {
      return key.startsWith("/") && !key.startsWith("/dev/");
    }
  }

  private Crypttab() {}

  /** The rows that name a device. */
  public static List<Row> rows(String text) {
    List<Row> rows = new ArrayList<>();
    TextEdit lines = new TextEdit(FILE, text);
    for (int line = 0; line < lines.lineCount(); line++) {
      List<Columns.Column> columns =
          Columns.of(text, lines.lineStart(line), lines.lineEnd(line), COLUMNS);
      if (columns.size() >= 2) {
        rows.add(
            new Row(
                line + 1,
                columns.get(0).value(),
                columns.get(1).value(),
                columns.size() > 2 ? columns.get(2).value() : ""));
      }
    }
    return rows;
  }

  /** Gives the source devices stable names; one that cannot be resolved stays, with a warning. */
  public static Edited stabilize(String text, GuestDisks disks) {
    TextEdit edit = new TextEdit(FILE, text);
    for (int line = 0; line < edit.lineCount(); line++) {
      List<Columns.Column> columns =
          Columns.of(text, edit.lineStart(line), edit.lineEnd(line), COLUMNS);
      if (columns.size() >= 2) {
        row(edit, columns, disks);
      }
    }
    return edit.result();
  }

  private static void row(TextEdit edit, List<Columns.Column> columns, GuestDisks disks) {
    Columns.Column source = columns.get(1);
    String device = source.value();
    String key = columns.size() > 2 ? columns.get(2).value() : "";
    List<String> options =
        columns.size() > 3 ? List.of(columns.get(3).value().split(",")) : List.of();
    DeviceNames.unstableIn(key)
        .ifPresent(
            name ->
                edit.warn(
                    source.start(),
                    "the key is read from " + name + ", which can change; it stays"));
    for (String option : options) {
      DeviceNames.unstableIn(option)
          .ifPresent(
              name ->
                  edit.warn(
                      source.start(),
                      "the option %s names %s, which can change; it stays"
                          .formatted(option, name)));
    }
    if (!DeviceNames.isUnstable(device)) {
      stays(edit, source, options, disks);
      return;
    }
    boolean headerless =
        RANDOM_KEYS.contains(key) || options.stream().anyMatch(KEYLESS_OPTIONS::contains);
    Optional<GuestPartition> partition = disks.resolve(device);
    Optional<String> caution = disks.caution(device, columns.get(0).value());
    Optional<String> problem =
        partition.isEmpty()
            ? Optional.of(disks.whyUnresolved(device))
            : wrongContent(partition.get(), headerless)
                // The guest would overwrite what it is not.
                .or(() -> headerless ? caution : Optional.empty());
    Optional<String> name =
        partition.flatMap(p -> headerless ? disks.partUuidName(p) : disks.stableName(p));
    if (problem.isEmpty() && name.isEmpty()) {
      problem =
          Optional.of(
              "it is "
                  + partition.get().place()
                  + ", which has no unique "
                  + (headerless ? "PARTUUID" : "UUID or PARTUUID"));
    }
    if (problem.isPresent()) {
      edit.leave(source.start(), problem.get());
      edit.warn(
          source.start(), device + " for " + columns.get(0).value() + " stays: " + problem.get());
      return;
    }
    edit.replace(
        source.start(),
        source.end(),
        name.get(),
        RULE,
        device + " can change between hypervisors; it is " + partition.get().place());
    caution.ifPresent(text -> edit.warn(source.start(), text));
  }

  private static Optional<String> wrongContent(GuestPartition partition, boolean headerless) {
    String type = partition.fsType();
    boolean fits =
        headerless
            ? type.isEmpty() || type.equals("swap")
            : type.isEmpty() || type.equals("crypto_LUKS") || type.equals("BitLocker");
    return fits
        ? Optional.empty()
        : Optional.of("it would be " + partition.place() + ", which is no encrypted volume");
  }

  private static void stays(
      TextEdit edit, Columns.Column source, List<String> options, GuestDisks disks) {
    String device = source.value();
    if (StableReference.resolvesToNothing(device, disks)) {
      String problem = device + " leads to no device of this VM, or to several";
      edit.leave(source.start(), problem);
      if (options.stream().noneMatch(MAY_BE_MISSING::contains)) {
        edit.warn(source.start(), problem + "; the guest would wait for it at boot");
      }
      return;
    }
    edit.leave(source.start(), DeviceNames.whyItStays(device, ""));
  }
}
