package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.windows.WindowsRelease;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.text.Printable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The search for a Windows on file systems of the type NTFS, and for what its registry says of it.
 * Names are found in any case, as Windows itself finds them.
 */
public final class WindowsSearch {

  private static final List<String> FOLDERS = List.of("/Windows", "/WINNT");
  private static final String CONFIG = "/System32/config/";
  private static final List<String> CURRENT_VERSION =
      List.of("Microsoft", "Windows NT", "CurrentVersion");
  private static final String PROCESSOR = "PROCESSOR_ARCHITECTURE";
  private static final String COMPUTER = "ComputerName";

  private final Consumer<String> warnings;
  private final GuestfishSession session;
  private boolean found;
  private String place = "";
  private String folder = "";
  private String softwareHive = "";
  private String systemHive = "";
  private final Map<String, String> values = new LinkedHashMap<>();
  private String processor = "";
  private String computer = "";

  /**
   * A search.
   *
   * @param warnings takes what an operator should know
   */
  public WindowsSearch(GuestfishSession session, Consumer<String> warnings) {
    this.session = session;
    this.warnings = warnings;
  }

  /**
   * Adds the turns.
   *
   * @param devices gives, when it is their turn, the file systems that may hold a Windows; the
   *     first one that does is taken
   */
  public void ask(Supplier<List<String>> devices) {
    session.then(() -> folders(devices.get()), answers -> hives(devices.get(), answers));
  }

  private static GuestfishScript folders(List<String> devices) {
    GuestfishScript script = new GuestfishScript();
    for (String device : devices) {
      script.run("mount-ro", device, "/");
      for (String folder : FOLDERS) {
        script
            .ask(device + folder, "case-sensitive-path", folder + CONFIG + "SOFTWARE")
            .ask(device + folder + "/system", "case-sensitive-path", folder + CONFIG + "SYSTEM");
      }
      script.run("umount-all");
    }
    return script;
  }

  private void hives(List<String> devices, GuestfishAnswers answers) {
    for (String device : devices) {
      for (String folder : FOLDERS) {
        String software = answers.text(device + folder).strip();
        String system = answers.text(device + folder + "/system").strip();
        if (!found && software.startsWith("/") && software.lines().count() == 1) {
          found = true;
          place = device;
          // The last two folders and the file are the hive's own.
          this.folder = software.replaceFirst("(/[^/]*){3}$", "");
          softwareHive = software;
          software(new Hive(session, device, software), software);
          if (system.startsWith("/") && system.lines().count() == 1) {
            systemHive = system;
            system(new Hive(session, device, system));
          }
        }
      }
    }
  }

  private void software(Hive hive, String path) {
    hive.open(
        root ->
            hive.key(
                root,
                CURRENT_VERSION,
                key -> hive.values(key, WindowsRelease.VALUES, values::putAll)),
        () -> {});
    session.then(
        GuestfishScript::new,
        nothing -> {
          if (values.isEmpty()) {
            warnings.accept(
                "%s: this hive of the registry cannot be read: edition and version of this Windows are not known"
                    .formatted(Printable.guestLine(path)));
          }
        });
  }

  /** The set of settings that the last start used has a number. */
  private void system(Hive hive) {
    hive.open(
        root ->
            hive.key(
                root,
                List.of("Select"),
                select ->
                    hive.values(
                        select,
                        List.of("Current"),
                        current -> settings(hive, root, current.getOrDefault("Current", "1")))),
        () -> {});
  }

  private void settings(Hive hive, String root, String current) {
    if (!current.matches("[0-9]{1,3}")) {
      return;
    }
    String set = "ControlSet%03d".formatted(Integer.parseInt(current));
    hive.key(
        root,
        List.of(set, "Control", "Session Manager", "Environment"),
        key ->
            hive.values(
                key, List.of(PROCESSOR), values -> processor = values.getOrDefault(PROCESSOR, "")));
    hive.key(
        root,
        List.of(set, "Control", COMPUTER, COMPUTER),
        key ->
            hive.values(
                key, List.of(COMPUTER), values -> computer = values.getOrDefault(COMPUTER, "")));
  }

  /** The Windows; empty when there is none, or when nobody looked. */
  public Optional<WindowsRelease> release() {
    return found().map(FoundWindows::release);
  }

  /** The same with its place. */
  public Optional<FoundWindows> found() {
    return found
        ? Optional.of(
            new FoundWindows(
                place,
                folder,
                softwareHive,
                systemHive,
                WindowsRelease.of(values, processor, computer)))
        : Optional.empty();
  }
}
