package io.hyper2kvm.guest.cloud;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Whether systemd starts what of cloud-init finds an instance and its network: the units of the
 * stages {@code local} and {@code network}, and the one process for all stages that newer versions
 * have. Later stages alone change neither.
 */
public final class CloudUnits {

  private static final String MAIN = "cloud-init-main.service";
  private static final String TARGET = "cloud-init.target";

  /** The stages that matter, each with a mask and a link of its own. */
  private static final List<String> STAGES =
      List.of(MAIN, "cloud-init-local.service", "cloud-init.service", "cloud-init-network.service");

  /** Where a link or an empty file of a unit's name keeps it from being started. */
  public static final List<String> MASKS =
      List.of(MAIN, TARGET, STAGES.get(1), STAGES.get(2), STAGES.get(3)).stream()
          .map(unit -> "/etc/systemd/system/" + unit)
          .toList();

  /** Shell patterns of the units, and of the links that have them started. */
  public static final List<String> PATTERNS =
      List.of(
          "/usr/lib/systemd/system/cloud-init*.service",
          "/lib/systemd/system/cloud-init*.service",
          "/etc/systemd/system/*.wants/cloud-init*.service",
          "/etc/systemd/system/*.requires/cloud-init*.service",
          "/usr/lib/systemd/system/*.wants/cloud-init*.service",
          "/lib/systemd/system/*.wants/cloud-init*.service");

  private CloudUnits() {}

  /**
   * Whether none of them is started. Of a guest without such units nothing is known.
   *
   * @param found the paths that {@link #PATTERNS} fit
   * @param masked those of {@link #MASKS} that lead to {@code /dev/null} or are empty
   */
  public static boolean isOff(Collection<String> found, Set<String> masked) {
    Set<String> hidden = Set.copyOf(masked.stream().map(CloudUnits::name).toList());
    boolean known =
        !hidden.isEmpty()
            || found.stream().anyMatch(path -> !isLink(path) && STAGES.contains(name(path)));
    boolean oneProcess =
        found.stream().map(CloudUnits::name).anyMatch(MAIN::equals) && hidden.contains(MAIN);
    boolean started =
        found.stream()
            .filter(CloudUnits::isLink)
            .filter(path -> !(hidden.contains(TARGET) && path.contains("/" + TARGET + ".")))
            .map(CloudUnits::name)
            .anyMatch(name -> STAGES.contains(name) && !hidden.contains(name));
    return known && (oneProcess || !started);
  }

  private static boolean isLink(String path) {
    return path.contains(".wants/") || path.contains(".requires/");
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
