package io.hyper2kvm.tool.boot;

import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The sockets of a running QEMU and the file that it writes.
 *
 * @param qmp its control socket, a UNIX socket that QEMU makes
 * @param agent the host's end of the guest agent's channel, a UNIX socket that QEMU makes
 * @param capture the packets of the guest's network card, a pcap file that QEMU makes
 */
public record BootEndpoints(Path qmp, Path agent, Path capture) {

  /** A UNIX socket's name has 107 bytes on Linux; QEMU refuses a longer one. */
  private static final int LONGEST_SOCKET_NAME = 107;

  public BootEndpoints {
    for (Path path : new Path[] {qmp, agent, capture}) {
      if (!path.isAbsolute()) {
        throw new IllegalArgumentException("path is not absolute: " + path);
      }
    }
    for (Path socket : new Path[] {qmp, agent}) {
      if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_NAME) {
        throw new IllegalArgumentException("too long for a socket: " + socket);
      }
    }
  }

  /**
   * The endpoints below a work directory, or, when its name is too long for sockets, in a new
   * private directory of the system's temporary one.
   *
   * @throws IOException when that directory cannot be made
   */
  public static BootEndpoints in(Path workDir) throws IOException {
    return in(workDir, workDir, ToolUser.OWN);
  }

  /**
   * The endpoints of a QEMU of another user.
   *
   * @param workDir where it finds the files that are made for it
   * @param sockets where it may make its sockets
   */
  public static BootEndpoints in(Path workDir, Path sockets, ToolUser user) throws IOException {
    Path directory = sockets;
    if (directory.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_NAME - 12) {
      directory = Files.createTempDirectory("h2k-boot");
      user.give(directory);
    }
    return new BootEndpoints(
        directory.resolve("qmp.sock"), directory.resolve("agent.sock"), capture(workDir));
  }

  static Path capture(Path workDir) {
    return workDir.resolve("net.pcap");
  }

  /** Removes what an earlier run left, so that nothing stale is mistaken for this one's. */
  void clear() throws IOException {
    for (Path path : new Path[] {qmp, agent, capture}) {
      Files.deleteIfExists(path);
    }
  }

  /** Removes everything that was made for this run. */
  void discard() throws IOException {
    clear();
    if (!qmp.getParent().equals(capture.getParent())) {
      Files.deleteIfExists(qmp.getParent());
    }
  }
}
