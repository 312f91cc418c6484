package io.hyper2kvm.stage.inspect.software;

import io.hyper2kvm.guest.boot.menu.StartedCommandLines;
import io.hyper2kvm.guest.cloud.CloudInit;
import io.hyper2kvm.guest.cloud.CloudUnits;
import io.hyper2kvm.guest.firstboot.GuestInit;
import io.hyper2kvm.guest.firstboot.RunOnce;
import io.hyper2kvm.guest.leftover.GuestTree;
import io.hyper2kvm.guest.leftover.LeftoverFix;
import io.hyper2kvm.guest.leftover.PackageManager;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The search in a mounted Linux guest for what its former hypervisor and clouds left. It may be
 * made twice: after packages were removed, less is there.
 */
public final class SoftwareSearch {

  private static final String CLOUD = "/etc/cloud";
  private static final String INSTANCE = "/var/lib/cloud/instance/datasource";
  private static final String INSTANCE_ID = "/var/lib/cloud/data/instance-id";
  private static final String CACHE = "/var/lib/cloud/instance/obj.pkl";
  private static final String TRUSTED = "/var/lib/cloud/instance/manual-clean";
  private static final String DISABLED = "/etc/cloud/cloud-init.disabled";
  private static final String POLICY = "/etc/cloud/ds-identify.cfg";
  private static final String UPGRADED = "/var/lib/cloud/data/upgraded-network";
  private static final String LINK = "link:";
  private static final String SIZE = "size:";
  private static final List<String> PROGRAMS =
      List.of("/usr/bin/cloud-init", "/bin/cloud-init", "/usr/local/bin/cloud-init");

  /** Names beyond that are not looked at; a real guest has some hundreds. */
  private static final int MAX_PATHS = 20_000;

  /** Files that are read at most; a real guest has some dozens. */
  private static final int MAX_FILES = 600;

  private static final int MAX_UNIT_BYTES = 64 << 10;
  private static final int MAX_TEXT_BYTES = 1 << 20;

  private final boolean whole;
  private final SortedSet<String> paths = new TreeSet<>();
  private final SortedMap<String, String> units = new TreeMap<>();
  private final SortedMap<String, String> texts = new TreeMap<>();
  private final Set<String> cloudUnits = new TreeSet<>();
  private final Set<String> cloudMasks = new TreeSet<>();
  private String initLink = "";
  private boolean searched;

  /**
   * A search.
   *
   * @param whole whether the files that may have to change are read as well
   */
  public SoftwareSearch(boolean whole) {
    this.whole = whole;
  }

  /** Asks for the names of files. */
  public GuestfishScript ask() {
    GuestfishScript script = new GuestfishScript();
    for (String marker : markers()) {
      script.ask(marker, "exists", marker);
    }
    for (String file : List.of(INSTANCE, INSTANCE_ID)) {
      script.read(file, file, MAX_UNIT_BYTES);
    }
    script.ask(CLOUD, "find", CLOUD);
    for (String mask : CloudUnits.MASKS) {
      script.ask(LINK + mask, "readlink", mask).ask(SIZE + mask, "filesize", mask);
    }
    CloudUnits.PATTERNS.forEach(pattern -> script.ask(pattern, "glob-expand", pattern));
    if (whole) {
      script.ask(LINK + GuestInit.INIT, "readlink", GuestInit.INIT);
      LeftoverFix.FOLDERS.forEach(folder -> script.ask(folder, "find", folder));
      LeftoverFix.PATTERNS.forEach(pattern -> script.ask(key(pattern), "glob-expand", pattern));
    }
    return script;
  }

  private static String key(String pattern) {
    return "glob" + LeftoverFix.PATTERNS.indexOf(pattern);
  }

  private static List<String> markers() {
    List<String> markers = new ArrayList<>(LeftoverFix.markers());
    markers.addAll(PROGRAMS);
    markers.addAll(GuestInit.MARKERS);
    markers.addAll(List.of(CACHE, TRUSTED, DISABLED, UPGRADED));
    Stream.of(PackageManager.values())
        .forEach(
            manager -> {
              markers.addAll(manager.programs());
              markers.addAll(manager.databases());
            });
    return markers;
  }

  /**
   * Takes the names, and adds the turn that reads the files.
   *
   * @param systemd whether systemd is the guest's init
   * @param read takes the files that may be changed: path and text
   */
  public void take(
      GuestfishAnswers answers,
      boolean systemd,
      GuestfishSession session,
      BiConsumer<String, String> read) {
    searched = true;
    initLink = answers.text(LINK + GuestInit.INIT).strip();
    markers().stream().filter(answers::isTrue).forEach(paths::add);
    for (String folder : folders()) {
      for (String line : answers.text(folder).split("\n")) {
        add(folder + (line.startsWith("/") ? line : "/" + line), line);
      }
    }
    LeftoverFix.PATTERNS.forEach(
        pattern -> answers.lines(key(pattern)).forEach(line -> add(line, line)));
    CloudUnits.PATTERNS.forEach(pattern -> cloudUnits.addAll(answers.lines(pattern)));
    for (String mask : CloudUnits.MASKS) {
      if (answers.text(LINK + mask).strip().equals("/dev/null")
          || answers.text(SIZE + mask).strip().equals("0")) {
        cloudMasks.add(mask);
      }
    }
    for (String file : List.of(INSTANCE, INSTANCE_ID)) {
      units.put(file, answers.bytesAsText(file));
    }
    GuestTree tree = new GuestTree(new TreeMap<>(), paths, systemd, initLink);
    List<String> unitFiles =
        whole ? LeftoverFix.units(tree).stream().limit(MAX_FILES).toList() : List.of();
    List<String> textFiles = textFiles(tree);
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          unitFiles.forEach(file -> script.read(file, file, MAX_UNIT_BYTES));
          textFiles.forEach(file -> script.read(file, file, MAX_TEXT_BYTES));
          return script;
        },
        found -> {
          unitFiles.stream()
              .filter(found::has)
              .forEach(file -> units.put(file, found.bytesAsText(file)));
          textFiles.stream()
              .filter(found::has)
              .forEach(
                  file -> {
                    texts.put(file, found.bytesAsText(file));
                    read.accept(file, found.bytesAsText(file));
                  });
        });
  }

  private List<String> folders() {
    List<String> folders = new ArrayList<>(List.of(CLOUD));
    if (whole) {
      folders.addAll(LeftoverFix.FOLDERS);
    }
    return folders;
  }

  /** One whose name has no characters but those of UTF-8 can be named to the appliance again. */
  private void add(String path, String line) {
    if (!line.isEmpty() && path.indexOf('\ufffd') < 0 && paths.size() < MAX_PATHS) {
      paths.add(path);
    }
  }

  private List<String> textFiles(GuestTree tree) {
    Set<String> files = new LinkedHashSet<>();
    if (whole) {
      files.addAll(LeftoverFix.texts(tree));
      files.addAll(RunOnce.FILES);
    }
    paths.stream()
        .filter(path -> path.startsWith(CLOUD + "/") && path.endsWith(".cfg"))
        .forEach(files::add);
    return files.stream().limit(MAX_FILES).toList();
  }

  /**
   * What was found.
   *
   * @param others further texts of the guest, such as its fstab and its boot loader's
   * @param labels the labels of its file systems
   */
  public FoundSoftware found(
      SortedMap<String, String> others, boolean systemd, Set<String> labels) {
    if (!searched) {
      return FoundSoftware.NOTHING;
    }
    SortedMap<String, String> all = new TreeMap<>(others);
    all.putAll(units);
    all.putAll(texts);
    all.remove(INSTANCE);
    all.remove(INSTANCE_ID);
    return new FoundSoftware(
        Optional.of(new GuestTree(all, paths, systemd, initLink)), cloud(others, systemd, labels));
  }

  private CloudInit cloud(Map<String, String> others, boolean systemd, Set<String> labels) {
    List<String> commandLines = StartedCommandLines.of(others);
    SortedMap<String, String> settings = new TreeMap<>(texts);
    settings.keySet().removeIf(file -> !file.startsWith(CLOUD + "/"));
    boolean enabled =
        PROGRAMS.stream().anyMatch(paths::contains)
            && !settings.isEmpty()
            && !CloudInit.isOff(
                paths.contains(DISABLED), settings.getOrDefault(POLICY, ""), commandLines)
            && !(systemd && CloudUnits.isOff(cloudUnits, cloudMasks));
    return CloudInit.of(
        enabled,
        units.get(INSTANCE),
        units.get(INSTANCE_ID),
        paths.contains(CACHE),
        paths.contains(TRUSTED),
        paths.contains(UPGRADED)
            || StartedCommandLines.allSay(commandLines, "network-config=disabled"),
        labels,
        settings);
  }
}
