package io.hyper2kvm.view;

import io.hyper2kvm.report.EndView;
import io.hyper2kvm.workflow.Job;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is known of ended manifests, so that no report is read twice. A report that was replaced is
 * read again: its change time, number and size tell.
 */
public final class EndedIndex {

  /** The manifests that were asked for last stay. */
  private static final int MOST_KEPT = 20_000;

  private record Stamp(Object inode, Object changed, Object size) {

    static final Stamp NOTHING = new Stamp(0, 0, 0);

    static Stamp of(Path file) {
      try {
        Map<String, Object> all =
            Files.readAttributes(file, "unix:ino,ctime,size", LinkOption.NOFOLLOW_LINKS);
        return new Stamp(all.get("ino"), all.get("ctime"), all.get("size"));
      } catch (IOException e) {
        return NOTHING;
      }
    }
  }

  private record Known(Stamp stamp, Ended ended) {}

  private final Object reading = new Object();
  private final Map<Path, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Known> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /** What an ended manifest's report says; nothing of one that cannot be read. */
  public Ended of(Job job) {
    Stamp stamp = Stamp.of(job.outcome());
    synchronized (known) {
      Known before = known.get(job.manifest());
      if (before != null && before.stamp().equals(stamp)) {
        return before.ended();
      }
    }
    Ended ended = read(job);
    synchronized (known) {
      known.put(job.manifest(), new Known(stamp, ended));
    }
    return ended;
  }

  private Ended read(Job job) {
    synchronized (reading) {
      return Ended.of(JobReading.end(job));
    }
  }

  /** All that a report says; one report is read at a time, since each may be large. */
  public EndView whole(Job job) {
    synchronized (reading) {
      return JobReading.end(job);
    }
  }

  /** Whether {@link #of} answers without reading the report. */
  public boolean knows(Job job) {
    Stamp stamp = Stamp.of(job.outcome());
    synchronized (known) {
      Known before = known.get(job.manifest());
      return before != null && before.stamp().equals(stamp);
    }
  }
}
