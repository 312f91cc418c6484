package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.manifest.model.CompressionType;
import io.hyper2kvm.manifest.model.ConvertSpec;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.manifest.model.ValidateSpec;
import io.hyper2kvm.stage.VmJob;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Bean {@code vmSteering}: the settings of a manifest that a route of {@code direct:before-load}
 * may change. A change counts as if the manifest had contained it, also for the reuse of earlier
 * outputs. The report has a warning about it. Once LOAD has begun nothing can be changed, because
 * LOAD compares the settings with those of the outputs that exist.
 */
public final class VmSteering {

  /**
   * Sets the compression of the outputs.
   *
   * @param type {@code none}, {@code zlib} or {@code zstd}
   * @throws IllegalArgumentException when there is no such type, or the format cannot be compressed
   */
  public void compression(VmView vm, String type) {
    ConvertSpec before = vm.job().spec().pipeline().convert();
    boolean compress = !type.equals("none");
    CompressionType wanted = compress ? typeOf(type) : before.compressionType();
    if (compress && !before.format().compressible()) {
      throw new IllegalArgumentException(before.format().text() + " cannot be compressed");
    }
    ConvertSpec after =
        new ConvertSpec(
            before.format(),
            compress,
            wanted,
            before.output(),
            before.overwrite(),
            before.target(),
            before.domain());
    Pipeline pipeline = vm.job().spec().pipeline();
    change(
        vm.job(),
        new Pipeline(
            pipeline.load(), pipeline.inspect(), pipeline.fix(), after, pipeline.validate()),
        "a route in direct:before-load sets the compression to " + type);
  }

  private static CompressionType typeOf(String text) {
    return Stream.of(CompressionType.values())
        .filter(type -> type.text().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "compression is one of none, zlib, zstd, not " + text));
  }

  /**
   * Leaves the boot test out.
   *
   * @param reason why, for the report
   */
  public void skipBootTest(VmView vm, String reason) {
    Objects.requireNonNull(reason, "reason");
    Pipeline pipeline = vm.job().spec().pipeline();
    ValidateSpec after = new ValidateSpec(pipeline.validate().enabled(), false);
    change(
        vm.job(),
        new Pipeline(
            pipeline.load(), pipeline.inspect(), pipeline.fix(), pipeline.convert(), after),
        "a route in direct:before-load leaves the boot test out: " + reason);
  }

  private static void change(VmJob job, Pipeline after, String told) {
    if (!job.spec().pipeline().equals(after)) {
      job.steer(after);
      job.warn(told);
    }
  }
}
