package io.hyper2kvm.daemon.hooks;

import io.hyper2kvm.stage.VmJob;
import io.hyper2kvm.tool.FolderRemoval;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * The folder of a VM that has ended, made again for the tools of the routes that are called then,
 * and empty. Without it their tools do not run, which is told where they are called.
 */
final class HookFolder {

  private static final Logger LOG = LogManager.getLogger(HookFolder.class);

  private final VmJob job;

  private HookFolder(VmJob job) {
    this.job = job;
  }

  /** Makes the folder. */
  static HookFolder make(VmJob job) {
    HookFolder folder = new HookFolder(job);
    try {
      Files.createDirectories(job.directory());
      job.toolFiles().open();
    } catch (IOException e) {
      folder.warn("hook-folder-not-made", e);
    }
    return folder;
  }

  /** Removes it with all that the tools have left there. */
  void remove() {
    try {
      if (Files.isDirectory(job.directory())) {
        FolderRemoval.empty(job.directory());
        Files.delete(job.directory());
      }
    } catch (IOException | DirectoryIteratorException e) {
      warn("hook-folder-not-removed", e);
    }
  }

  private void warn(String event, Exception e) {
    LOG.warn("{} vm={} path={} reason={}", event, job.name(), job.directory(), e.toString());
  }
}
