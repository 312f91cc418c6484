package io.hyper2kvm.stage.load;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.failure.StageFailedException;
import io.hyper2kvm.manifest.model.LoadSpec;
import io.hyper2kvm.manifest.model.Pipeline;
import io.hyper2kvm.stage.OperatorScript;
import io.hyper2kvm.stage.SourceFingerprint;
import io.hyper2kvm.stage.StageSettings;
import io.hyper2kvm.stage.space.NearestFolder;
import io.hyper2kvm.tool.ToolUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The checks of a VM's sources and targets that need no tool: stage LOAD and the command {@code
 * validate} use them. They make nothing and change nothing.
 */
public final class Preflight {

  private final StageSettings settings;

  Preflight(StageSettings settings) {
    this.settings = settings;
  }

  /**
   * Opens a source and reads its headers.
   *
   * @throws StageFailedException when it must not be read or cannot be converted
   */
  SourceDisks source(LoadSpec load) throws IOException {
    SourceDisks source =
        SourceDisks.open(load, settings.sourceRoots(), new AllowedDevices(settings.devices()));
    try {
      for (int disk = 0; disk < source.count(); disk++) {
        for (Path file : source.files(disk)) {
          requireReadable(file);
        }
      }
      return source;
    } catch (IOException | RuntimeException e) {
      source.close();
      throw e;
    }
  }

  /**
   * The script for the first boot, if one is wanted.
   *
   * @throws StageFailedException when it must not be read or cannot run in a guest
   */
  Optional<OperatorScript> script(Pipeline pipeline) {
    return pipeline.fix().firstboot().map(path -> ScriptFile.read(path, settings.scriptRoots()));
  }

  /** The tools may have less rights than who looks here. */
  private void requireReadable(Path file) throws IOException {
    ToolUser user = settings.toolUser();
    if (user.mayRead(file)) {
      return;
    }
    Path closed = null;
    for (Path folder = file.getParent(); folder != null; folder = folder.getParent()) {
      if (!user.mayEnter(folder)) {
        closed = folder;
      }
    }
    String name = user.name();
    throw StageFailedException.because(
        FailureCode.SOURCE_UNREADABLE,
        closed == null
            ? "tool_user %s may not read %s: setfacl -m u:%s:r on it, or let a group of that user read it"
                .formatted(name, file, name)
            : "tool_user %s may not enter %s, on the way to %s: setfacl -m u:%s:x on it, or chmod o+x"
                .formatted(name, closed, file, name));
  }

  /**
   * The source with its hash, which must be the one in the manifest.
   *
   * @param load has a checksum
   */
  SourceFingerprint hashed(LoadSpec load, SourceDisks source) throws IOException {
    SourceFingerprint found = SourceFingerprint.of(source.files(0), true);
    if (!load.sha256().equals(found.sha256())) {
      throw StageFailedException.because(
          FailureCode.SOURCE_CHECKSUM_MISMATCH,
          "%s has the sha256 %s, not %s"
              .formatted(
                  load.sourcePath(), found.sha256().orElseThrow(), load.sha256().orElseThrow()));
    }
    return found;
  }

  /**
   * Where an output really goes, as far as its folders are there.
   *
   * @throws StageFailedException when it must not or cannot be written there
   */
  Path target(Path wanted) throws IOException {
    Path target = AllowedRoots.real(wanted.getParent()).resolve(wanted.getFileName());
    AllowedRoots.requireBelow(
        wanted, target, settings.outputRoots(), FailureCode.OUTPUT_OUTSIDE_ROOTS);
    Path folder = target.getParent();
    Path there = NearestFolder.of(folder);
    if (!Files.isDirectory(there)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_NOT_WRITABLE,
          "the output's folder cannot be made: %s is no folder".formatted(there));
    }
    if (!Files.isWritable(there)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_NOT_WRITABLE,
          there.equals(folder)
              ? "the output's folder cannot be written to: " + folder
              : "the output's folder %s cannot be made: %s cannot be written to"
                  .formatted(folder, there));
    }
    if (there.equals(folder) && !settings.toolUser().mayEnter(folder)) {
      throw StageFailedException.because(
          FailureCode.OUTPUT_NOT_WRITABLE,
          "tool_user %s cannot reach the output's folder %s: give it the right x on it and each folder above it"
              .formatted(settings.toolUser().name(), folder));
    }
    return target;
  }
}
