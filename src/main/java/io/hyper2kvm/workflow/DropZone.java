package io.hyper2kvm.workflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Decides which files of the drop zone are manifests that may be taken now. Looks at names and
 * {@code lstat} only: nothing is opened, so nothing can block.
 */
public final class DropZone {

  private static final Logger LOG = LogManager.getLogger(DropZone.class);
  private static final int REMEMBERED = 1_000;

  private final Duration minAge;
  private final Clock clock;
  private final Set<String> named = new HashSet<>();

  /**
   * A guard of the drop zone.
   *
   * @param minAge how long a file must not have been written to before it is taken
   */
  public DropZone(Duration minAge, Clock clock) {
    this.minAge = minAge;
    this.clock = clock;
  }

  /** Whether the file may be taken now. A file that never may is named in the log once. */
  public boolean accepts(Path file) {
    return look(file).isPresent();
  }

  /**
   * Looks at a file.
   *
   * @return its attributes if it may be taken now; a file that never may is named in the log once
   */
  public Optional<BasicFileAttributes> look(Path file) {
    String name = file.getFileName().toString();
    if (DropName.isOther(name)) {
      return Optional.empty();
    }
    Optional<String> refusal = DropName.refusal(name);
    if (refusal.isPresent()) {
      return refuse(name, refusal.get());
    }
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      return Optional.empty(); // Gone since it was listed, or it will be named when it can be read.
    }
    if (attributes.isDirectory()) {
      return Optional.empty();
    }
    if (!attributes.isRegularFile()) {
      return refuse(name, "it is not a regular file");
    }
    Duration age = Duration.between(attributes.lastModifiedTime().toInstant(), clock.instant());
    // A time in the future says nothing about quiet: a clock elsewhere is wrong, the file is not.
    return age.isNegative() || age.compareTo(minAge) >= 0
        ? Optional.of(attributes)
        : Optional.empty();
  }

  private Optional<BasicFileAttributes> refuse(String name, String reason) {
    synchronized (named) {
      if (named.size() >= REMEMBERED || !named.add(name)) {
        return Optional.empty();
      }
      // Whoever may drop files must not write lines of the log.
      LOG.warn("not-a-manifest file={} reason={}", name.replaceAll("\\p{Cntrl}", "?"), reason);
      if (named.size() == REMEMBERED) {
        // Naming them in turns would fill the log at every look.
        LOG.warn("not-a-manifest-unnamed reason=no further ones are named after {}", REMEMBERED);
      }
    }
    return Optional.empty();
  }
}
