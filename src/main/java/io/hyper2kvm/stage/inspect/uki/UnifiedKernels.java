package io.hyper2kvm.stage.inspect.uki;

import io.hyper2kvm.guest.boot.UnifiedImage;
import io.hyper2kvm.stage.StageResult;
import io.hyper2kvm.stage.VmJob;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The unified kernel images of a guest, and the addons beside them.
 *
 * @param all in the order of their paths
 */
public record UnifiedKernels(List<UnifiedImage> all) implements StageResult {

  public UnifiedKernels {
    all = List.copyOf(all);
  }

  /** Those of a job; none when it was not inspected. */
  public static UnifiedKernels of(VmJob job) {
    return job.results().find(UnifiedKernels.class).orElse(new UnifiedKernels(List.of()));
  }

  /** The images that a kernel starts from. */
  public List<UnifiedImage> kernels() {
    return all.stream().filter(UnifiedImage::hasKernel).toList();
  }

  /** The keys of the os-release inside each image, by its path. */
  public Map<String, Map<String, String>> releases() {
    Map<String, Map<String, String>> releases = new TreeMap<>();
    all.forEach(image -> releases.put(image.path(), image.release()));
    return releases;
  }

  /** It has no keys of its own in the report. */
  @Override
  public Map<String, Object> json() {
    return Map.of();
  }
}
