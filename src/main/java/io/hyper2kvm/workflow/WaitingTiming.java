package io.hyper2kvm.workflow;

import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.schedule.Timing;
import java.io.IOException;
import java.nio.file.Path;

/** Reads from a manifest that waits when its VMs may begin, without a judgement on the rest. */
public final class WaitingTiming {

  /** A reader of manifests refuses a larger file. */
  private static final int MAX_BYTES = 16 << 20;

  private WaitingTiming() {}

  /**
   * The timing of a manifest.
   *
   * @return none, also where the file is no manifest, is too large or has just been taken: whoever
   *     takes it says what is wrong
   */
  public static Timing of(Path manifest) {
    try {
      return ManifestReader.timing(
          manifest.getFileName().toString(), SmallFile.read(manifest, MAX_BYTES));
    } catch (IOException e) {
      return Timing.NONE;
    }
  }
}
