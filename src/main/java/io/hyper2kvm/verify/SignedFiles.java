package io.hyper2kvm.verify;

import io.hyper2kvm.signature.Statement;
import io.hyper2kvm.signature.Subject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a folder against the statements about them; each is read once. */
final class SignedFiles {

  private final Path folder;
  private final FileDigest digest;
  private final Map<String, String> known = new HashMap<>();

  SignedFiles(Path folder, FileDigest digest) {
    this.folder = folder;
    this.digest = digest;
  }

  List<FileFinding> check(Statement statement) {
    return statement.subjects().stream().map(this::check).toList();
  }

  private FileFinding check(Subject subject) {
    String name = subject.name();
    try {
      Path file = folder.resolve(name);
      FileFinding there = regular(file, name);
      if (!there.isOk()) {
        return there;
      }
      long size = Files.size(file);
      if (subject.size().isPresent() && subject.size().get() != size) {
        return new FileFinding(
            name,
            FileFinding.State.CHANGED,
            "it has %d bytes, and had %d when it was signed".formatted(size, subject.size().get()));
      }
      String now = sha256(file, name);
      return now.equals(subject.sha256())
          ? FileFinding.ok(name)
          : new FileFinding(
              name,
              FileFinding.State.CHANGED,
              "its sha256 is %s, and was %s when it was signed".formatted(now, subject.sha256()));
    } catch (IOException e) {
      return new FileFinding(name, FileFinding.State.UNREADABLE, e.toString());
    } catch (InvalidPathException e) {
      return new FileFinding(
          name, FileFinding.State.UNREADABLE, "no file can have this name in this locale");
    }
  }

  private String sha256(Path file, String name) throws IOException {
    String before = known.get(name);
    if (before != null) {
      return before;
    }
    String now = digest.of(file);
    known.put(name, now);
    return now;
  }

  /** Whether a regular file is there: a link is not followed, and a pipe not opened. */
  static FileFinding regular(Path file, String name) throws IOException {
    try {
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (attributes.isRegularFile()) {
        return FileFinding.ok(name);
      }
      String what =
          attributes.isSymbolicLink()
              ? "a link, which is not followed"
              : attributes.isDirectory() ? "a folder" : "no regular file";
      return new FileFinding(name, FileFinding.State.REPLACED, "in its place is " + what);
    } catch (NoSuchFileException e) {
      return new FileFinding(name, FileFinding.State.MISSING, "it is not there");
    }
  }
}
