package io.hyper2kvm.workflow;

import io.hyper2kvm.manifest.ManifestReader;
import io.hyper2kvm.manifest.parse.ManifestInvalidException;
import io.hyper2kvm.manifest.schedule.Schedule;
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

  /**
   * The timing by which a daemon takes a manifest. One that its reader refuses does not wait for
   * its time: it fails at once, while there is time to mend it.
   *
   * @param most a larger one is refused, in bytes
   */
  public static Timing of(Path manifest, ManifestReader reader, long most) {
    String name = manifest.getFileName().toString();
    try {
      byte[] content = SmallFile.read(manifest, (int) Math.min(MAX_BYTES, most));
      Timing timing = ManifestReader.timing(name, content);
      if (!timing.schedule().equals(Schedule.ANY_TIME) && !isGood(reader, name, content)) {
        return timing.atAnyTime();
      }
      return timing;
    } catch (IOException e) {
      return Timing.NONE;
    }
  }

  private static boolean isGood(ManifestReader reader, String name, byte[] content) {
    try {
      reader.read(name, content);
      return true;
    } catch (ManifestInvalidException e) {
      return false;
    }
  }
}
