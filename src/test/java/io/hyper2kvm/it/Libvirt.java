package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * libvirt's own tools. Its driver runs within virsh, on a folder of its own: no daemon is asked,
 * and nothing of this machine's libvirt is touched.
 */
public final class Libvirt implements AutoCloseable {

  private static final String SCHEMA = "/usr/share/libvirt/schemas/domain.rng";
  private static final Pattern TERMINAL = Pattern.compile("/dev/pts/\\d+");

  private final Path root;

  /** A driver without domains; in a short path, as the guest agent's socket has one below it. */
  public Libvirt() throws IOException {
    root = Files.createTempDirectory(Path.of("/tmp"), "h2k-lv");
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/qemu.conf"),
        """
        user = "root"
        group = "root"
        dynamic_ownership = 0
        remember_owner = 0
        security_driver = "none"
        namespaces = []
        cgroup_controllers = []
        stdio_handler = "file"
        """);
  }

  /** Holds domains against the schema, all at once. */
  static void assertValid(List<Path> domains) throws IOException, InterruptedException {
    if (!domains.isEmpty()) {
      List<String> command =
          new ArrayList<>(List.of("xmllint", "--noout", "--nonet", "--relaxng", SCHEMA));
      domains.forEach(domain -> command.add(domain.toString()));
      RealGuest.Program.run(command);
    }
  }

  /** The same domain where there is neither KVM nor a network of libvirt's. */
  private static Path emulated(Path domain, Path folder) throws IOException {
    String xml = Files.readString(domain);
    xml = replaced(xml, "<domain type=\"kvm\">", "<domain type=\"qemu\">");
    xml = replaced(xml, "mode=\"host-passthrough\" check=\"none\"", "mode=\"maximum\"");
    xml = xml.replace("<interface type=\"network\">", "<interface type=\"user\">");
    xml = xml.replace("<source network=\"default\"/>", "");
    return Files.writeString(folder.resolve("emulated.xml"), xml);
  }

  private static String replaced(String text, String what, String by) {
    assertThat(text).containsOnlyOnce(what);
    return text.replace(what, by);
  }

  /** The QEMU command that libvirt makes of a domain. */
  String command(Path domain) throws IOException, InterruptedException {
    return virsh("domxml-to-native qemu-argv " + emulated(domain, root));
  }

  /**
   * Starts a domain and reads its serial console until the text comes.
   *
   * @return what stood there
   */
  String boot(Path domain, String name, String until, Duration patience) throws Exception {
    String said = virsh("create %s\nttyconsole %s".formatted(emulated(domain, root), name));
    Matcher terminal = TERMINAL.matcher(said);
    assertThat(terminal.find()).as(said).isTrue();
    Path console = root.resolve("console.txt");
    Process reader =
        new ProcessBuilder("cat", terminal.group()).redirectOutput(console.toFile()).start();
    try {
      Awaitility.await()
          .atMost(patience)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> !reader.isAlive() || text(console).contains(until));
      return text(console);
    } finally {
      reader.destroyForcibly();
    }
  }

  /**
   * Starts a domain.
   *
   * @return its state, and the names of its disks
   */
  String start(Path domain, String name) throws IOException, InterruptedException {
    return virsh(
        "create %s\ndomstate %s\ndomblklist %s".formatted(emulated(domain, root), name, name));
  }

  /** The state of a domain that was defined. */
  public String state(String name) throws IOException, InterruptedException {
    return virsh("domstate " + name);
  }

  /** How virsh is told to use this driver. */
  public String uri() {
    return "qemu:///embed?root=" + root;
  }

  /** A script that is virsh, but defines domains as {@link #emulated} has them. */
  public String emulating() {
    return """
        #!/bin/sh
        set -e
        for last; do :; done
        case " $* " in
          *" define "*)
            sed -e 's/<domain type="kvm">/<domain type="qemu">/' \\
              -e 's/mode="host-passthrough" check="none"/mode="maximum"/' \\
              -e 's/<interface type="network">/<interface type="user">/' \\
              -e '/<source network="default"\\/>/d' "$last" >%1$s/defined.xml
            set -- "$1" "$2" "$3" define --file %1$s/defined.xml ;;
        esac
        exec /usr/bin/virsh "$@"
        """
        .formatted(root);
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private String virsh(String commands) throws IOException, InterruptedException {
    Path input = Files.writeString(root.resolve("commands"), commands + "\n");
    Path output = root.resolve("virsh.txt");
    Process virsh =
        new ProcessBuilder("virsh", "-q", "-c", uri())
            .redirectInput(input.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = virsh.waitFor(2, TimeUnit.MINUTES);
    virsh.destroyForcibly();
    assertThat(ended).as(() -> "virsh ended: " + output).isTrue();
    String said = Files.readString(output);
    assertThat(said).doesNotContain("error: ");
    return said;
  }

  /** Ends what it has started, which goes on without it. */
  @Override
  public void close() throws IOException {
    Path running = root.resolve("run/qemu");
    if (Files.isDirectory(running)) {
      try (Stream<Path> files = Files.list(running)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".pid")).toList()) {
          ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
              .filter(process -> process.pid() != ProcessHandle.current().pid())
              .filter(process -> process.info().command().orElse("").contains("qemu-system"))
              .ifPresent(
                  process -> {
                    process.destroyForcibly();
                    process.onExit().join();
                  });
        }
      }
    }
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
