package io.hyper2kvm.daemon;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A folder of small scripts that stand for the real tools; a test makes them fail or hang. */
public final class FakeTools {

  private final Path folder;

  /** A folder with a qemu-img that works. */
  FakeTools(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    try (InputStream script = FakeTools.class.getResourceAsStream("fake-qemu-img.sh")) {
      executable("qemu-img", new String(script.readAllBytes(), "UTF-8"));
    }
  }

  public Path folder() {
    return folder;
  }

  /** What the fake qemu-img does first when it is called with the command. */
  public FakeTools before(String command, String script) throws IOException {
    Files.writeString(folder.resolve("on-" + command + ".sh"), script);
    return this;
  }

  /** The fake qemu-img does nothing special any more. */
  void heal(String command) throws IOException {
    Files.delete(folder.resolve("on-" + command + ".sh"));
  }

  /** Every call of the fake qemu-img so far, as its arguments. */
  List<String> calls() throws IOException {
    Path calls = folder.resolve("calls");
    return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
  }

  void remove(String tool) throws IOException {
    Files.delete(folder.resolve(tool));
  }

  void executable(String tool, String script) throws IOException {
    Path file = Files.writeString(folder.resolve(tool), script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
