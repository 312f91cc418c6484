package io.hyper2kvm.stage;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.image.BlockDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sizes, times and hashes of a source's files, by which a change of them is detected.
 *
 * @param files the files in their order
 * @param sha256 the hash of the first file, when one was asked for
 */
public record SourceFingerprint(List<FileState> files, Optional<String> sha256) {

  /**
   * One file's state.
   *
   * @param path the file
   * @param size its size in bytes
   * @param modified when it was written last; of a block device, whose name is not, the epoch
   * @param headSha256 of a block device, the hash of its first MiB
   */
  public record FileState(Path path, long size, FileTime modified, Optional<String> headSha256) {

    private static final FileTime NONE = FileTime.fromMillis(0);

    /** The state of a regular file. */
    public FileState(Path path, long size, FileTime modified) {
      this(path, size, modified, Optional.empty());
    }

    /** Looks at a file or a block device; a link is looked at itself. */
    public static FileState of(Path path) throws IOException {
      if (BlockDevice.isOne(path)) {
        return new FileState(path, BlockDevice.size(path), NONE, Optional.of(Sha256.ofHead(path)));
      }
      BasicFileAttributes attributes =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileState(path, attributes.size(), attributes.lastModifiedTime());
    }

    /** The file as reports and provenance show it. */
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("path", path.toString());
      json.put("size_bytes", size);
      if (headSha256.isPresent()) {
        json.put("head_sha256", headSha256.get());
        return json;
      }
      // With seconds also on the full minute, and whatever the file system has below them.
      json.put(
          "modified_at",
          modified
              .toInstant()
              .atZone(ZoneId.systemDefault())
              .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
      return json;
    }

    /**
     * Reads what {@link #json} has written.
     *
     * @throws RuntimeException when it is anything else
     */
    public static FileState read(JsonNode json) {
      if (!json.path("size_bytes").isIntegralNumber()) {
        throw new IllegalArgumentException("size_bytes is no whole number");
      }
      Path path = Path.of(json.path("path").textValue());
      long size = json.path("size_bytes").longValue();
      if (json.path("head_sha256").isTextual()) {
        return new FileState(path, size, NONE, Optional.of(json.path("head_sha256").textValue()));
      }
      return new FileState(
          path,
          size,
          FileTime.from(OffsetDateTime.parse(json.path("modified_at").textValue()).toInstant()));
    }
  }

  public SourceFingerprint {
    files = List.copyOf(files);
  }

  /**
   * Looks at the files.
   *
   * @param withHash whether the first file's content is hashed
   */
  public static SourceFingerprint of(List<Path> paths, boolean withHash) throws IOException {
    List<FileState> states = new ArrayList<>();
    for (Path path : paths) {
      states.add(FileState.of(path));
    }
    return new SourceFingerprint(
        states, withHash ? Optional.of(Sha256.of(paths.get(0))) : Optional.empty());
  }

  /** Looks at the same files again, hashing only what was hashed before. */
  public SourceFingerprint again() throws IOException {
    return of(files.stream().map(FileState::path).toList(), sha256.isPresent());
  }

  /** Whether its content may be another one though sizes, times and hashes are the same. */
  public boolean mayHideAChange() {
    return sha256.isEmpty() && files.stream().anyMatch(file -> file.headSha256().isPresent());
  }

  /** The files as the report shows them. */
  public List<Object> json() {
    List<Object> json = new ArrayList<>();
    for (FileState file : files) {
      Map<String, Object> entry = file.json();
      if (json.isEmpty()) {
        sha256.ifPresent(hash -> entry.put("sha256", hash));
      }
      json.add(entry);
    }
    return json;
  }

  /**
   * Reads what {@link #json} has written.
   *
   * @throws RuntimeException when it is anything else
   */
  public static SourceFingerprint read(JsonNode json) {
    List<FileState> files = new ArrayList<>();
    json.forEach(file -> files.add(FileState.read(file)));
    return new SourceFingerprint(
        files, Optional.ofNullable(json.path(0).path("sha256").textValue()));
  }
}
