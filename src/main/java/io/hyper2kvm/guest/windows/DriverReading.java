package io.hyper2kvm.guest.windows;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was read of a Windows's drivers: keys of its registry, and files.
 *
 * @param set the set of settings that the next start uses, such as {@code ControlSet001}
 * @param driverDatabase whether its drivers are in the key {@code DriverDatabase}, as since Windows
 *     8; before, the disks' are in {@code CriticalDeviceDatabase}
 * @param system keys of the system hive
 * @param software keys of the software hive
 * @param files files by their path below the folder of Windows, with slashes; found in any case
 */
public record DriverReading(
    String set,
    boolean driverDatabase,
    RegistryKeys system,
    RegistryKeys software,
    Map<String, DriverFile> files) {

  /** The key of the software hive that says where Windows looks for drivers. */
  public static final String CURRENT_VERSION = "Microsoft\\Windows\\CurrentVersion";

  /** The folder that holds drivers until Windows installs them. */
  public static final String STAGED = "Drivers/VirtIO/";

  private static final String PACKAGES = "DriverDatabase\\DriverPackages\\";

  public DriverReading {
    Objects.requireNonNull(set, "set");
    Objects.requireNonNull(system, "system");
    Objects.requireNonNull(software, "software");
    Map<String, DriverFile> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    copy.putAll(files);
    files = Collections.unmodifiableMap(copy);
  }

  /** A file of the folder of Windows. */
  Optional<DriverFile> file(String path) {
    return Optional.ofNullable(files.get(path));
  }

  /** The key of a service. */
  String service(String name) {
    return serviceKey(set, name);
  }

  /** The key of a service in a set of settings. */
  public static String serviceKey(String set, String name) {
    return set + "\\Services\\" + name;
  }

  /** The key with the services' types of start that hold instead of their own. */
  public static String overrideKey(String set, String name) {
    return serviceKey(set, name) + "\\StartOverride";
  }

  /** The key of a device in the database of drivers. */
  public static String deviceKey(String device) {
    return "DriverDatabase\\DeviceIds\\PCI\\" + device;
  }

  /** The key of the file that describes a driver. */
  public static String infKey(String inf) {
    return "DriverDatabase\\DriverInfFiles\\" + inf;
  }

  /** The key of what a driver's package says of a device. */
  public static String descriptorKey(String label, String device) {
    return PACKAGES + label + "\\Descriptors\\PCI\\" + device;
  }

  /** The key of a configuration of a driver's package. */
  public static String configurationKey(String label, String configuration) {
    return PACKAGES + label + "\\Configurations\\" + configuration;
  }

  /** The key of a device that a start needs, before Windows 8. */
  public static String criticalKey(String set, String device) {
    return set + "\\Control\\CriticalDeviceDatabase\\PCI#" + device;
  }

  /** The descriptions that a device's key names. */
  public static List<String> infs(RegistryKeys system, String device) {
    return system.values(deviceKey(device)).keySet().stream()
        .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".inf"))
        .limit(8)
        .toList();
  }
}
