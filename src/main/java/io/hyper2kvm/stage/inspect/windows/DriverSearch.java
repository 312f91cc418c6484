package io.hyper2kvm.stage.inspect.windows;

import io.hyper2kvm.guest.boot.uefi.PeHeader;
import io.hyper2kvm.guest.windows.DriverFile;
import io.hyper2kvm.guest.windows.DriverReading;
import io.hyper2kvm.guest.windows.RegistryKeys;
import io.hyper2kvm.guest.windows.ServiceImage;
import io.hyper2kvm.guest.windows.VirtioDriver;
import io.hyper2kvm.guestfish.GuestfishAnswers;
import io.hyper2kvm.guestfish.GuestfishScript;
import io.hyper2kvm.guestfish.GuestfishSession;
import io.hyper2kvm.text.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads what a Windows's registry and folders say of the drivers that its disks and cards need. It
 * only reads; nothing is mounted before or after.
 */
public final class DriverSearch {

  private static final List<String> SERVICES =
      List.of("viostor", "vioscsi", "netkvm", "storahci", "msahci");
  private static final List<String> STAGED = List.of(".inf", ".sys", ".cat");
  private static final int HEADER_BYTES = 4096;

  /** A label or a configuration that a registry names; others are no names of keys. */
  private static final String NAME = "[ -~&&[^\\\\]]{1,200}";

  private final GuestfishSession session;
  private final FoundWindows windows;
  private RegistryKeys system = RegistryKeys.NONE;
  private RegistryKeys software = RegistryKeys.NONE;
  private String set = "";
  private boolean database;
  private final Map<String, DriverFile> files = new LinkedHashMap<>();
  private final List<String> defects = new ArrayList<>();

  /** A search in a Windows. */
  public DriverSearch(GuestfishSession session, FoundWindows windows) {
    this.session = session;
    this.windows = windows;
  }

  /**
   * Adds the turns.
   *
   * @param found takes what was read
   * @param refused takes the reason when the registry cannot be read
   */
  public void ask(Consumer<DriverReading> found, Consumer<String> refused) {
    if (windows.systemHive().isEmpty()) {
      session.then(
          GuestfishScript::new,
          nothing -> refused.accept("this Windows has no system hive beside its software hive"));
      return;
    }
    Hive systemHive = new Hive(session, windows.device(), windows.systemHive());
    systemHive.open(
        root -> select(systemHive, root), () -> defects.add(unreadable(windows.systemHive())));
    Hive softwareHive = new Hive(session, windows.device(), windows.softwareHive());
    softwareHive.open(
        root ->
            read(
                softwareHive,
                root,
                List.of(DriverReading.CURRENT_VERSION),
                keys -> software = keys),
        () -> defects.add(unreadable(windows.softwareHive())));
    session.then(this::askFiles, this::takeFiles);
    session.then(
        GuestfishScript::new,
        nothing -> {
          if (defects.isEmpty() && set.isEmpty()) {
            defects.add(
                "%s: the key Select names no set of settings"
                    .formatted(Printable.guestLine(windows.systemHive())));
          }
          if (defects.isEmpty()) {
            found.accept(new DriverReading(set, database, system, software, files));
          } else {
            refused.accept(String.join("; ", defects));
          }
        });
  }

  private static String unreadable(String hive) {
    return "%s: this hive of the registry cannot be read".formatted(Printable.guestLine(hive));
  }

  private static void read(
      Hive hive, String root, List<String> paths, Consumer<RegistryKeys> found) {
    hive.keys(root, paths, nodes -> hive.values(nodes, found));
  }

  /** The next start uses the set that Default names; Current names that of the last one. */
  private void select(Hive hive, String root) {
    read(
        hive,
        root,
        List.of("Select"),
        select -> {
          String next = select.value("Select", "Default").orElse("");
          String last = select.value("Select", "Current").orElse("");
          String number = next.isEmpty() ? last : next;
          if (number.matches("[0-9]{1,3}")) {
            set = controlSet(number);
            Set<String> sets = new LinkedHashSet<>(List.of(set));
            if (last.matches("[0-9]{1,3}")) {
              sets.add(controlSet(last));
            }
            services(hive, root, sets);
          }
        });
  }

  private static String controlSet(String number) {
    return "ControlSet%03d".formatted(Integer.parseInt(number));
  }

  private void services(Hive hive, String root, Set<String> sets) {
    List<String> paths = new ArrayList<>(List.of("DriverDatabase"));
    for (String one : sets) {
      for (String service : SERVICES) {
        paths.add(DriverReading.serviceKey(one, service));
        paths.add(DriverReading.overrideKey(one, service));
      }
    }
    for (String device : devices()) {
      paths.add(DriverReading.deviceKey(device));
      paths.add(DriverReading.criticalKey(set, device));
    }
    read(
        hive,
        root,
        paths,
        keys -> {
          system = keys;
          database = keys.has("DriverDatabase");
          drivers(hive, root);
        });
  }

  private static List<String> devices() {
    List<String> devices = new ArrayList<>();
    for (VirtioDriver driver : VirtioDriver.values()) {
      devices.addAll(driver.deviceIds());
    }
    return devices;
  }

  /** The way from a device to its service, key by key. */
  private void drivers(Hive hive, String root) {
    Map<String, List<String>> infs = new LinkedHashMap<>();
    for (String device : devices()) {
      infs.put(device, DriverReading.infs(system, device));
    }
    List<String> infKeys =
        infs.values().stream()
            .flatMap(List::stream)
            .filter(inf -> inf.matches(NAME))
            .distinct()
            .map(DriverReading::infKey)
            .toList();
    read(
        hive,
        root,
        infKeys,
        keys -> {
          system = system.with(keys);
          Set<String> descriptors = new LinkedHashSet<>();
          infs.forEach(
              (device, names) ->
                  names.forEach(
                      inf ->
                          system
                              .value(DriverReading.infKey(inf), "Active")
                              .filter(label -> label.matches(NAME))
                              .ifPresent(
                                  label ->
                                      descriptors.add(
                                          DriverReading.descriptorKey(label, device)))));
          descriptors(hive, root, List.copyOf(descriptors));
        });
  }

  private void descriptors(Hive hive, String root, List<String> descriptors) {
    read(
        hive,
        root,
        descriptors,
        keys -> {
          system = system.with(keys);
          Set<String> configurations = new LinkedHashSet<>();
          keys.byPath()
              .keySet()
              .forEach(
                  descriptor ->
                      keys.value(descriptor, "Configuration")
                          .filter(name -> name.matches(NAME))
                          .ifPresent(
                              name ->
                                  configurations.add(
                                      DriverReading.configurationKey(
                                          descriptor.split("\\\\")[2], name))));
          read(hive, root, List.copyOf(configurations), found -> system = system.with(found));
        });
  }

  private List<String> paths() {
    Set<String> paths = new LinkedHashSet<>();
    for (String service : SERVICES) {
      paths.add(ServiceImage.driver(service + ".sys"));
      system
          .value(DriverReading.serviceKey(set, service), "ImagePath")
          .flatMap(ServiceImage::path)
          .ifPresent(paths::add);
    }
    for (VirtioDriver driver : VirtioDriver.values()) {
      STAGED.forEach(extension -> paths.add(DriverReading.STAGED + driver.service() + extension));
    }
    return List.copyOf(paths);
  }

  private GuestfishScript askFiles() {
    GuestfishScript script = new GuestfishScript().run("mount-ro", windows.device(), "/");
    paths().forEach(path -> script.ask(path, "case-sensitive-path", windows.folder() + "/" + path));
    return script;
  }

  private void takeFiles(GuestfishAnswers answers) {
    Map<String, String> inGuest = new LinkedHashMap<>();
    for (String path : paths()) {
      String found = answers.text(path).strip();
      if (found.startsWith("/") && found.lines().count() == 1) {
        inGuest.put(path, found);
      }
    }
    session.then(
        () -> {
          GuestfishScript script = new GuestfishScript();
          inGuest.forEach(
              (path, found) ->
                  script
                      .ask(path + "?", "is-file", found)
                      .ask(path + "#", "filesize", found)
                      .read(path, found, HEADER_BYTES));
          return script.run("umount-all");
        },
        read -> inGuest.keySet().forEach(path -> keep(path, read)));
  }

  private void keep(String path, GuestfishAnswers read) {
    String size = read.text(path + "#").strip();
    if (read.isTrue(path + "?") && size.matches("[0-9]{1,15}")) {
      long bytes = Long.parseLong(size);
      files.put(
          path,
          PeHeader.of(read.bytes(path))
              .map(header -> DriverFile.program(bytes, header.machine()))
              .orElseGet(() -> new DriverFile(bytes, "")));
    }
  }
}
