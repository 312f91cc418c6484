package io.hyper2kvm.stage;

import io.hyper2kvm.text.TextTail;
import java.nio.file.Path;

/** Where the process of a VM's appliance writes its errors. */
public final class ApplianceLog {

  private ApplianceLog() {}

  /** The file, below the VM's own directory. */
  public static Path of(VmJob job) {
    return job.directory().resolve("appliance.log");
  }

  /** Its last lines, for a message. */
  public static String tail(VmJob job) {
    return TextTail.of(of(job));
  }
}
