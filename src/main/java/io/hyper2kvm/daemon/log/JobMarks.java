package io.hyper2kvm.daemon.log;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.logging.log4j.ThreadContext;

/**
 * The marks of the lines that a thread logs while it works on a manifest: {@code manifest} and
 * {@code vm} with the names, and {@code job}, by which its log is found.
 */
public final class JobMarks {

  static final String JOB = "job";
  private static final String MANIFEST = "manifest";
  private static final String VM = "vm";

  private final Map<String, String> before;

  private JobMarks(Map<String, String> before) {
    this.before = before;
  }

  /**
   * Sets the marks of this thread.
   *
   * @param place the manifest's place in {@code processing/}
   * @param manifest the name with which it was submitted
   * @param vm the name of the VM; empty when it is about the manifest
   */
  public static JobMarks set(Path place, String manifest, Optional<String> vm) {
    Map<String, String> before = new HashMap<>(ThreadContext.getImmutableContext());
    ThreadContext.put(JOB, job(place));
    ThreadContext.put(MANIFEST, manifest);
    vm.ifPresentOrElse(name -> ThreadContext.put(VM, name), () -> ThreadContext.remove(VM));
    return new JobMarks(before);
  }

  static String job(Path place) {
    return place.getFileName().toString();
  }

  /** Sets the marks that this thread had before. */
  public void reset() {
    for (String key : new String[] {JOB, MANIFEST, VM}) {
      if (before.containsKey(key)) {
        ThreadContext.put(key, before.get(key));
      } else {
        ThreadContext.remove(key);
      }
    }
  }
}
