package io.hyper2kvm.view;

import io.hyper2kvm.workflow.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A manifest with the time since which it is in its place.
 *
 * @param job the manifest
 * @param since when it was renamed to where it is, which a file's change time tells
 */
public record Placed(Job job, Instant since) {

  public static Placed of(Job job) {
    try {
      FileTime changed =
          (FileTime) Files.getAttribute(job.manifest(), "unix:ctime", LinkOption.NOFOLLOW_LINKS);
      return new Placed(job, changed.toInstant());
    } catch (IOException e) {
      // It moved on at this moment.
      return new Placed(job, Instant.now());
    }
  }
}
