package io.hyper2kvm.signature;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A file with signed statements: in-toto's bundle, one envelope a line. It lies beside the file
 * that it is about, under that file's name with {@value #ENDING} behind it.
 *
 * @param envelopes what could be read, in the order of the lines
 * @param problems what is wrong with the other lines; a bundle may hold lines of other programs
 */
public record AttestationFile(List<Envelope> envelopes, List<String> problems) {

  /** What is behind the name of the file that it is about. */
  public static final String ENDING = ".intoto.jsonl";

  /** A larger file is not read, in bytes. */
  public static final int LARGEST = 8 << 20;

  private static final int MOST_LINES = 100;

  public AttestationFile {
    envelopes = List.copyOf(envelopes);
    problems = List.copyOf(problems);
  }

  /** Where the statements about a file are. */
  public static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ENDING);
  }

  /** An envelope as a line, with its end. */
  static byte[] line(Envelope envelope) {
    byte[] json = envelope.json();
    byte[] line = Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }

  /**
   * Reads a file that anybody may have put there.
   *
   * @throws IOException when it cannot be read, is no regular file, or is too large
   */
  public static AttestationFile read(Path file) throws IOException {
    // Opening a pipe would wait for its writer.
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new MalformedException("it is no regular file");
    }
    byte[] content;
    try (InputStream in =
        Channels.newInputStream(
            Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      content = in.readNBytes(LARGEST + 1);
    }
    if (content.length > LARGEST) {
      throw new MalformedException("it has more than %d bytes".formatted(LARGEST));
    }
    return parse(content);
  }

  static AttestationFile parse(byte[] content) {
    List<Envelope> envelopes = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int number = 0;
    for (int from = 0; from < content.length; ) {
      int to = from;
      while (to < content.length && content[to] != '\n') {
        to++;
      }
      byte[] line = Arrays.copyOfRange(content, from, to);
      from = to + 1;
      if (isBlank(line)) {
        continue;
      }
      number++;
      if (number > MOST_LINES) {
        problems.add("it has more than %d lines; the others are not read".formatted(MOST_LINES));
        break;
      }
      try {
        envelopes.add(Envelope.parse(line));
      } catch (MalformedException e) {
        problems.add("line %d: %s".formatted(number, e.getMessage()));
      }
    }
    return new AttestationFile(envelopes, problems);
  }

  private static boolean isBlank(byte[] line) {
    for (byte one : line) {
      if (one != ' ' && one != '\t' && one != '\r') {
        return false;
      }
    }
    return true;
  }
}
