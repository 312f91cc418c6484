package io.hyper2kvm.guest.windows;

import java.util.LinkedHashMap;
import java.util.Map;

/** A Windows 10 with the drivers as virt-v2v-in-place leaves them, to be broken one by one. */
final class DriverReadings {

  static final String SERVICE = "ControlSet001\\Services\\viostor";
  static final String DEVICE = DriverReading.deviceKey("VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01");
  static final String DESCRIPTOR =
      DriverReading.descriptorKey("guestor.inf_tmp", "VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01");
  static final String CONFIGURATION =
      DriverReading.configurationKey("guestor.inf_tmp", "guestor_conf");
  static final String CRITICAL =
      DriverReading.criticalKey("ControlSet001", "VEN_1AF4&DEV_1042&SUBSYS_11001AF4&REV_01");
  static final String PROGRAM = "System32/drivers/viostor.sys";

  private final Map<String, Map<String, String>> system = new LinkedHashMap<>();
  private final Map<String, String> software = new LinkedHashMap<>();
  private final Map<String, DriverFile> files = new LinkedHashMap<>();
  private String set = "ControlSet001";
  private boolean database = true;

  /** Since Windows 8. */
  static DriverReadings good() {
    DriverReadings good = new DriverReadings();
    good.service(SERVICE, "viostor");
    good.value(DEVICE, "guestor.inf", "01 ff 00 00");
    good.value(DriverReading.infKey("guestor.inf"), "Active", "guestor.inf_tmp");
    good.value(DESCRIPTOR, "Configuration", "guestor_conf");
    good.value(CONFIGURATION, "Service", "viostor");
    good.file(PROGRAM, 5000, "x86_64");
    good.software.put("DevicePath", "%SystemRoot%\\inf;%SystemRoot%\\Drivers\\VirtIO");
    good.file("Drivers/VirtIO/netkvm.inf", 900, "");
    good.file("Drivers/VirtIO/netkvm.cat", 800, "");
    good.file("Drivers/VirtIO/netkvm.sys", 6000, "x86_64");
    return good;
  }

  /** Before Windows 8. */
  static DriverReadings old() {
    DriverReadings old = good();
    old.database = false;
    old.system.keySet().removeIf(key -> key.startsWith("DriverDatabase"));
    old.value(CRITICAL, "Service", "viostor");
    old.value(CRITICAL, "ClassGUID", "{4D36E97B-E325-11CE-BFC1-08002BE10318}");
    return old;
  }

  /** A service that the loader starts. */
  DriverReadings service(String key, String name) {
    value(key, "Type", "1");
    value(key, "Start", "0");
    value(key, "Group", "SCSI miniport");
    value(key, "ErrorControl", "1");
    return value(key, "ImagePath", "system32\\drivers\\" + name + ".sys");
  }

  DriverReadings value(String key, String name, String text) {
    system.computeIfAbsent(key, k -> new LinkedHashMap<>()).put(name, text);
    return this;
  }

  DriverReadings without(String key, String name) {
    system.get(key).remove(name);
    return this;
  }

  DriverReadings withoutKey(String key) {
    system.remove(key);
    return this;
  }

  /** Moves a key to another place. */
  DriverReadings moved(String key, String to) {
    system.put(to, system.remove(key));
    return this;
  }

  DriverReadings file(String path, long size, String architecture) {
    files.put(path, new DriverFile(size, architecture));
    return this;
  }

  DriverReadings withoutFile(String path) {
    files.remove(path);
    return this;
  }

  DriverReadings devicePath(String text) {
    software.put("DevicePath", text);
    return this;
  }

  DriverReadings nextStartUses(String other) {
    set = other;
    return this;
  }

  DriverReading reading() {
    return new DriverReading(
        set,
        database,
        new RegistryKeys(system),
        new RegistryKeys(Map.of(DriverReading.CURRENT_VERSION, software)),
        files);
  }

  DriverCheck check() {
    return new DriverCheck(reading(), "x86_64");
  }
}
