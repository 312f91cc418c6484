package io.hyper2kvm.doctor;

import io.hyper2kvm.config.LogConfig;
import io.hyper2kvm.config.OutputConfig;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The folders of the configuration: there or creatable, writable, with room. */
final class FoldersCheck implements Check {

  private static final long LITTLE_BYTES = 10L << 30;
  private static final List<String> MANIFEST_FOLDERS =
      List.of("to_be_processed", "processing", "processed", "failed");

  private final WorkflowConfig workflow;
  private final OutputConfig output;
  private final SourcesConfig sources;
  private final LogConfig log;

  FoldersCheck(WorkflowConfig workflow, OutputConfig output, SourcesConfig sources, LogConfig log) {
    this.workflow = workflow;
    this.output = output;
    this.sources = sources;
    this.log = log;
  }

  @Override
  public List<Finding> run(Host host) {
    if (!host.configured()) {
      return List.of(
          Finding.warn(
              "Folders",
              "not looked at: no configuration was named, and none is installed",
              "name it: --config FILE, or --manifest-workflow-dir and --output-dir"));
    }
    List<Finding> findings = new ArrayList<>();
    findings.add(written("manifest_workflow_dir", workflow.dir(), false));
    findings.add(written("output_dir", output.dir(), true));
    output
        .allowedRoots()
        .forEach(root -> findings.add(written("allowed_output_roots", root, true)));
    findings.add(written("work_dir", workflow.workDir(), true));
    log.file().ifPresent(file -> findings.add(written("log folder", file.getParent(), false)));
    sources.dir().ifPresent(folder -> findings.add(read("source_dir", folder)));
    sources.allowedRoots().forEach(folder -> findings.add(read("allowed_source_roots", folder)));
    findings.add(moves(workflow.dir()));
    return findings;
  }

  private static Finding written(String subject, Path folder, boolean holdsDisks) {
    Optional<Path> there = existing(folder);
    if (there.isEmpty()) {
      return Finding.fail(subject, folder + " cannot be reached", "mount or create it");
    }
    Path place = there.get();
    if (!Files.isDirectory(place)) {
      return Finding.fail(
          subject, "%s: %s is no folder".formatted(folder, place), "name another folder");
    }
    if (!Files.isWritable(place) || !Files.isExecutable(place)) {
      return Finding.fail(
          subject,
          place.equals(folder)
              ? folder + " may not be written"
              : "%s cannot be created, as %s may not be written".formatted(folder, place),
          "as root: install -d -o USER -g GROUP " + folder);
    }
    try {
      FileStore store = Files.getFileStore(place);
      long free = store.getUsableSpace();
      String found =
          "%s%s: %s free on %s (%s)"
              .formatted(
                  folder,
                  place.equals(folder) ? "" : " (to be created)",
                  size(free),
                  store.name(),
                  store.type());
      if (holdsDisks && free < LITTLE_BYTES) {
        return Finding.warn(
            subject, found, "make room: a disk needs up to its virtual size, an overlay less");
      }
      return Finding.ok(subject, found);
    } catch (IOException e) {
      return Finding.fail(subject, folder + ": " + e, "look whether its file system is in order");
    }
  }

  private static Finding read(String subject, Path folder) {
    if (!Files.isDirectory(folder)) {
      return Finding.fail(subject, folder + " is not there", "mount or create it");
    }
    return Files.isReadable(folder) && Files.isExecutable(folder)
        ? Finding.ok(subject, folder + ": readable")
        : Finding.fail(subject, folder + " may not be read", "let the daemon's user read it");
  }

  /** A manifest moves by one rename, which does not go from one file system to another. */
  private static Finding moves(Path workflow) {
    String subject = "Manifest moves";
    List<Path> folders =
        MANIFEST_FOLDERS.stream().map(workflow::resolve).filter(Files::isDirectory).toList();
    if (folders.size() < 2) {
      return Finding.ok(subject, "the daemon makes the four folders on one file system");
    }
    Path file = null;
    try {
      file = Files.createTempFile(folders.get(0), ".doctor", ".tmp");
      for (Path folder : folders) {
        Path next = folder.resolve(file.getFileName());
        if (!next.equals(file)) {
          Files.move(file, next, StandardCopyOption.ATOMIC_MOVE);
          file = next;
        }
      }
      return Finding.ok(subject, "one rename each; the folders are on one file system");
    } catch (IOException e) {
      return Finding.fail(
          subject,
          "a file cannot be renamed from one manifest folder to the next: " + e,
          "have all four on one file system, and writable");
    } finally {
      delete(file);
    }
  }

  private static void delete(Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }

  /** The folder, or the nearest one above it that is there; at most two levels, as the daemon. */
  private static Optional<Path> existing(Path folder) {
    Path at = folder;
    for (int level = 0; level < 4 && at != null; level++) {
      if (Files.exists(at)) {
        return Optional.of(at);
      }
      at = at.getParent();
    }
    return Optional.empty();
  }

  private static String size(long bytes) {
    return bytes >= 1L << 30 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
  }
}
