package io.hyper2kvm.view;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.report.LiveView;
import io.hyper2kvm.workflow.DropName;
import io.hyper2kvm.workflow.Job;
import io.hyper2kvm.workflow.ManifestFile;
import io.hyper2kvm.workflow.SmallFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** The files about a manifest, which may be half, garbled, or gone at the moment of the look. */
public final class JobReading {

  private static final EndView NOTHING =
      new EndView(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of());

  private JobReading() {}

  public static LiveView live(Job job) {
    try (InputStream in = SmallFile.open(job.status(), LiveView.MAX_BYTES)) {
      return LiveView.read(in);
    } catch (IOException e) {
      return LiveView.unknown();
    }
  }

  /** How a manifest ended. */
  public static EndView end(Job job) {
    return end(job, EndView.MAX_BYTES);
  }

  /** The same without the VMs, for many at a time. */
  public static EndView head(Job job) {
    return end(job, EndView.HEAD_BYTES);
  }

  /**
   * The name that a failed manifest was dropped by, as its error file says, if that makes sense.
   */
  public static ManifestFile original(Job failed) {
    return head(failed)
        .originalName()
        .filter(name -> !name.contains("/") && DropName.isManifest(name))
        .map(ManifestFile::new)
        .orElse(failed.file());
  }

  private static EndView end(Job job, int most) {
    try (InputStream in = SmallFile.stream(job.outcome(), most)) {
      return EndView.read(in);
    } catch (IOException e) {
      return NOTHING;
    }
  }
}
