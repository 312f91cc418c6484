package io.hyper2kvm.tool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs a program with bounded output, a time-out and no shell. Whatever ends the wait early (time,
 * too much output, an interrupt) also ends the program and all its children, by {@link
 * ProcessTree}. While a program runs, a {@link ToolRecord} in its working directory says so.
 */
public final class ToolRunner {

  private static final String DEFAULT_PATH = "/usr/bin:/bin";
  private static final int STDERR_TAIL_BYTES = 16 << 10;
  private static final Duration PIPE_GRACE = Duration.ofSeconds(2);

  private final ToolUser user;
  private final Map<String, Integer> running = new ConcurrentHashMap<>();

  /** A runner whose programs run as this process's own user. */
  public ToolRunner() {
    this(ToolUser.OWN);
  }

  /** A runner whose programs run as the given user. */
  public ToolRunner(ToolUser user) {
    this.user = user;
  }

  /**
   * Runs the command to its end.
   *
   * @throws ToolFailedException when it cannot start, runs out of time, prints too much or the
   *     calling thread is interrupted (the interrupt flag is then set again); a non-zero exit code
   *     is no exception here
   */
  public ToolResult run(ToolCommand command) throws ToolFailedException {
    long start = System.nanoTime();
    String mark = ProcessTree.newMark();
    Process process = start(command, mark);
    count(command, 1);
    record(command, process);
    Runnable end = () -> ProcessTree.end(process.toHandle(), mark);
    Output stdout = new Output(command, end);
    Tail stderr = new Tail(STDERR_TAIL_BYTES);
    Thread feeder = pump("stdin", () -> feed(process.getOutputStream(), command.stdin()));
    Thread outReader = pump("stdout", () -> stdout.drain(process.getInputStream()));
    Thread errReader = pump("stderr", () -> stderr.drain(process.getErrorStream()));
    try {
      boolean ended = process.waitFor(command.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        end.run();
        throw ToolFailedException.timedOut(command, command.timeout(), stderr.text());
      }
      // A program that leaves a daemon running keeps the pipes open: do not wait for their end.
      outReader.join(PIPE_GRACE.toMillis());
      errReader.join(PIPE_GRACE.toMillis());
      stdout.rethrow();
      if (stdout.overflowed()) {
        throw ToolFailedException.printedTooMuch(command, stderr.text());
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      return new ToolResult(process.exitValue(), stdout.bytes(), stderr.text(), took);
    } catch (InterruptedException e) {
      end.run();
      Thread.currentThread().interrupt();
      throw ToolFailedException.interrupted(command, e);
    } finally {
      closeQuietly(process);
      feeder.interrupt();
      forget(command, process);
      count(command, -1);
    }
  }

  private void count(ToolCommand command, int more) {
    running.merge(Path.of(command.executable()).getFileName().toString(), more, Integer::sum);
  }

  /** How many of each program run now, by the program's name; 0 for one that has run before. */
  public Map<String, Integer> running() {
    return Map.copyOf(running);
  }

  private static void record(ToolCommand command, Process process) {
    if (command.directory().getParent() == null) {
      return; // A question without a job: nobody reads a record there.
    }
    try {
      ToolRecord.write(command.directory(), process.pid());
    } catch (IOException e) {
      // No failure: after a crash the tool is found by its environment, too.
    }
  }

  private static void forget(ToolCommand command, Process process) {
    if (command.directory().getParent() == null) {
      return;
    }
    try {
      ToolRecord.remove(command.directory(), process.pid());
    } catch (IOException e) {
      // The record has the process's start, so no other process is mistaken for it.
    }
  }

  private Process start(ToolCommand command, String mark) throws ToolFailedException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.directory(command.directory().toFile());
    builder.environment().clear();
    builder.environment().putAll(command.environment());
    builder.environment().put(ProcessTree.MARK, mark);
    command.stderrFile().ifPresent(file -> builder.redirectError(file.toFile()));
    try {
      List<String> words = new ArrayList<>(user.prefix());
      words.add(executable(command));
      words.addAll(command.arguments());
      builder.command(words);
      return builder.start();
    } catch (IOException e) {
      throw ToolFailedException.notStarted(command, e);
    }
  }

  /** Looked up on the PATH that the program gets; the JDK would use this process's PATH. */
  private static String executable(ToolCommand command) throws IOException {
    String name = command.executable();
    if (name.contains("/")) {
      return name;
    }
    String path = command.environment().getOrDefault("PATH", DEFAULT_PATH);
    for (String folder : path.split(":")) {
      Path file = Path.of(folder, name);
      if (file.isAbsolute() && Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file.toString();
      }
    }
    throw new IOException("no program of this name is on the PATH " + path);
  }

  private static Thread pump(String what, Runnable work) {
    Thread thread = new Thread(work, "tool-" + what);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void feed(OutputStream stdin, byte[] content) {
    try (stdin) {
      stdin.write(content);
    } catch (IOException e) {
      // The program ended or closed its input before it read everything: its exit code decides.
    }
  }

  private static void closeQuietly(Process process) {
    try {
      process.getInputStream().close();
      process.getErrorStream().close();
    } catch (IOException e) {
      // The pipe is closed already.
    }
  }

  /** Standard output: kept whole up to a bound, and handed on piece by piece. */
  private static final class Output {
    private final ToolCommand command;
    private final Runnable end;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private final AtomicBoolean overflow = new AtomicBoolean();
    private final AtomicReference<RuntimeException> broken = new AtomicReference<>();

    Output(ToolCommand command, Runnable end) {
      this.command = command;
      this.end = end;
    }

    void drain(InputStream in) {
      byte[] buffer = new byte[8192];
      try {
        int n;
        while ((n = in.read(buffer)) >= 0) {
          accept(buffer, n);
          if (overflow.get()) {
            end.run();
            return;
          }
        }
      } catch (IOException e) {
        // Closed by run() after the process ended.
      } catch (RuntimeException e) {
        // From onLine. Without a reader the program would block until its time limit.
        broken.set(e);
        end.run();
      }
    }

    void rethrow() {
      if (broken.get() != null) {
        throw broken.get();
      }
    }

    private synchronized void accept(byte[] buffer, int n) {
      if (kept.size() + n > command.maxStdoutBytes()) {
        overflow.set(true);
        return;
      }
      kept.write(buffer, 0, n);
      for (int i = 0; i < n; i++) {
        if (buffer[i] == '\n' || buffer[i] == '\r') {
          command.onLine().accept(piece.toString(StandardCharsets.UTF_8));
          piece.reset();
        } else if (piece.size() < 4096) {
          piece.write(buffer[i]);
        }
      }
    }

    boolean overflowed() {
      return overflow.get();
    }

    synchronized byte[] bytes() {
      return kept.toByteArray();
    }
  }

  /** Keeps the end of a stream. */
  private static final class Tail {
    private final byte[] ring;
    private long written;

    Tail(int size) {
      ring = new byte[size];
    }

    void drain(InputStream in) {
      byte[] buffer = new byte[4096];
      try {
        int n;
        while ((n = in.read(buffer)) >= 0) {
          add(buffer, n);
        }
      } catch (IOException e) {
        // Closed by run() after the process ended.
      }
    }

    private synchronized void add(byte[] buffer, int n) {
      for (int i = 0; i < n; i++) {
        ring[(int) (written++ % ring.length)] = buffer[i];
      }
    }

    synchronized String text() {
      int length = (int) Math.min(written, ring.length);
      byte[] tail = new byte[length];
      for (int i = 0; i < length; i++) {
        tail[i] = ring[(int) ((written - length + i) % ring.length)];
      }
      return new String(tail, StandardCharsets.UTF_8);
    }
  }
}
