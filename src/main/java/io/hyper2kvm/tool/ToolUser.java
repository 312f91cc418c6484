package io.hyper2kvm.tool;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/**
 * The user that the tools run as. They are started by {@code setpriv}, which becomes the tool: the
 * process id stays, and with it all that is known of the process. The tool gets the user's groups,
 * no capability, no way to new rights, and no terminal.
 *
 * <p>This process must not trust what such a tool can write: it opens no file by a name that the
 * tool could have given to another file. So this process owns the folders, and makes the files that
 * a tool writes.
 */
public final class ToolUser {

  /** The tools run as this process's own user. */
  public static final ToolUser OWN = new ToolUser("", -1, -1);

  /**
   * These programs are not looked up on the PATH, because they start with this process's rights.
   */
  private static final List<Path> PLACES = List.of(Path.of("/usr/bin"), Path.of("/bin"));

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C");
  private static final Path ANYWHERE = Path.of("/");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int STICKY = 01000;
  private static final int ANSWER_BYTES = 1 << 12;

  private final String name;
  private final int uid;
  private final int gid;

  private ToolUser(String name, int uid, int gid) {
    this.name = name;
    this.uid = uid;
    this.gid = gid;
  }

  /**
   * Looks a user up by name.
   *
   * @throws IOException when there is no such user, it is root, or a program for the change of user
   *     is missing; the message says which
   */
  public static ToolUser named(String name) throws IOException {
    int uid = number("-u", name);
    int gid = number("-g", name);
    if (uid == 0) {
      throw new IOException(name + " is root itself");
    }
    program("setpriv");
    program("setsid");
    return new ToolUser(name, uid, gid);
  }

  /**
   * The user that the tools run as where the given one is configured. Only root can start them as
   * somebody else.
   *
   * @throws IOException when it cannot be that user; the message says why
   */
  public static ToolUser configured(Optional<String> name) throws IOException {
    return name.isPresent() && isRoot() ? named(name.get()) : OWN;
  }

  /** Whether this process is root's. */
  public static boolean isRoot() {
    try {
      return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static int number(String option, String name) throws IOException {
    ToolCommand command = command("id", List.of(option, "--", name));
    ToolResult result;
    try {
      result = new ToolRunner().run(command);
    } catch (ToolFailedException e) {
      throw new IOException(e.getMessage(), e);
    }
    return id(name, result.exitCode() == 0 ? result.text().strip() : "");
  }

  /** The id that the program {@code id} printed; larger ones do not fit into Java's attributes. */
  static int id(String name, String answer) throws IOException {
    if (!answer.matches("\\d{1,10}")) {
      throw new IOException("there is no user %s on this machine".formatted(name));
    }
    long number = Long.parseLong(answer);
    if (number > Integer.MAX_VALUE) {
      throw new IOException(
          "%s has the id %d; ids above %d cannot be used"
              .formatted(name, number, Integer.MAX_VALUE));
    }
    return (int) number;
  }

  private static Path program(String name) throws IOException {
    for (Path place : PLACES) {
      if (Files.isExecutable(place.resolve(name))) {
        return place.resolve(name);
      }
    }
    throw new IOException("%s (package util-linux) is not installed".formatted(name));
  }

  private static ToolCommand command(String program, List<String> arguments) {
    return new ToolCommand(
        program,
        arguments,
        ANYWHERE,
        ENVIRONMENT,
        new byte[0],
        PATIENCE,
        ANSWER_BYTES,
        line -> {},
        Optional.empty());
  }

  /** Whether the tools run as somebody else than this process. */
  public boolean isOther() {
    return uid > 0;
  }

  /** The user's name; empty for this process's own. */
  public String name() {
    return name;
  }

  /** The words before each command; empty for this process's own user. */
  public List<String> prefix() throws IOException {
    if (!isOther()) {
      return List.of();
    }
    return List.of(
        program("setpriv").toString(),
        "--reuid=" + uid,
        "--regid=" + gid,
        "--init-groups",
        "--no-new-privs",
        "--inh-caps=-all",
        "--bounding-set=-all",
        "--",
        // A tool must not write to the input of the terminal that started this process.
        program("setsid").toString(),
        "--");
  }

  /** Whether the tools may read a file. The kernel is asked, as that user. */
  public boolean mayRead(Path file) throws IOException {
    return may("-r", file);
  }

  /** Whether the tools may open files in a folder by their names. */
  public boolean mayEnter(Path folder) throws IOException {
    return may("-x", folder);
  }

  /**
   * A folder of a path, or the path itself, whose entries the tools could replace; empty when there
   * is none. Files below such a folder cannot be trusted.
   */
  public Optional<Path> replaceable(Path path) throws IOException {
    if (isOther()) {
      for (Path folder = path; folder != null; folder = folder.getParent()) {
        Map<String, Object> now = Files.readAttributes(folder, "unix:uid,mode");
        boolean own = now.get("uid").equals(uid);
        // In a sticky folder, such as /tmp, each entry is its owner's.
        boolean sticky = ((Integer) now.get("mode") & STICKY) != 0;
        if (own || !sticky && may("-w", folder)) {
          return Optional.of(folder);
        }
      }
    }
    return Optional.empty();
  }

  private boolean may(String right, Path path) throws IOException {
    if (!isOther()) {
      return true; // This process tests it when it opens the file.
    }
    try {
      ToolCommand command = command("test", List.of(right, path.toString()));
      ToolResult result = new ToolRunner(this).run(command);
      if (result.exitCode() > 1) {
        throw ToolFailedException.exited(command, result);
      }
      return result.exitCode() == 0;
    } catch (ToolFailedException e) {
      throw new IOException("a program cannot be run as %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Whether a process is one of this user's; always so for this process's own user. */
  public boolean owns(long pid) {
    if (!isOther()) {
      return true;
    }
    try {
      String wanted = "Uid:\t%d\t%d\t%d\t%d".formatted(uid, uid, uid, uid);
      return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).contains(wanted);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Requires that this user listens at the other end of a socket, since the tools could have given
   * the socket's name to another one. The user's number counts: two numbers may have one name.
   *
   * @throws IOException when it is not this user
   */
  public void requirePeer(SocketChannel channel) throws IOException {
    if (isOther()) {
      UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
      UserPrincipal expected =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(String.valueOf(uid));
      if (!peer.equals(expected)) {
        throw new IOException(
            "%s listens at %s, and not %s"
                .formatted(peer.getName(), channel.getRemoteAddress(), name));
      }
    }
  }

  /** Makes an empty file for the tools to write to; nothing for this process's own user. */
  public void makeFile(Path file) throws IOException {
    if (isOther()) {
      Files.write(file, new byte[0], StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      give(file);
    }
  }

  /** Makes a folder in which the tools may do everything; no file in it can be trusted. */
  public void makeFolder(Path folder) throws IOException {
    if (isOther()) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      give(folder);
    }
  }

  /** Lets the tools, and nobody else, reach what is in a folder by name; they cannot change it. */
  public void openFolder(Path folder) throws IOException {
    if (isOther()) {
      Files.setAttribute(folder, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.getFileAttributeView(folder, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setPermissions(PosixFilePermissions.fromString("rwx--x---"));
    }
  }

  /**
   * Gives the tools the ownership of a file that this process wrote; of a link itself, not of its
   * target.
   */
  public void give(Path file) throws IOException {
    if (isOther()) {
      Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(file, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
    }
  }
}
