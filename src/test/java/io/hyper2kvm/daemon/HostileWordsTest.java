package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in a manifest is data, in whole runs of the daemon: to tools, routes and log. */
@Tag("daemon")
class HostileWordsTest {

  private static final List<String> COMMANDS =
      List.of("info", "create", "convert", "check", "compare");

  @TempDir Path folder;
  private RunningDaemon daemon;

  @BeforeEach
  void toolsThatWriteDownTheirArguments() throws IOException {
    daemon = new RunningDaemon(folder);
    for (String command : COMMANDS) {
      daemon.tools.before(
          command,
          """
          { printf '%%s' "$#"; for a; do printf ' <%%s>' "$a"; done; echo; } >>'%s'
          """
              .formatted(daemon.root.resolve("argv")));
    }
    daemon.start();
  }

  @AfterEach
  void stop() {
    daemon.close();
  }

  /**
   * The tools' arguments in a run, with the source's name and what differs between runs cut out.
   */
  private List<String> arguments(String vm, String source, String output) throws IOException {
    Path argv = daemon.root.resolve("argv");
    Files.deleteIfExists(argv);
    Path disk = daemon.disk(source);
    daemon.drop(
        vm + ".json",
        """
        {"version": "1.0", "name": "%s", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"},
          "convert": {"output_format": "raw", "output_path": "%s"}}}
        """
            .formatted(vm, disk, output));
    assertThat(daemon.report(vm + ".json").path("status").asText()).isEqualTo("completed");
    assertThat(daemon.output().resolve(output)).exists();
    return Files.readAllLines(argv).stream()
        .map(line -> line.replace(disk.toString(), "SOURCE"))
        .map(line -> line.replace(output, "OUTPUT"))
        .map(line -> line.replace(vm, "VM").replaceAll("\\.\\d+-\\d+", ".N"))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-rf",
        "--help",
        "-oencryption=on",
        "a,b",
        "x,file.filename=_etc_passwd",
        "json:x",
        "nbd:localhost:1",
        "{{h2k.vm.endpoint}}",
        "%n%d%m",
        "%{%x}",
        "`id`",
        "a;b&c|d",
        "a b  c",
        "*?[a]",
        "'quoted'",
        "#vmPool",
        "RAW(x)",
        "file?delete=true&noop=true",
      })
  void namesReachTheToolsAsTheSameArguments(String name) throws IOException {
    List<String> plain = arguments("plain", "plain", "plain-out");
    assertThat(plain).hasSize(6).allMatch(line -> line.contains("SOURCE") || line.contains("VM"));

    assertThat(arguments("hostile", name, name + ".raw")).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"${bean:vmPool.shutdownNow}", "${header.x}", "$(id)", "~/x", "a\u202eb", "../x"})
  void namesThatAPersonCouldTakeForMoreAreRefused(String name) throws IOException {
    daemon.drop(
        "web.json",
        """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"},
          "convert": {"output_path": "%s.qcow2"}}}
        """
            .formatted(daemon.disk("web"), name));
    JsonNode error = daemon.error("web.json");
    assertThat(error.path("code").asText()).as(error.toString()).isEqualTo("MANIFEST_INVALID");
    assertThat(daemon.root.resolve("argv")).doesNotExist();
  }

  @Test
  void controlCharactersInAPathAreRefusedBeforeAnythingRuns() throws IOException {
    for (String character : List.of("\\n", "\\u0000", "\\u001b", "\\r")) {
      String name = "m%d.json".formatted((int) character.charAt(character.length() - 1));
      daemon.drop(
          name,
          """
          {"version": "1.0", "pipeline": {
            "load": {"source_type": "raw", "source_path": "/in/a%sb"}}}
          """
              .formatted(character));
      JsonNode error = daemon.error(name);
      assertThat(error.path("code").asText()).as(error.toString()).isNotEmpty();
      assertThat(error.path("error").asText()).doesNotContain("\n/", "\0", "\u001b", "\r");
    }
    assertThat(daemon.root.resolve("argv")).doesNotExist();
  }

  @Test
  void expressionsInFreeTextAreCopiedAndNotRun() throws IOException {
    try (ServerSocketChannel silent = ServerSocketChannel.open()) {
      silent.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      silent.configureBlocking(false);
      String text =
          "${jndi:ldap://127.0.0.1:%d/x} ${bean:vmPool.shutdownNow} {{h2k.vm.endpoint}} ${env:PATH}"
              .formatted(silent.socket().getLocalPort());
      daemon.disk("web");
      daemon.drop(
          "${date:now} %n ${sys:user.home}.json",
          daemon
              .single(daemon.root.resolve("in/web.raw"), "web")
              .replaceFirst(
                  "\\{",
                  java.util.regex.Matcher.quoteReplacement(
                      "{\"metadata\": {\"description\": \"%s\"}, \"x-note\": \"%s\","
                          .formatted(text, text))));
      JsonNode report = daemon.report("${date:now} %n ${sys:user.home}.json");
      assertThat(report.path("metadata").path("description").asText()).isEqualTo(text);

      // The pool is still there.
      daemon.disk("after");
      daemon.drop("after.json", daemon.single(daemon.root.resolve("in/after.raw"), "after"));
      assertThat(daemon.report("after.json").path("status").asText()).isEqualTo("completed");
      assertThat(silent.accept()).as("a connection that waits to be accepted").isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"create", "compare"})
  void outputFolderThatBecomesALinkIsNotFollowed(String moment) throws IOException {
    Path outside = Files.createDirectory(daemon.root.resolve("outside"));
    Path inside = daemon.output().resolve("sub");
    daemon.tools.before(
        moment, "mv '%1$s' '%1$s.away'; ln -s '%2$s' '%1$s'\n".formatted(inside, outside));
    daemon.drop(
        "web.json",
        """
        {"version": "1.0", "name": "web", "pipeline": {
          "load": {"source_type": "raw", "source_path": "%s"},
          "convert": {"output_format": "raw", "output_path": "sub/web.raw"}}}
        """
            .formatted(daemon.disk("web")));
    JsonNode error = daemon.error("web.json");
    assertThat(error.path("status").asText()).isEqualTo("failed");
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void secretsInTheDaemonsEnvironmentDoNotReachTheTools() throws IOException {
    daemon.tools.before("info", "env >>'%s'\n".formatted(daemon.root.resolve("env")));
    daemon.disk("web");
    daemon.drop("web.json", daemon.single(daemon.root.resolve("in/web.raw"), "web"));
    daemon.report("web.json");
    assertThat(Files.readAllLines(daemon.root.resolve("env")))
        .extracting(line -> line.split("=", 2)[0])
        .isSubsetOf(
            "PATH",
            "HOME",
            "H2K_OWNER",
            "H2K_RUN",
            "LC_ALL",
            "TMPDIR",
            "PWD",
            "OLDPWD",
            "SHLVL",
            "_",
            "LIBGUESTFS_BACKEND",
            "LIBGUESTFS_BACKEND_SETTINGS",
            "LIBGUESTFS_CACHEDIR",
            "LIBGUESTFS_TMPDIR");
  }
}
