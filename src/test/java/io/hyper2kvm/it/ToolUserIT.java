package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real tools of a program that root started, as another user, or not at all. */
@Timeout(900)
class ToolUserIT {

  private static final Set<String> TOOLS =
      Set.of("qemu-img", "guestfish", "qemu-system-x86_64", "supermin");

  @TempDir Path folder;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give tools a user");
    folder = folder.toRealPath();
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
  }

  private Process run(List<String> before, String... arguments) throws IOException {
    List<String> command =
        Stream.of(
                before.stream(),
                Stream.of(RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString(), "run"),
                Stream.of(arguments))
            .flatMap(words -> words)
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout").toFile())
            .redirectError(folder.resolve("stderr").toFile());
    builder.environment().put("TMPDIR", folder.toString());
    return builder.start();
  }

  /** The users of each tool that works below the folder now. */
  private void collect(Map<String, Set<String>> users) throws IOException {
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process : processes.filter(ToolUserIT::isProcess).toList()) {
        try {
          Path program = Files.readSymbolicLink(process.resolve("exe")).getFileName();
          if (TOOLS.contains(program.toString())
              && Files.readSymbolicLink(process.resolve("cwd")).startsWith(folder)) {
            String user =
                Files.readAllLines(process.resolve("status")).stream()
                    .filter(line -> line.startsWith("Uid:") || line.startsWith("CapEff:"))
                    .map(line -> line.replaceAll("\\s+", " "))
                    .toList()
                    .toString();
            users.computeIfAbsent(program.toString(), name -> new TreeSet<>()).add(user);
          }
        } catch (IOException e) {
          // It has ended.
        }
      }
    }
  }

  private static boolean isProcess(Path entry) {
    return entry.getFileName().toString().matches("\\d+");
  }

  @Test
  void aGuestIsFixedAndConvertedWithoutRootsRights() throws Exception {
    Path source = folder.resolve("web.vmdk");
    Files.copy(RealGuest.debian12("vmdk", "--modules", "list").get(0), source);
    Files.writeString(
        folder.resolve("web.yaml"),
        """
        version: "1.0"
        pipeline:
          load: {source_type: vmdk, source_path: web.vmdk}
          fix:
            fstab: {mode: stabilize-all}
            initramfs: {enabled: true}
          convert: {output_format: qcow2}
        """
            .replace("web.vmdk", source.toString()));
    Files.createDirectory(folder.resolve("out"));
    Process process =
        run(
            List.of(),
            "--tool-user",
            "nobody",
            "--output-dir",
            folder.resolve("out").toString(),
            "--output",
            "json",
            "web.yaml");
    Map<String, Set<String>> users = new TreeMap<>();
    while (!process.waitFor(20, TimeUnit.MILLISECONDS)) {
      collect(users);
    }

    assertThat(process.exitValue()).as(Files.readString(folder.resolve("stderr"))).isZero();
    Set<String> nobody = Set.of("[Uid: 65534 65534 65534 65534, CapEff: 0000000000000000]");
    assertThat(users)
        .containsEntry("qemu-img", nobody)
        .containsEntry("guestfish", nobody)
        .containsEntry("qemu-system-x86_64", nobody);
    assertThat(users.values()).allMatch(nobody::equals);
    Path output = folder.resolve("out/web-converted.qcow2");
    assertThat(Files.getAttribute(output, "unix:uid", LinkOption.NOFOLLOW_LINKS)).isEqualTo(0);
    JsonNode report = new ObjectMapper().readTree(folder.resolve("stdout").toFile());
    assertThat(report.at("/stages/fix/fixes_applied")).isNotEmpty();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "out", "stdout", "stderr", "web.vmdk", "web.yaml", "web.yaml.report.json");
    }
  }

  @Test
  void onlyRootCanGiveTheToolsAnotherUser() throws Exception {
    List<String> daemon =
        List.of("setpriv", "--reuid=daemon", "--regid=daemon", "--clear-groups", "--");
    List<String> look = new ArrayList<>(daemon);
    look.addAll(List.of("test", "-r", RealGuest.Program.HOME.resolve("bin/hyper2kvm").toString()));
    assumeTrue(
        new ProcessBuilder(look).start().waitFor() == 0, "the program lies where only root reads");
    // Java leaves a working directory that it may not read.
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("web.yaml"), "version: '1.0'\n");
    Process process = run(daemon, "--tool-user", "nobody", "web.yaml");
    assertThat(process.waitFor()).as(Files.readString(folder.resolve("stderr"))).isEqualTo(2);
    assertThat(folder.resolve("stderr"))
        .content()
        .contains("tool_user: found nobody, and the program was started as daemon");
  }
}
