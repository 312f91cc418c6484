package io.hyper2kvm.tool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Commands for the tests; they differ from a plain one in what a test is about. */
record Commands(
    Path directory,
    Map<String, String> environment,
    byte[] stdin,
    Duration timeout,
    int maxStdoutBytes,
    Consumer<String> onLine,
    Optional<Path> stderrFile) {

  static Commands in(Path directory) {
    return new Commands(
        directory,
        Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C.UTF-8"),
        new byte[0],
        Duration.ofSeconds(60),
        1 << 20,
        line -> {},
        Optional.empty());
  }

  Commands environment(Map<String, String> other) {
    return new Commands(directory, other, stdin, timeout, maxStdoutBytes, onLine, stderrFile);
  }

  Commands stdin(byte[] other) {
    return new Commands(directory, environment, other, timeout, maxStdoutBytes, onLine, stderrFile);
  }

  Commands timeout(Duration other) {
    return new Commands(directory, environment, stdin, other, maxStdoutBytes, onLine, stderrFile);
  }

  Commands maxStdoutBytes(int other) {
    return new Commands(directory, environment, stdin, timeout, other, onLine, stderrFile);
  }

  Commands onLine(Consumer<String> other) {
    return new Commands(directory, environment, stdin, timeout, maxStdoutBytes, other, stderrFile);
  }

  Commands stderrFile(Path other) {
    return new Commands(
        directory, environment, stdin, timeout, maxStdoutBytes, onLine, Optional.of(other));
  }

  /** A command of a program and its arguments. */
  ToolCommand of(String executable, String... arguments) {
    return new ToolCommand(
        executable,
        List.of(arguments),
        directory,
        environment,
        stdin,
        timeout,
        maxStdoutBytes,
        onLine,
        stderrFile);
  }

  /** A shell script; its arguments are $1, $2 and so on. */
  ToolCommand sh(String script, String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "-c";
    all[1] = script;
    all[2] = "sh";
    System.arraycopy(arguments, 0, all, 3, arguments.length);
    return of("/bin/sh", all);
  }
}
