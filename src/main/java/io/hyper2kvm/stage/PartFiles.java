package io.hyper2kvm.stage;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The part files of one VM that a tool of another user writes: this process makes them, because the
 * tool may make no files there, and takes them back before they are renamed.
 */
public final class PartFiles {

  private record Made(
      Map<String, Object> identity, Map<String, Object> owner, Set<PosixFilePermission> mode) {}

  private final Map<Path, Made> made = new HashMap<>();

  /** Makes a part for the tools of that user; nothing for the daemon's own. */
  public void make(Path part, ToolUser user) throws IOException {
    if (!user.isOther()) {
      return;
    }
    Files.createFile(part);
    Map<String, Object> owner =
        Files.readAttributes(part, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(part, LinkOption.NOFOLLOW_LINKS);
    made.put(part, new Made(identity(part), owner, mode));
    user.give(part);
  }

  /**
   * Gives the part back to who made it, so that no tool can write to it by its name any more.
   *
   * @throws StageFailedException when it is not the file that was made
   */
  public void takeBack(Path part) throws IOException {
    Made before = made.get(part);
    if (before == null) {
      return;
    }
    require(part, before);
    for (Map.Entry<String, Object> id : before.owner().entrySet()) {
      Files.setAttribute(part, "unix:" + id.getKey(), id.getValue(), LinkOption.NOFOLLOW_LINKS);
    }
    Files.getFileAttributeView(part, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .setPermissions(before.mode());
    require(part, before);
  }

  private static void require(Path part, Made before) throws IOException {
    boolean same;
    try {
      same =
          Files.isRegularFile(part, LinkOption.NOFOLLOW_LINKS)
              && identity(part).equals(before.identity());
    } catch (NoSuchFileException e) {
      same = false;
    }
    if (!same) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_REPLACED,
          "%s is not the file that was made for the tools: one of them has replaced it, or given it another name"
              .formatted(part));
    }
  }

  /** A second name counts as another file: who has it could go on writing. */
  private static Map<String, Object> identity(Path part) throws IOException {
    return Files.readAttributes(part, "unix:dev,ino,nlink", LinkOption.NOFOLLOW_LINKS);
  }
}
