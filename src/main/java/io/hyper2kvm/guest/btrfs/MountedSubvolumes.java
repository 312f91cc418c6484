package io.hyper2kvm.guest.btrfs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a guest mounts its subvolumes. A boot loader reads the file system from its top level, so
 * that it calls {@code /boot/vmlinuz} of a root on {@code @} by the path {@code /@/boot/vmlinuz}.
 *
 * @param pathByPoint the subvolumes' paths by their mount points
 */
public record MountedSubvolumes(Map<String, String> pathByPoint) {

  /** Copies the map. */
  public MountedSubvolumes {
    pathByPoint = Map.copyOf(new LinkedHashMap<>(pathByPoint));
  }

  /**
   * The guest's own paths of a file.
   *
   * @param path the file's path from the top level of its file system
   * @return each place where it may be; empty when no mounted subvolume holds it
   */
  public List<String> places(String path) {
    List<String> places = new ArrayList<>();
    pathByPoint.forEach(
        (point, subvolume) -> {
          String prefix = "/" + subvolume + "/";
          if (!subvolume.isEmpty() && path.startsWith(prefix)) {
            places.add((point.equals("/") ? "" : point) + "/" + path.substring(prefix.length()));
          }
        });
    places.sort(null);
    return places;
  }
}
