package io.hyper2kvm.config;

import io.hyper2kvm.signature.KeyRefusedException;
import io.hyper2kvm.signature.SigningKey;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Checks the configured folders: that they can be used, and that none lies where it must not. */
final class FolderRules {

  /** The folders that manifests move through; whatever lies there is taken for a manifest. */
  private static final List<String> MANIFEST_FOLDERS =
      List.of("to_be_processed", "processing", "processed", "failed", ".recovery");

  /** Nobody but root makes devices, but others make links to them there. */
  private static final List<String> SHARED = List.of("/dev/shm", "/dev/mqueue");

  private final Settings settings;

  FolderRules(Settings settings) {
    this.settings = settings;
  }

  /** A folder that is only read must be there. */
  void readable(ConfigKey<Path> key, Path folder) {
    if (!Files.isDirectory(folder)) {
      settings.problem(key, what(folder), "an existing folder");
    } else if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
      settings.problem(key, folder + ", which may not be read", "a readable folder");
    }
  }

  /**
   * A folder that is read if it is there; where nobody can tell whether it is, it is not left out.
   */
  void readableIfThere(ConfigKey<Path> key, Path folder) {
    if (Files.exists(folder)) {
      readable(key, folder);
    } else if (!Files.notExists(folder)) {
      settings.problem(key, folder + ", which may not be reached", "a readable folder, or none");
    }
  }

  /** A pattern of devices: the links below /dev are the system's own, others may be anybody's. */
  void device(ConfigKey<Path> key, Path pattern) {
    if (!pattern.startsWith("/dev") || pattern.getNameCount() < 2) {
      settings.problem(key, pattern.toString(), "a name below /dev, such as /dev/vg0/snap-*");
    } else if (!pattern.toString().matches("([\\w./+:@?-]|\\*(?!\\*))+")) {
      settings.problem(key, pattern.toString(), "a name with no wildcards but * and ?");
    } else if (SHARED.stream().anyMatch(pattern::startsWith)) {
      settings.problem(key, pattern + ", where anybody can make files", "the name of a device");
    }
  }

  /** A folder that is written must be there. */
  void writable(ConfigKey<Path> key, Path folder) {
    if (!Files.isDirectory(folder)) {
      settings.problem(key, what(folder), "an existing folder");
    } else if (!mayWrite(folder)) {
      settings.problem(key, folder + ", which may not be written", "a writable folder");
    }
  }

  /**
   * A folder that the daemon may create, with one level above it. Not more: a misspelt path should
   * be an error and not a new tree.
   */
  void creatable(ConfigKey<Path> key, Path folder) {
    if (Files.exists(folder)) {
      writable(key, folder);
      return;
    }
    Path parent = folder.getParent();
    if (parent != null && !Files.exists(parent)) {
      parent = parent.getParent();
    }
    if (parent == null || !Files.isDirectory(parent)) {
      settings.problem(
          key,
          folder + ", which has no folder to be created in",
          "a folder, or a path with at most two levels to create");
    } else if (!mayWrite(parent)) {
      settings.problem(
          key,
          "%s, which cannot be created, as %s may not be written".formatted(folder, parent),
          "a writable folder, or one in a writable folder");
    }
  }

  /** The routes must be there: a daemon without them would take manifests and do nothing. */
  void holdsRoutes(ConfigKey<Path> key, Path folder) {
    if (!Files.isDirectory(folder)) {
      settings.problem(key, what(folder), "a folder with route files, *.camel.yaml");
      return;
    }
    try (DirectoryStream<Path> routes = Files.newDirectoryStream(folder, "*.camel.yaml")) {
      if (!routes.iterator().hasNext()) {
        settings.problem(
            key, folder + ", without any route", "a folder with route files, *.camel.yaml");
      }
    } catch (IOException e) {
      settings.problem(key, folder + ", which may not be read", "a readable folder");
    }
  }

  /** A log file must be writable, or able to appear. */
  void writableFile(ConfigKey<Path> key, Path file) {
    if (Files.isDirectory(file)) {
      settings.problem(key, file + ", which is a folder", "a file");
    } else if (Files.exists(file)) {
      if (!Files.isWritable(file)) {
        settings.problem(key, file + ", which may not be written", "a writable file");
      }
    } else if (file.getParent() != null) {
      creatable(key, file.getParent());
    }
  }

  /** Only root can start tools as somebody else, and only as somebody there is. */
  void usableUser(ConfigKey<String> key, String name) {
    String own = System.getProperty("user.name", "?");
    if (name == null || name.equals(own)) {
      return;
    }
    if (!ToolUser.isRoot()) {
      settings.problem(
          key,
          "%s, and the program was started as %s".formatted(name, own),
          "a start as root, which alone can run tools as another user; or no tool_user");
      return;
    }
    try {
      ToolUser.named(name);
    } catch (IOException e) {
      settings.problem(key, "%s: %s".formatted(name, e.getMessage()), key.allowed());
    }
  }

  /** A key that cannot sign must not be found out when the first output is ready. */
  void signingKey(ConfigKey<Path> key, Path file) {
    try {
      SigningKey.read(file);
    } catch (KeyRefusedException e) {
      settings.problem(key, "%s: %s".formatted(file, e.reason()), e.advice());
    }
  }

  /** A public key, or several, in one file. */
  void verifyKey(ConfigKey<Path> key, Path file) {
    try {
      TrustedKey.read(file);
    } catch (KeyRefusedException e) {
      settings.problem(key, "%s: %s".formatted(file, e.reason()), e.advice());
    }
  }

  /** What is written to {@code folder} must not appear among the manifests, nor the other way. */
  void apartFromManifests(ConfigKey<Path> key, Path folder, Path workflowDir) {
    for (String name : MANIFEST_FOLDERS) {
      Path manifests = workflowDir.resolve(name);
      if (isBelow(folder, manifests)) {
        settings.problem(
            key, folder + ", inside the manifests' " + manifests, "a folder outside of it");
        return;
      }
    }
    if (isBelow(workflowDir, folder)) {
      settings.problem(
          key,
          "%s, which holds the manifests' %s".formatted(folder, workflowDir),
          "a folder beside or inside manifest_workflow_dir, apart from its manifest folders");
    }
  }

  /** Overlays must not be reachable as outputs, nor outputs be cleaned away with the overlays. */
  void apart(ConfigKey<Path> key, Path folder, ConfigKey<Path> otherKey, Path other) {
    if (isBelow(folder, other) || isBelow(other, folder)) {
      settings.problem(
          key,
          "%s, which overlaps with %s (%s)".formatted(folder, otherKey, other),
          "a folder apart from " + otherKey);
    }
  }

  private static boolean isBelow(Path folder, Path ancestor) {
    return real(folder).startsWith(real(ancestor));
  }

  /** The path with the symbolic links of its existing part followed. */
  private static Path real(Path path) {
    for (Path there = path; there != null; there = there.getParent()) {
      try {
        return there.toRealPath().resolve(there.relativize(path)).normalize();
      } catch (IOException e) {
        // Not there, or not to be entered: try the folder above it.
      }
    }
    return path;
  }

  private static boolean mayWrite(Path folder) {
    return Files.isWritable(folder) && Files.isExecutable(folder);
  }

  private static String what(Path folder) {
    return Files.exists(folder)
        ? folder + ", which is no folder"
        : folder + ", which does not exist";
  }
}
