package io.hyper2kvm.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The folder that holds a directory for each VM at work. */
final class WorkDirectory {

  private static final Logger LOG = LogManager.getLogger(WorkDirectory.class);
  private static final Pattern JOB = Pattern.compile(".+\\.(\\d{1,10})-\\d+");

  private WorkDirectory() {}

  /** Removes the job directories of processes that are gone. */
  static void clean(Path workDir) throws IOException {
    List<Path> entries;
    try (Stream<Path> list = Files.list(workDir)) {
      entries = list.toList();
    }
    for (Path entry : entries) {
      Matcher matcher = JOB.matcher(entry.getFileName().toString());
      if (matcher.matches()
          && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
          && ownerIsGone(Long.parseLong(matcher.group(1)))) {
        try (Stream<Path> tree = Files.walk(entry)) {
          for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
        LOG.info("leftover-removed path={}", entry);
      }
    }
  }

  private static boolean ownerIsGone(long pid) {
    // This process has not begun a job yet: a directory with its number is an earlier process's.
    return pid == ProcessHandle.current().pid() || ProcessHandle.of(pid).isEmpty();
  }
}
