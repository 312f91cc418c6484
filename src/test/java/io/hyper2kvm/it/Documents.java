package io.hyper2kvm.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The documents for users, and the blocks of commands in them. */
final class Documents {

  static final Path HOME = Path.of(System.getProperty("h2k.basedir", "")).toAbsolutePath();

  private static final Pattern BY = Pattern.compile("<!-- test: by (\\S+) -->");
  private static final Pattern NONE = Pattern.compile("<!-- test: none .+ -->");

  /** Of a block that nothing runs; the document says that it was not tried. */
  static final String NOT_TRIED = "-";

  private Documents() {}

  /**
   * One block of commands.
   *
   * @param line where it begins, from 1
   * @param by the test or script that tries what it does; empty for one that {@link DocumentsIT}
   *     runs
   */
  record Block(String document, int line, String by) {
    @Override
    public String toString() {
      return document + ":" + line;
    }
  }

  /** All documents, by their paths in the repository. */
  static List<String> all() {
    List<String> documents = new ArrayList<>(List.of("README.md", "CONTRIBUTING.md"));
    for (String folder : List.of("docs", "examples")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
        files
            .filter(file -> file.toString().endsWith(".md"))
            .map(file -> HOME.relativize(file).toString())
            .sorted()
            .forEach(documents::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return documents;
  }

  static List<String> withCommandsToRun() {
    return all().stream()
        .filter(document -> blocks(document).stream().anyMatch(block -> block.by().isEmpty()))
        .toList();
  }

  static List<Block> blocks(String document) {
    List<Block> blocks = new ArrayList<>();
    try {
      String by = "";
      int number = 0;
      for (String line : Files.readAllLines(HOME.resolve(document))) {
        number++;
        Matcher matcher = BY.matcher(line.strip());
        if (matcher.matches()) {
          by = matcher.group(1);
        } else if (NONE.matcher(line.strip()).matches()) {
          by = NOT_TRIED;
        } else if (line.strip().equals("```bash")) {
          blocks.add(new Block(document, number, by));
          by = "";
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return blocks;
  }
}
