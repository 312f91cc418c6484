package io.hyper2kvm.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import io.hyper2kvm.tool.ProcessIdentity;
import io.hyper2kvm.tool.ToolUser;
import io.hyper2kvm.verify.FileDigest;
import io.hyper2kvm.verify.Verdict;
import io.hyper2kvm.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon that root started, whose tools run as {@code nobody}; some of them are hostile. */
@Tag("daemon")
class ToolUserTest {

  /** Appends who runs it, its effective capabilities and those it could ever get. */
  private static final String WHO =
      """
      set -- "$@"
      { id -u; id -G; grep -E '^(CapEff|CapBnd|NoNewPrivs)' /proc/self/status; } |
        tr '\\n\\t' '  ' >>"$here/who"
      echo >>"$here/who"
      """;

  private static final int STRANGER = 12345;

  @TempDir Path root;
  private RunningDaemon daemon;
  private Path canary;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(ToolUser.isRoot(), "only root can run tools as another user");
    mode(root, "rwx--x--x");
    daemon = new RunningDaemon(root);
    daemon.toolUser = ToolUser.named("nobody");
    for (String file : new String[] {"calls", "who"}) {
      mode(Files.createFile(daemon.tools.folder().resolve(file)), "rw-rw-rw-");
    }
    canary = Files.writeString(root.resolve("canary"), "untouched");
    mode(canary, "rw-rw-rw-");
    Files.setAttribute(canary, "unix:uid", STRANGER);
  }

  @AfterEach
  void stop() {
    if (daemon != null) {
      daemon.close();
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private JsonNode errorOf(String name) throws IOException {
    daemon.start();
    daemon.drop(name + ".json", daemon.single(daemon.disk(name), name));
    return daemon.error(name + ".json");
  }

  private static Map<String, Object> owner(Path file) throws IOException {
    return Files.readAttributes(file, "unix:uid,gid,mode", LinkOption.NOFOLLOW_LINKS);
  }

  @Test
  void noToolHasRootsRights() throws Exception {
    for (String command : new String[] {"create", "info", "measure", "convert", "compare"}) {
      daemon.tools.before(command, WHO);
    }
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    String none = "0000000000000000";
    assertThat(Files.readAllLines(daemon.tools.folder().resolve("who")))
        .hasSize(7)
        .allMatch(
            line ->
                line.matches(
                    "65534 65534 CapEff: %s CapBnd: %s NoNewPrivs: 1 ".formatted(none, none)));
  }

  @Test
  void outputBelongsToTheDaemon() throws Exception {
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    Path other = Files.createFile(daemon.output().resolve("other"));
    assertThat(owner(daemon.output().resolve("web-converted.raw"))).isEqualTo(owner(other));
  }

  /** The key is root's alone, and the tool that hashes is no more than any other. */
  @Test
  void signedOutputsAreHashedWithoutRootsRights() throws Exception {
    daemon.signingKey = Optional.of(TestKeys.make(root, "own"));
    daemon.tools.executable(
        "sha256sum",
        """
        #!/bin/sh
        here=$(dirname "$0")
        id -u >>"$here/who"
        cat %s >>"$here/who" 2>/dev/null
        exec /usr/bin/sha256sum "$@"
        """
            .formatted(daemon.signingKey.get()));
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");

    assertThat(Files.readAllLines(daemon.tools.folder().resolve("who"))).containsExactly("65534");
    Verification verification =
        new Verification(TrustedKey.read(root.resolve("own.pub")), new FileDigest(System.getenv()));
    assertThat(verification.of(daemon.output().resolve("web-converted.raw")).verdict())
        .isEqualTo(Verdict.VERIFIED);
  }

  @Test
  void nothingIsLeftOfTheWork() throws Exception {
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
  }

  /** Whatever a tool could replace there, the daemon would open with root's rights. */
  @Test
  void toolCanReplaceNothingInTheJobsFolder() throws Exception {
    daemon.tools.before(
        "convert",
        """
        for file in job.json appliance.log disk1.overlay.qcow2; do
          { rm -f $file || mv $file x || ln -s /etc $file.new; } 2>/dev/null &&
            echo "replaced $file" >>"$here/who"
        done
        { echo >>job.json; } 2>/dev/null && echo "wrote job.json" >>"$here/who"
        touch tmp/allowed && echo "wrote tmp" >>"$here/who"
        """);
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    // rm -f of what is not there succeeds.
    assertThat(Files.readAllLines(daemon.tools.folder().resolve("who")))
        .containsExactly("replaced appliance.log", "wrote tmp");
  }

  /** The folder may be written to by everybody, which it should not. */
  @ParameterizedTest
  @ValueSource(strings = {"ln -s %s", "ln %s", "ln $part $part.2; : %s", "mkdir", "mkfifo"})
  void outputThatIsReplacedFailsTheVm(String attack) throws Exception {
    mode(daemon.output(), "rwxrwxrwx");
    String replace = attack.formatted(canary);
    daemon.tools.before(
        "compare",
        "part=$(filename \"$last\"); [ %s ] && rm \"$part\"; %s \"$part\"; exit 0"
            .formatted(attack.contains(";") ? "" : "x", replace));
    assertThat(errorOf("web").path("code").asText()).isEqualTo("OUTPUT_REPLACED");
    assertThat(canary).hasContent("untouched");
    assertThat(owner(canary)).containsEntry("uid", STRANGER).containsEntry("mode", 0100666);
    assertThat(RunningDaemon.images(daemon.output())).allMatch(name -> name.endsWith(".2"));
  }

  @Test
  void outputCannotBeReplacedInAFolderOfTheDaemons() throws Exception {
    daemon.tools.before("compare", "rm \"$(filename \"$last\")\" || exit 3");
    assertThat(errorOf("web").path("stderr_tail").asText()).contains("Permission denied");
  }

  @Test
  void setUserIdBitDoesNotStay() throws Exception {
    daemon.tools.before("compare", "chmod 6755 \"$(filename \"$last\")\"");
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    Path other = Files.createFile(daemon.output().resolve("other"));
    assertThat(owner(daemon.output().resolve("web-converted.raw"))).isEqualTo(owner(other));
  }

  /** Removed by its path, the link's goal would be emptied. */
  @Test
  void linksInTheToolsOwnFolderLeadNowhereElse() throws Exception {
    Path outside = Files.createDirectory(root.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "");
    daemon.tools.before("compare", "ln -s %s tmp/link; mkdir -p tmp/a/b/c".formatted(outside));
    daemon.start();
    daemon.drop("web.json", daemon.single(daemon.disk("web"), "web"));
    daemon.report("web.json");
    assertThat(outside.resolve("kept")).exists();
    assertThat(RunningDaemon.names(daemon.work())).isEmpty();
  }

  @Test
  void sourceThatTheToolsMayNotReadFailsBeforeAnyWork() throws Exception {
    mode(daemon.disk("web"), "rw-------");
    daemon.start();
    daemon.drop("web.json", daemon.single(root.resolve("in/web.raw"), "web"));
    JsonNode error = daemon.error("web.json");
    assertThat(error.path("code").asText()).isEqualTo("SOURCE_UNREADABLE");
    assertThat(error.path("error").asText())
        .contains("tool_user nobody may not read", "setfacl -m u:nobody:r");
    assertThat(daemon.tools.calls()).isEmpty();
  }

  @Test
  void closedFolderAboveTheSourceIsNamed() throws Exception {
    Path disk = daemon.disk("closed/deep/web");
    mode(disk.getParent().getParent(), "rwx------");
    daemon.start();
    daemon.drop("web.json", daemon.single(disk, "web"));
    assertThat(daemon.error("web.json").path("error").asText())
        .contains("may not enter " + disk.getParent().getParent().toRealPath() + ", on the way");
  }

  @Test
  void toolOfThatUserIsEndedWithItsChildren() throws Exception {
    daemon.convertTimeout = Duration.ofSeconds(3);
    daemon.tools.before("convert", "sleep 600 & echo $! >>\"$here/who\"; wait");
    assertThat(errorOf("web").path("code").asText()).isEqualTo("TOOL_TIMED_OUT");
    long child = Long.parseLong(Files.readString(daemon.tools.folder().resolve("who")).strip());
    assertThat(ProcessIdentity.of(child)).isEmpty();
  }
}
