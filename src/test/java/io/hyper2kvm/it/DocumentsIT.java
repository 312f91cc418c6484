package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commands of the documents do what the documents say, in a copy of this machine's files. */
@Timeout(1800)
@Tag("all")
class DocumentsIT {

  @TempDir private static Path directory;

  static List<String> documents() {
    return Documents.withCommandsToRun();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyCommandOfTheDocumentSucceeds(String document) throws IOException, InterruptedException {
    Path log = directory.resolve(document.replace('/', '-') + ".log");
    Process process =
        new ProcessBuilder(
                RealGuest.Program.HOME.resolve("src/test/documents/run-document.sh").toString(),
                RealGuest.Program.HOME.resolve(document).toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(25, TimeUnit.MINUTES)).as(() -> tail(log)).isTrue();
    } finally {
      process.destroy();
    }
    assertThat(process.exitValue()).as(() -> tail(log)).isZero();
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 60), lines.size()));
    } catch (IOException e) {
      return e.toString();
    }
  }
}
