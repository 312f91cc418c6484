package io.hyper2kvm.doctor;

import io.hyper2kvm.tool.ToolCommand;
import io.hyper2kvm.tool.ToolFailedException;
import io.hyper2kvm.tool.ToolResult;
import io.hyper2kvm.tool.ToolRunner;
import io.hyper2kvm.tool.ToolUser;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the checks look at.
 *
 * @param configured whether somebody wrote the configuration; otherwise its folders mean nothing
 * @param root the file system that is looked at; {@code /} but in tests
 * @param user the number of the user whose rights the tools have
 * @param toolEnvironment the tools' environment where KVM works
 * @param scratch an empty folder for the probes; absolute
 * @param toolUser the user that the tools would run as
 * @param patience how long a tool may take to say its version
 * @param kvmWorks what the check of KVM found, for those after it
 */
record Host(
    boolean configured,
    Path root,
    long user,
    Map<String, String> toolEnvironment,
    Path scratch,
    ToolUser toolUser,
    Duration patience,
    KvmAnswer kvmWorks) {

  private static final int MAX_ANSWER = 1 << 20;

  /** A thing that one check finds out and others need. */
  static final class KvmAnswer {
    private boolean works;

    void works(boolean works) {
      this.works = works;
    }

    boolean works() {
      return works;
    }
  }

  /** Where the program is, as the tools' PATH has it. */
  Optional<Path> find(String program) {
    for (String folder : toolEnvironment.getOrDefault("PATH", "").split(":")) {
      Path file = Path.of(folder, program);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.empty();
  }

  /** Runs a tool in the scratch folder. */
  ToolResult run(String program, List<String> arguments, Duration limit)
      throws ToolFailedException {
    return run(program, arguments, "", toolEnvironment, limit);
  }

  /** Runs a tool in the scratch folder, with something to read. */
  ToolResult run(
      String program,
      List<String> arguments,
      String stdin,
      Map<String, String> environment,
      Duration limit)
      throws ToolFailedException {
    return new ToolRunner(toolUser)
        .run(
            new ToolCommand(
                program,
                arguments,
                scratch,
                environment,
                stdin.getBytes(StandardCharsets.UTF_8),
                limit,
                MAX_ANSWER,
                line -> {},
                Optional.empty()));
  }

  /** The end of what a tool said, in one line that a terminal can show. */
  static String tail(String text) {
    String line = text.strip().replaceAll("\\s*\\R\\s*", " | ").replaceAll("[\\p{Cntrl}]", "?");
    return line.isEmpty()
        ? "nothing said"
        : line.length() <= 200 ? line : "..." + line.substring(line.length() - 200);
  }
}
