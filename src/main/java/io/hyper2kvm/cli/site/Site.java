package io.hyper2kvm.cli.site;

import io.hyper2kvm.cli.output.CommandFailedException;
import io.hyper2kvm.config.ConfigInvalidException;
import io.hyper2kvm.config.ConfigKey;
import io.hyper2kvm.config.ConfigSources;
import io.hyper2kvm.config.DaemonConfigLoader;
import io.hyper2kvm.config.SourcesConfig;
import io.hyper2kvm.config.WorkflowConfig;
import io.hyper2kvm.report.AtomicFile;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.workflow.WorkflowDirectories;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A place where a daemon shall run.
 *
 * @param file its configuration; absolute
 * @param values the values that it gets, as {@link ConfigTemplate#with} takes them; folders are
 *     absolute
 * @param owner whose the new folders shall be
 */
public record Site(Path file, Map<ConfigKey<?>, String> values, ToolUser owner) {

  public Site {
    values = Map.copyOf(values);
    if (!file.isAbsolute()) {
      throw new IllegalArgumentException("file is not absolute: " + file);
    }
  }

  /**
   * Makes the folders that are missing, then writes the configuration, if a daemon could start with
   * it. One that is there is replaced and kept as {@code FILE.bak}.
   *
   * @param home the program's own folder, if it is known
   * @return the folders that were made
   * @throws CommandFailedException when the values do not fit together; all is then as before
   * @throws IOException when something cannot be written; the new folders are removed again
   */
  public List<Path> make(Optional<Path> home) throws IOException {
    NewFolders folders = new NewFolders(owner);
    try {
      makeFolders(folders);
      requireFit(home);
      write();
      return folders.made();
    } catch (IOException | RuntimeException e) {
      folders.takeBack();
      throw e;
    }
  }

  private void makeFolders(NewFolders folders) throws IOException {
    for (Map.Entry<ConfigKey<?>, String> entry : values.entrySet()) {
      // Sources belong to somebody else: a folder of theirs that is missing is a mistake.
      if (!entry.getValue().isEmpty() && entry.getKey() != SourcesConfig.SOURCE_DIR) {
        folders.make(Path.of(entry.getValue()));
      }
    }
    WorkflowDirectories workflow =
        new WorkflowDirectories(Path.of(values.get(WorkflowConfig.MANIFEST_WORKFLOW_DIR)));
    folders.make(workflow.toBeProcessed());
    folders.make(workflow.processing());
    folders.make(workflow.processed());
    folders.make(workflow.failed());
  }

  private void requireFit(Optional<Path> home) {
    Map<ConfigKey<?>, List<String>> written = new LinkedHashMap<>();
    values.forEach(
        (key, value) -> {
          if (!value.isEmpty()) {
            written.put(key, List.of(value));
          }
        });
    try {
      DaemonConfigLoader.load(
          new ConfigSources(Optional.empty(), Map.of(), written, Map.of(), file.getParent(), home));
    } catch (ConfigInvalidException e) {
      throw CommandFailedException.wrongUse(e.getMessage());
    }
  }

  private void write() throws IOException {
    // Not for the owner alone: who may read the configuration is the administrator's choice.
    Files.createDirectories(file.getParent());
    if (Files.exists(file)) {
      Files.copy(
          file,
          file.resolveSibling(file.getFileName() + ".bak"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    AtomicFile.write(file, ConfigTemplate.shipped().with(values).getBytes(StandardCharsets.UTF_8));
  }
}
