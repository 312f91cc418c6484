package io.hyper2kvm.guest.fstab;

import io.hyper2kvm.guest.disk.DeviceNames;
import io.hyper2kvm.guest.disk.GuestDisks;
import io.hyper2kvm.guest.disk.GuestPartition;
import io.hyper2kvm.guest.disk.StableReference;
import io.hyper2kvm.guest.edit.Columns;
import io.hyper2kvm.guest.edit.Edited;
import io.hyper2kvm.guest.edit.TextEdit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * {@code /etc/fstab}: device names that can change between hypervisors become {@code UUID=}, else
 * {@code PARTUUID=}. Only the first column changes.
 */
public final class Fstab {

  /** Path of the file inside a guest. */
  public static final String FILE = "/etc/fstab";

  /** Rows that are read; no real table comes near. */
  static final int MAX_ROWS = 4096;

  private static final String MAPPER = "/dev/mapper/";

  private static final int COLUMNS = 4;
  private static final Set<String> MAY_BE_MISSING = Set.of("nofail", "noauto");

  /** Which rows are asked to change. */
  public enum Mode {
    /** Every row whose device can change between hypervisors. */
    STABILIZE_ALL("fstab.stabilize-all"),
    /** Only rows that name {@code /dev/disk/by-path/}. */
    BYPATH_ONLY("fstab.bypath-only"),
    /** None. */
    NOOP("fstab.noop");

    private final String rule;

    Mode(String rule) {
      this.rule = rule;
    }
  }

  /**
   * One row, with octal escapes decoded and the defaults of fstab(5) for absent columns.
   *
   * @param line its number in the file, from 1
   * @param device first column
   * @param mountPoint second column
   * @param type third column, empty if absent
   * @param options fourth column, {@code defaults} if absent
   */
  public record Row(int line, String device, String mountPoint, String type, String options) {

    /** Whether the options hold this word. */
    public boolean hasOption(String option) {
      return List.of(options.split(",")).contains(option);
    }

    /** Whether it is the root file system's. */
    public boolean isRoot() {
      return mountPoint.equals("/");
    }

    boolean mayBeMissing() {
      return MAY_BE_MISSING.stream().anyMatch(this::hasOption);
    }

    boolean isOptical() {
      return type.contains("iso9660") || type.contains("udf");
    }
  }

  /** A row and where its device and its options stand in the text. */
  record Placed(Row row, int start, int end, int options, int optionsEnd) {}

  private Fstab() {}

  /**
   * Gives the rows that {@code mode} asks for names that hold on every hypervisor.
   *
   * @return a warning for each row that cannot be resolved, a failure if it is the root's
   */
  public static Edited stabilize(String text, GuestDisks disks, Mode mode) {
    TextEdit edit = new TextEdit(FILE, text);
    if (mode == Mode.NOOP) {
      edit.leaveFile("mode noop asks for no change");
      return edit.result();
    }
    List<Placed> rows = placedRows(edit);
    FstabDevices devices = new FstabDevices(text, rows.stream().map(Placed::row).toList(), disks);
    for (Placed placed : rows) {
      Row row = placed.row();
      Optional<GuestPartition> aliased = aliasedRoot(row, disks);
      if (aliased.isPresent() && mode == Mode.STABILIZE_ALL) {
        aliased(edit, placed, aliased.get(), disks);
      } else if (!DeviceNames.isUnstable(row.device())) {
        stays(edit, placed, disks);
      } else if (row.isOptical()) {
        edit.leave(placed.start(), "an optical drive, not a disk of this VM");
      } else if (mode == Mode.BYPATH_ONLY && !DeviceNames.isByPath(row.device())) {
        edit.leave(placed.start(), "mode bypath-only changes by-path names only");
      } else {
        stabilize(edit, placed, devices.resolve(row), mode);
      }
      if (mode == Mode.STABILIZE_ALL) {
        MountOptions.stabilize(
            edit, placed.options(), placed.optionsEnd(), row, mode.rule, devices::resolve);
      }
    }
    if (rows.size() == MAX_ROWS) {
      edit.warn(text.length(), "only the first " + MAX_ROWS + " rows were looked at");
    }
    return edit.result();
  }

  /** The rows of a table, at most 4096; comments and lines with a single column are no rows. */
  public static List<Row> rows(String text) {
    List<Row> rows = new ArrayList<>();
    for (Placed placed : placedRows(new TextEdit(FILE, text))) {
      rows.add(placed.row());
    }
    return rows;
  }

  /** The devices that are surely those of a table's rows, by the rows' mount points. */
  public static Map<String, GuestPartition> mounted(String text, GuestDisks disks) {
    List<Row> rows = rows(text);
    FstabDevices devices = new FstabDevices(text, rows, disks);
    Map<String, GuestPartition> mounted = new LinkedHashMap<>();
    for (Row row : rows) {
      devices.sure(row).ifPresent(device -> mounted.put(row.mountPoint(), device));
    }
    return mounted;
  }

  /** The disks with what a table tells of the names in it; the root must be known. */
  public static GuestDisks learned(String text, GuestDisks disks) {
    return TableNames.learned(text, rows(text), disks);
  }

  /**
   * The rows of a table that would not be found on another hypervisor, or not at all; and devices
   * in their options as rows.
   */
  public static List<Row> unresolved(String text, GuestDisks disks) {
    return rows(text).stream()
        .flatMap(row -> Stream.concat(Stream.of(row), MountOptions.unstable(row).stream()))
        .filter(row -> !(row.mayBeMissing() && StableReference.isGivenByRule(row.device())))
        .filter(row -> aliasedRoot(row, disks).filter(root -> root.disk() < 0).isEmpty())
        .filter(
            row ->
                DeviceNames.isUnstable(row.device())
                    || StableReference.resolvesToNothing(row.device(), disks))
        .toList();
  }

  private static void stabilize(
      TextEdit edit, Placed placed, FstabDevices.Resolution resolution, Mode mode) {
    Row row = placed.row();
    if (resolution.name().isEmpty()) {
      String problem = row.device() + " for " + row.mountPoint() + " stays: " + resolution.reason();
      edit.leave(placed.start(), resolution.reason());
      if (row.isRoot()) {
        edit.fail(placed.start(), problem);
      } else {
        edit.warn(placed.start(), problem);
      }
      return;
    }
    edit.replace(
        placed.start(), placed.end(), resolution.name().get(), mode.rule, resolution.reason());
    resolution.caution().ifPresent(caution -> edit.warn(placed.start(), caution));
  }

  /**
   * The root, where its row has a name that only the guest itself gives it: an alias of
   * multipath's, a link of a rule of udev's, an encrypted volume that was opened here by another
   * name.
   */
  private static Optional<GuestPartition> aliasedRoot(Row row, GuestDisks disks) {
    boolean alias =
        row.isRoot()
            && (row.device().startsWith(MAPPER) || StableReference.isGivenByRule(row.device()))
            && !DeviceNames.isUnstable(row.device())
            && StableReference.resolvesToNothing(row.device(), disks);
    return alias
        ? disks.root().filter(root -> root.disk() >= 0 || root.device().startsWith(MAPPER))
        : Optional.empty();
  }

  private static void aliased(TextEdit edit, Placed placed, GuestPartition root, GuestDisks disks) {
    Optional<String> name = disks.stableName(root).filter(found -> root.disk() >= 0);
    if (name.isEmpty()) {
      edit.leave(placed.start(), "the guest opens its root, " + root.place() + ", by this name");
      return;
    }
    edit.replace(
        placed.start(),
        placed.end(),
        name.get(),
        Mode.STABILIZE_ALL.rule,
        "the table lies on %s, which has another name on virtio".formatted(root.place()));
  }

  private static void stays(TextEdit edit, Placed placed, GuestDisks disks) {
    Row row = placed.row();
    if (StableReference.resolvesToNothing(row.device(), disks)) {
      String problem =
          row.device()
              + " for "
              + row.mountPoint()
              + " leads to no device of this VM, or to several";
      edit.leave(placed.start(), problem);
      if (!row.mayBeMissing()) {
        edit.warn(placed.start(), problem + "; the guest would wait for it at boot");
      }
      return;
    }
    edit.leave(placed.start(), DeviceNames.whyItStays(row.device(), row.type()));
  }

  private static List<Placed> placedRows(TextEdit edit) {
    List<Placed> rows = new ArrayList<>();
    for (int line = 0; line < edit.lineCount() && rows.size() < MAX_ROWS; line++) {
      int start = edit.lineStart(line);
      List<Columns.Column> columns = Columns.of(edit.text(), start, edit.lineEnd(line), COLUMNS);
      if (columns.size() >= 2) {
        boolean hasOptions = columns.size() == COLUMNS;
        rows.add(
            new Placed(
                new Row(
                    line + 1,
                    columns.get(0).value(),
                    columns.get(1).value(),
                    column(columns, 2, ""),
                    column(columns, 3, "defaults")),
                columns.get(0).start(),
                columns.get(0).end(),
                hasOptions ? columns.get(COLUMNS - 1).start() : start,
                hasOptions ? columns.get(COLUMNS - 1).end() : start));
      }
    }
    return rows;
  }

  private static String column(List<Columns.Column> columns, int index, String absent) {
    return index < columns.size() ? columns.get(index).value() : absent;
  }
}
