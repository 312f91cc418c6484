package io.hyper2kvm;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.pollinterval.IterativePollInterval;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lets Awaitility look soon and then less and less often. With its own interval of 100 ms, most
 * tests of a daemon would spend more time between two looks than at work. JUnit finds this class by
 * META-INF/services.
 */
public final class QuickPolls implements LauncherSessionListener {

  private static final Duration FIRST = Duration.ofMillis(10);
  private static final Duration LONGEST = Duration.ofMillis(100);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultPollInterval(IterativePollInterval.iterative(QuickPolls::next, FIRST));
  }

  private static Duration next(Duration last) {
    Duration longer = last.multipliedBy(3).dividedBy(2);
    return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
  }
}
