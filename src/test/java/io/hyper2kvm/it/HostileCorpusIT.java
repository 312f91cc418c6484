package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.image.probe.HostileCorpus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Hostile images through the whole daemon with the real qemu-img. A canary file must not be read, a
 * port not be called, and nothing be written outside of the daemon's folders.
 */
@Timeout(600)
class HostileCorpusIT {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;
  private Path canary;
  private String secret;
  private ServerSocketChannel port;

  @BeforeEach
  void canary() throws IOException {
    directory = directory.toRealPath();
    secret = "CANARY-" + UUID.randomUUID();
    // As large as a small disk, so that it is one to who reads it.
    byte[] content = new byte[1 << 20];
    byte[] text = secret.getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + text.length < content.length; at += 512) {
      System.arraycopy(text, 0, content, at, text.length);
    }
    canary = Files.write(directory.resolve("canary.img"), content);
    port = ServerSocketChannel.open();
    port.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    port.configureBlocking(false);
  }

  @AfterEach
  void close() throws IOException {
    port.close();
  }

  /** The images that were seen to make qemu-img read or call what it should not. */
  private Map<String, String> attacks() throws Exception {
    Path in = Files.createDirectory(directory.resolve("attacks"));
    String nbd = "nbd://127.0.0.1:" + port.socket().getLocalPort();
    Map<String, String> attacks = new LinkedHashMap<>();
    attacks.put("flat-absolute", flat(in.resolve("absolute.vmdk"), canary.toString()));
    attacks.put("flat-above", flat(in.resolve("above.vmdk"), "../canary.img"));
    Files.createSymbolicLink(in.resolve("link-flat.vmdk"), canary);
    attacks.put("flat-link", flat(in.resolve("link.vmdk"), "link-flat.vmdk"));
    attacks.put("flat-nbd", flat(in.resolve("nbd.vmdk"), nbd));
    attacks.put("link", Files.createSymbolicLink(in.resolve("link.raw"), canary).toString());
    attacks.put("name-json", "json:{\"driver\":\"file\",\"filename\":\"" + canary + "\"}");
    attacks.put("name-nbd", nbd);
    attacks.put("name-file", "file:" + canary);
    attacks.put("name-fat", "fat:" + directory);
    attacks.put("name-blkdebug", "blkdebug::" + canary);
    attacks.put("device", "/dev/zero");
    attacks.put("folder", in.toString());
    attacks.put("proc", "/proc/self/environ");
    Path backed = in.resolve("backed.qcow2");
    qemuImg("create", "-q", "-f", "qcow2", "-b", canary.toString(), "-F", "raw", backed.toString());
    attacks.put("backed", backed.toString());
    Path backedVmdk = in.resolve("backed.vmdk");
    Path parent = in.resolve("parent.vmdk");
    qemuImg("create", "-q", "-f", "vmdk", parent.toString(), "1M");
    qemuImg(
        "create", "-q", "-f", "vmdk", "-b", parent.toString(), "-F", "vmdk", backedVmdk.toString());
    attacks.put("backed-vmdk", backedVmdk.toString());
    for (String name : List.of(nbd, "json:{\"driver\":\"nbd\",\"host\":\"127.0.0.1\"}")) {
      Path file = in.resolve("named" + attacks.size() + ".qcow2");
      qemuImg("create", "-q", "-u", "-f", "qcow2", "-b", name, "-F", "raw", file.toString(), "1M");
      attacks.put("backed-by-name-" + attacks.size(), file.toString());
    }
    Path external = in.resolve("external.qcow2");
    qemuImg(
        "create",
        "-q",
        "-f",
        "qcow2",
        "-o",
        "data_file=" + in.resolve("data"),
        external.toString(),
        "1M");
    Files.delete(in.resolve("data"));
    Files.createSymbolicLink(in.resolve("data"), canary);
    attacks.put("external-data", external.toString());
    return attacks;
  }

  private static String flat(Path file, String extent) throws IOException {
    return Files.writeString(
            file,
            """
            # Disk DescriptorFile
            version=1
            CID=fffffffe
            parentCID=ffffffff
            createType="monolithicFlat"
            RW 2048 FLAT "%s" 0
            ddb.adapterType = "lsilogic"
            """
                .formatted(extent))
        .toString();
  }

  private static void qemuImg(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("qemu-img"));
    command.addAll(List.of(arguments));
    RealGuest.Program.run(command);
  }

  private static void vm(ArrayNode vms, String name, String type, String source) {
    ObjectNode vm = vms.addObject();
    vm.put("name", name);
    ObjectNode load = vm.putObject("pipeline").putObject("load");
    if (!type.isEmpty()) {
      load.put("source_type", type);
    }
    load.put("source_path", source);
  }

  /** Whether the canary's content stands in a file below the folder. */
  private boolean tells(Path folder) throws IOException {
    byte[] needle = secret.getBytes(StandardCharsets.US_ASCII);
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (text.contains(new String(needle, StandardCharsets.US_ASCII))) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void theAttackWorksOnQemuImgAlone() throws Exception {
    // Otherwise the other test would show nothing.
    Path out = Files.createDirectory(directory.resolve("out"));
    qemuImg("convert", "-O", "raw", attacks().get("flat-absolute"), out.resolve("x").toString());
    assertThat(tells(out)).isTrue();
  }

  @Test
  void noHostileImageMakesTheDaemonReadWriteOrCallOutside() throws Exception {
    ObjectNode batch = JSON.createObjectNode().put("version", "1.0").put("batch", true);
    ArrayNode vms = batch.putArray("vms");
    List<HostileCorpus.Image> corpus = HostileCorpus.make(directory.resolve("corpus"));
    Map<String, String> refusedAtOnce = new LinkedHashMap<>();
    for (HostileCorpus.Image image : corpus) {
      if (image.path().getFileName() == null) {
        refusedAtOnce.put("root", image.path().toString());
        continue;
      }
      vm(vms, "h" + vms.size(), image.sourceType(), image.path().toString());
    }
    Map<String, String> attacks = attacks();
    attacks.forEach(
        (name, source) -> {
          if (source.startsWith("/")) {
            vm(vms, name, source.endsWith(".vmdk") ? "vmdk" : "", source);
            vm(vms, name + "-raw", "raw", source);
          } else {
            refusedAtOnce.put(name, source);
          }
        });
    DaemonProcess daemon = DaemonProcess.start(directory);
    Optional<Process> strace = strace(daemon);
    try {
      daemon.drop("hostile.json", batch.toString());
      for (Map.Entry<String, String> named : refusedAtOnce.entrySet()) {
        ObjectNode one = JSON.createObjectNode().put("version", "1.0").put("batch", true);
        vm(one.putArray("vms"), "vm", "raw", named.getValue());
        daemon.drop(named.getKey() + ".json", one.toString());
      }
      assertFailed(daemon, refusedAtOnce.keySet().stream().toList());
      JsonNode outcome = daemon.outcome("hostile.json", Duration.ofMinutes(8)).json();
      assertThat(outcome.path("vms").size())
          .as(() -> outcome.path("error").asText())
          .isEqualTo(vms.size())
          .isGreaterThanOrEqualTo(240);
      List<String> passed = new ArrayList<>();
      for (JsonNode vm : outcome.path("vms")) {
        if (!vm.path("status").asText().equals("failed")) {
          passed.add(vm.path("name").asText());
        }
      }
      // A raw disk may hold anything: the attack's own bytes are then what is converted.
      assertThat(passed).as("were not refused").allMatch(name -> name.endsWith("-raw"));
    } finally {
      daemon.stop();
      if (strace.isPresent()) {
        strace.get().waitFor(30, TimeUnit.SECONDS);
      }
    }
    assertThat(port.accept()).as("a connection that waits to be accepted").isNull();
    assertThat(tells(daemon.workflow())).isFalse();
    assertThat(tells(daemon.output("x").getParent())).isFalse();
    assertThat(daemon.log()).doesNotContain(secret);
    if (strace.isPresent()) {
      Path trace = directory.resolve("trace");
      assertThat(Files.size(trace)).as("the trace holds something").isGreaterThan(10_000);
      try (Stream<String> calls = Files.lines(trace, StandardCharsets.ISO_8859_1)) {
        assertThat(
                calls.filter(
                    call ->
                        call.contains("\"" + canary + "\"")
                            || call.contains("htons(" + port.socket().getLocalPort() + ")")))
            .isEmpty();
      }
    }
  }

  private static void assertFailed(DaemonProcess daemon, List<String> names) throws IOException {
    for (String name : names) {
      DaemonProcess.Outcome outcome = daemon.outcome(name + ".json", Duration.ofMinutes(2));
      assertThat(outcome.completed()).as(name).isFalse();
    }
  }

  /** Watches the daemon and all it starts; none where tracing is not allowed or not installed. */
  private Optional<Process> strace(DaemonProcess daemon) throws Exception {
    Path log = directory.resolve("strace.log");
    Process strace;
    try {
      strace =
          new ProcessBuilder(
                  "strace",
                  "-f",
                  "-p",
                  String.valueOf(daemon.pid()),
                  "-s",
                  "300",
                  "-e",
                  "trace=open,openat,connect",
                  "-o",
                  directory.resolve("trace").toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !strace.isAlive() || Files.readString(log).contains("attached"));
    return strace.isAlive() ? Optional.of(strace) : Optional.empty();
  }
}
