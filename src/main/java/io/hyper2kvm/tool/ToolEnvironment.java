package io.hyper2kvm.tool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The environment of the tools: little, stated, and the same whoever started the daemon. */
public final class ToolEnvironment {

  /**
   * What an operator may set for libguestfs and virt-v2v; the rest of the daemon's environment
   * stays out.
   */
  private static final List<String> PASSED =
      List.of(
          "PATH",
          "LIBGUESTFS_PATH",
          "LIBGUESTFS_HV",
          "LIBGUESTFS_CACHEDIR",
          "VIRT_TOOLS_DATA_DIR",
          "SUPERMIN_KERNEL",
          "SUPERMIN_MODULES",
          "SUPERMIN_KERNEL_VERSION");

  private ToolEnvironment() {}

  /**
   * The environment.
   *
   * @param own the daemon's own environment
   * @param home a directory for tools that ask for one
   * @param kvm whether KVM works here
   * @param owner by which the next start finds the tools of a daemon that was killed
   */
  public static Map<String, String> of(
      Map<String, String> own, String home, boolean kvm, String owner) {
    Map<String, String> environment = of(own, home, kvm);
    environment.put(OrphanProcesses.OWNER, owner);
    return environment;
  }

  /**
   * The environment of tools that no later start looks for.
   *
   * @param own the program's own environment
   * @param home a directory for tools that ask for one
   * @param kvm whether KVM works here
   */
  public static Map<String, String> of(Map<String, String> own, String home, boolean kvm) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    environment.put("HOME", home);
    // The tools' messages and progress are parsed: no translation, and names as they are.
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("LIBGUESTFS_BACKEND", "direct");
    // The appliance is built once for all jobs, and outlives their directories.
    environment.put("LIBGUESTFS_CACHEDIR", "/var/tmp");
    if (!kvm) {
      environment.put("LIBGUESTFS_BACKEND_SETTINGS", "force_tcg");
    }
    for (String key : PASSED) {
      if (own.containsKey(key)) {
        environment.put(key, own.get(key));
      }
    }
    return environment;
  }
}
