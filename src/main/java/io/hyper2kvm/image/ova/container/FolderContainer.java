package io.hyper2kvm.image.ova.container;

import io.hyper2kvm.image.ImageRefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A folder with a description and its disks, such as an OVA that was unpacked. Links below the
 * folder are not followed. It may hold much else, which is not looked at.
 */
public final class FolderContainer implements Container {

  private final Path folder;
  private final Optional<String> description;

  /**
   * A folder as an OVA.
   *
   * @param folder absolute, without links
   * @param description the description's name, when it was named; the others are then ignored
   */
  public FolderContainer(Path folder, Optional<String> description) {
    this.folder = folder;
    this.description = description;
  }

  @Override
  public String kind() {
    return "folder";
  }

  @Override
  public boolean inPlace() {
    return true;
  }

  @Override
  public boolean holdsOneOva() {
    return description.isEmpty();
  }

  @Override
  public Optional<Member> find(String name) {
    Path file = folder;
    BasicFileAttributes attributes = null;
    try {
      for (String part : name.split("/")) {
        file = file.resolve(part);
        attributes =
            Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
          throw ArchiveRefusals.unsafe(folder, name, "is, or lies behind, a symbolic link");
        }
      }
    } catch (NoSuchFileException | InvalidPathException e) {
      return Optional.empty();
    } catch (IOException e) {
      // A file where a folder should be has no class of its own.
      if ("Not a directory".equals(reason(e))) {
        return Optional.empty();
      }
      throw ImageRefusedException.unreadable(file, e);
    }
    if (attributes == null || !attributes.isRegularFile()) {
      throw ArchiveRefusals.unsafe(folder, name, "is no regular file");
    }
    return Optional.of(new Member(name, file, 0, attributes.size()));
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException f ? f.getReason() : "";
  }

  @Override
  public List<Member> in(String subfolder) {
    List<Member> members = new ArrayList<>();
    Path searched = folder.resolve(subfolder);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(searched)) {
      int seen = 0;
      for (Path file : files) {
        if (++seen > Limits.ENTRIES) {
          throw ArchiveRefusals.tooLarge(
              folder, "the folder has more than %d entries".formatted(Limits.ENTRIES));
        }
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          String name = subfolder + file.getFileName();
          members.add(new Member(name, file, 0, Files.size(file)));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(searched, e);
    }
    members.sort(Comparator.comparing(Member::name));
    return members;
  }

  @Override
  public List<Member> descriptions() {
    if (description.isPresent()) {
      return find(description.get()).stream().toList();
    }
    return in("").stream().filter(Member::isDescription).toList();
  }

  @Override
  public InputStream open(Member member) throws IOException {
    try {
      return Files.newInputStream(member.file(), LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw ImageRefusedException.unreadable(member.file(), e);
    }
  }

  @Override
  public void close() {
    // Nothing is held open.
  }
}
