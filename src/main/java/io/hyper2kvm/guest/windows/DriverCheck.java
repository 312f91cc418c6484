package io.hyper2kvm.guest.windows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whether a Windows has the drivers for virtio hardware, by its registry and its files. Windows
 * finds its disk when it starts by four things together: the service of the driver is started by
 * the loader, its program is where the service says and is for this processor, the loader's order
 * has its group, and the database of drivers leads from the device to the service. Signatures are
 * not looked at.
 *
 * @param reading what was read
 * @param architecture the processor that this Windows is for, as Linux calls it
 */
public record DriverCheck(DriverReading reading, String architecture) {

  private static final String BOOT_START = "0";
  private static final String KERNEL_DRIVER = "1";
  private static final String DISABLED = "4";
  private static final String GROUP = "SCSI miniport";

  /** The drivers of SATA controllers that Windows itself has: since Windows 8, and before. */
  private static final List<String> SATA = List.of("storahci", "msahci");

  /** Of the driver of disks on virtio. */
  public DriverVerdict disk(VirtioDriver driver) {
    List<String> defects = new ArrayList<>(bootStart(driver.service()));
    String key = reading.service(driver.service());
    if (reading.system().has(key)) {
      String group = reading.system().value(key, "Group").orElse("");
      if (!group.equalsIgnoreCase(GROUP)) {
        defects.add(value(key, "Group", group) + ", not " + GROUP);
      }
      defects.addAll(device(driver));
    }
    return DriverVerdict.of(
        defects,
        "%s is started by the loader (%s\\Start=0), its program is for %s, and the device's identifier leads to it"
            .formatted(driver.service(), key, architecture));
  }

  /** Of the driver of SATA controllers, for a guest without those of virtio. */
  public DriverVerdict sata() {
    for (String service : SATA) {
      if (reading.system().has(reading.service(service))) {
        return DriverVerdict.of(
            bootStart(service),
            "%s is started by the loader (%s\\Start=0)"
                .formatted(service, reading.service(service)));
      }
    }
    return DriverVerdict.of(
        List.of("neither storahci nor msahci is a service in " + reading.set()), "");
  }

  /** Of the driver of network cards: installed, or where Windows looks at its next start. */
  public DriverVerdict card() {
    String name = VirtioDriver.NETKVM.service();
    String key = reading.service(name);
    if (reading.system().has(key)) {
      List<String> defects = new ArrayList<>(program(key, name));
      String start = reading.system().value(key, "Start").orElse("");
      if (start.equals(DISABLED) || start.isEmpty()) {
        defects.add(value(key, "Start", start) + ": it is not started");
      }
      defects.addAll(device(VirtioDriver.NETKVM));
      if (defects.isEmpty()) {
        return DriverVerdict.of(defects, "%s is installed (%s)".formatted(name, key));
      }
    }
    return staged(name);
  }

  private DriverVerdict staged(String name) {
    List<String> defects = new ArrayList<>();
    String folder = DriverReading.STAGED;
    for (String extension : List.of(".inf", ".cat")) {
      if (reading.file(folder + name + extension).filter(file -> file.size() > 0).isEmpty()) {
        defects.add("Windows/%s%s%s is missing".formatted(folder, name, extension));
      }
    }
    program(folder + name + ".sys").ifPresent(defects::add);
    String path = reading.software().value(DriverReading.CURRENT_VERSION, "DevicePath").orElse("");
    boolean looks =
        List.of(path.split(";")).stream()
            .map(entry -> entry.strip().replace('\\', '/').toLowerCase(Locale.ROOT))
            .anyMatch(
                entry -> (entry + "/").equals("%systemroot%/" + folder.toLowerCase(Locale.ROOT)));
    if (!looks) {
      defects.add(
          "%s does not name %%SystemRoot%%\\Drivers\\VirtIO"
              .formatted(value(DriverReading.CURRENT_VERSION, "DevicePath", path)));
    }
    return DriverVerdict.of(
        defects,
        "%s is in Windows/%s, which DevicePath names: Windows installs it at its next start"
            .formatted(name, folder));
  }

  /** What keeps the loader from starting a driver. */
  private List<String> bootStart(String service) {
    List<String> defects = new ArrayList<>();
    String key = reading.service(service);
    if (!reading.system().has(key)) {
      defects.add(
          "there is no service %s in %s%s".formatted(service, reading.set(), elsewhere(service)));
      return defects;
    }
    require(defects, key, "Type", KERNEL_DRIVER, "it is no driver of the kernel");
    require(defects, key, "Start", BOOT_START, "the loader does not start it");
    reading
        .system()
        .value(DriverReading.overrideKey(reading.set(), service), "0")
        .filter(start -> !start.equals(BOOT_START))
        .ifPresent(
            start ->
                defects.add(
                    value(DriverReading.overrideKey(reading.set(), service), "0", start)
                        + ": it holds instead of Start, and the loader does not start the driver"));
    defects.addAll(program(key, service));
    return defects;
  }

  private String elsewhere(String service) {
    return reading.system().byPath().keySet().stream()
        .filter(key -> key.matches("(?i)ControlSet[0-9]{3}\\\\Services\\\\" + service))
        .findFirst()
        .map(key -> ", which the next start uses, but in " + key.substring(0, key.indexOf('\\')))
        .orElse("");
  }

  private void require(
      List<String> defects, String key, String name, String wanted, String meaning) {
    String found = reading.system().value(key, name).orElse("");
    if (!found.equals(wanted)) {
      defects.add("%s, not %s: %s".formatted(value(key, name, found), wanted, meaning));
    }
  }

  /** What is wrong with a service's program. */
  private List<String> program(String key, String service) {
    // Without the value, Windows takes the file of the service's name.
    String written =
        reading.system().value(key, "ImagePath").orElse("system32\\drivers\\" + service + ".sys");
    Optional<String> path = ServiceImage.path(written);
    if (path.isEmpty()) {
      return List.of(
          value(key, "ImagePath", written) + ": the loader looks in System32\\drivers only");
    }
    return program(path.get()).stream().toList();
  }

  private Optional<String> program(String path) {
    Optional<DriverFile> file = reading.file(path);
    if (file.isEmpty()) {
      return Optional.of("Windows/%s is missing".formatted(path));
    }
    if (file.get().architecture().isEmpty()) {
      return Optional.of(
          "Windows/%s (%d bytes) is no program of Windows".formatted(path, file.get().size()));
    }
    return file.get().architecture().equals(architecture)
        ? Optional.empty()
        : Optional.of(
            "Windows/%s is for %s, and this Windows for %s"
                .formatted(path, file.get().architecture(), architecture));
  }

  /** What is missing on the way from the device to the service. */
  private List<String> device(VirtioDriver driver) {
    List<String> tried = new ArrayList<>();
    for (String device : driver.deviceIds()) {
      Optional<String> broken =
          reading.driverDatabase() ? databased(driver, device) : critical(driver, device);
      if (broken.isEmpty()) {
        return List.of();
      }
      if (!broken.get().isEmpty()) {
        tried.add(broken.get());
      }
    }
    if (!tried.isEmpty()) {
      return tried;
    }
    String key =
        reading.driverDatabase()
            ? DriverReading.deviceKey(driver.deviceIds().get(0))
            : DriverReading.criticalKey(reading.set(), driver.deviceIds().get(0));
    return List.of("there is no key %s, nor one of its shorter names".formatted(key));
  }

  private Optional<String> critical(VirtioDriver driver, String device) {
    String key = DriverReading.criticalKey(reading.set(), device);
    if (!reading.system().has(key)) {
      return Optional.of("");
    }
    String service = reading.system().value(key, "Service").orElse("");
    return service.equalsIgnoreCase(driver.service())
        ? Optional.empty()
        : Optional.of(value(key, "Service", service) + ", not " + driver.service());
  }

  /** Empty when the device leads to the service; an empty text when nothing names the device. */
  private Optional<String> databased(VirtioDriver driver, String device) {
    RegistryKeys system = reading.system();
    if (!system.has(DriverReading.deviceKey(device))) {
      return Optional.of("");
    }
    List<String> infs = DriverReading.infs(system, device);
    if (infs.isEmpty()) {
      return Optional.of("the key %s names no driver".formatted(DriverReading.deviceKey(device)));
    }
    String broken = "";
    for (String inf : infs) {
      Optional<String> why = chain(driver, device, inf);
      if (why.isEmpty()) {
        return Optional.empty();
      }
      broken = why.get();
    }
    return Optional.of(broken);
  }

  private Optional<String> chain(VirtioDriver driver, String device, String inf) {
    RegistryKeys system = reading.system();
    String infKey = DriverReading.infKey(inf);
    Optional<String> label = system.value(infKey, "Active");
    if (label.isEmpty()) {
      return Optional.of(infKey + "\\Active is missing");
    }
    String descriptor = DriverReading.descriptorKey(label.get(), device);
    Optional<String> configuration = system.value(descriptor, "Configuration");
    if (configuration.isEmpty()) {
      return Optional.of(descriptor + "\\Configuration is missing");
    }
    String key = DriverReading.configurationKey(label.get(), configuration.get());
    String service = system.value(key, "Service").orElse("");
    return service.equalsIgnoreCase(driver.service())
        ? Optional.empty()
        : Optional.of(value(key, "Service", service) + ", not " + driver.service());
  }

  private static String value(String key, String name, String value) {
    return value.isEmpty()
        ? "%s\\%s is missing".formatted(key, name)
        : "%s\\%s is %s".formatted(key, name, value);
  }
}
