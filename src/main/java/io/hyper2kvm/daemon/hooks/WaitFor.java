package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.config.value.DurationText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Bean {@code waitFor}: lets a hook wait for something, with a limit. The VM keeps its place among
 * the {@code max_concurrent_jobs} meanwhile. A cancelled manifest and a stop of the daemon end the
 * wait, which {@code pollEnrich} does not notice.
 */
public final class WaitFor {

  private static final long LOOK_MILLIS = 500;

  /**
   * Waits until a file is there.
   *
   * @param file its absolute path
   * @param limit such as {@code 30m} or {@code 4h}
   * @throws TimeoutException when it is not there within the limit
   */
  public void file(String file, String limit) throws InterruptedException, TimeoutException {
    Path path = Path.of(file);
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException("the file to wait for is no absolute path: " + file);
    }
    Duration most = DurationText.parse(limit);
    long begin = System.nanoTime();
    while (!Files.exists(path)) {
      if (System.nanoTime() - begin >= most.toNanos()) {
        throw new TimeoutException("%s did not come within %s".formatted(file, limit));
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
  }
}
