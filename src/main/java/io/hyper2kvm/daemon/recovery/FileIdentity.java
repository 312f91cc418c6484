package io.hyper2kvm.daemon.recovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * Which file it is, whatever its name: it keeps its inode when it is renamed, and another size or
 * time when somebody has corrected it or the inode has gone to another file.
 *
 * @param inode its number on its file system
 * @param size in bytes
 * @param modified when it was last written to
 */
record FileIdentity(long inode, long size, String modified) {

  /** The file that has the name now; a symbolic link is not followed. */
  static FileIdentity of(Path file) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(file, "unix:ino,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
    return new FileIdentity(
        (Long) attributes.get("ino"),
        (Long) attributes.get("size"),
        ((FileTime) attributes.get("lastModifiedTime")).toString());
  }
}
