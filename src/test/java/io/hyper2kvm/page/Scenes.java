package io.hyper2kvm.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hyper2kvm.report.ReportJson;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** What the page is shown with, from an empty daemon to one with 10,000 ended manifests. */
final class Scenes {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final long GIB = 1L << 30;
  static final String NO_SPACE =
      "/srv/vm has 31.2 GiB available, and ora-db02 needs 118.0 GiB there (2 disks, uncompressed)";
  static final String NO_SPACE_HINT =
      "Free space below /srv/vm, or set convert.compress, then run the manifest again.";

  private Scenes() {}

  static FakeDaemon named(String name) throws IOException {
    return switch (name) {
      case "empty" -> empty();
      case "blocked" -> blocked();
      case "batch" -> batch();
      case "many" -> many(10_000);
      case "hostile" -> hostile();
      default -> running();
    };
  }

  static FakeDaemon empty() {
    return machine(new FakeDaemon(), 611 * GIB).days(JSON.arrayNode());
  }

  private static FakeDaemon machine(FakeDaemon daemon, long free) {
    return daemon
        .folder("output", "/srv/vm", free, 2048 * GIB)
        .folder("work", "/var/lib/hyper2kvm/work", 148 * GIB, 200 * GIB)
        .folder("workflow", "/var/lib/hyper2kvm/manifest-workflow", 148 * GIB, 200 * GIB);
  }

  /** An ordinary night. */
  static FakeDaemon running() throws IOException {
    FakeDaemon daemon = machine(new FakeDaemon(), 611 * GIB);
    OffsetDateTime now = daemon.now;
    daemon
        .manifest(Manifests.running("r1", "rack7-wave2", now.minusMinutes(134), rack(now)))
        .manifest(
            Manifests.running(
                "r2",
                "mail-gateway",
                now.minusMinutes(4),
                List.of(Manifests.vmConverting("mail-gateway", now.minusMinutes(4), 63.8, 96))))
        .manifest(Manifests.waiting("w1", "rack8-wave1", now.minusMinutes(41)))
        .manifest(Manifests.waiting("w2", "jira-old", now.minusMinutes(12)))
        .manifest(
            Manifests.ended(
                "f1",
                "ora-db02",
                now.minusMinutes(52),
                Duration.ofSeconds(3),
                List.of(
                    Manifests.vmFailed("ora-db02", 0, "NO_SPACE", NO_SPACE, NO_SPACE_HINT, 0.4))))
        .condition(
            condition("warning", "NOT_TAKEN", "A file in the drop zone is not taken")
                .put("detail", "rack9.yml.txt: its name does not end in .yaml, .yml or .json")
                .put("hint", "Rename it to a name that ends in .yaml or .json, or remove it."))
        .condition(
            condition("info", "BLOCKED_BY_LIMIT", "2 manifests wait")
                .put("detail", "as many manifests are at work as max_manifests_in_flight allows")
                .put("hint", "It is taken when one of them has ended."))
        .condition(
            condition("error", "NO_SPACE", "ora-db02.yaml failed")
                .put("detail", NO_SPACE)
                .put("hint", NO_SPACE_HINT)
                .put("since", daemon.ago(Duration.ofMinutes(52)))
                .put("manifest_id", "f1"))
        .throughput(throughput(now))
        .days(days(now.toLocalDate()));
    List<String> names =
        List.of("web01", "web02", "web03", "ldap01", "ldap02", "git", "wiki", "build-agents");
    for (int i = 0; i < names.size(); i++) {
      int many = names.get(i).equals("build-agents") ? 12 : 1;
      daemon.manifest(
          Manifests.ended(
              "c" + i,
              names.get(i),
              now.minusMinutes(61 + 9L * i),
              Duration.ofSeconds(184 + 37L * i),
              vmsCompleted(names.get(i), many)));
    }
    daemon.report("c0", resource("report.json")).report("f1", resource("error.json"));
    ((ObjectNode) ((ArrayNode) daemonVms(daemon, "c0")).get(0)).put("screen", true);
    return daemon.screen(screen());
  }

  private static JsonNode daemonVms(FakeDaemon daemon, String id) {
    return daemon
        .answer(new Scene.Request("GET", "/manifests/" + id, java.net.URI.create("/"), null, ""))
        .json()
        .path("vm_list");
  }

  private static List<ObjectNode> vmsCompleted(String name, int many) {
    return many == 1
        ? List.of(Manifests.vmCompleted(name, 184.3))
        : IntStream.rangeClosed(1, many)
            .mapToObj(i -> Manifests.vmCompleted("%s-%02d".formatted(name, i), 150 + i))
            .toList();
  }

  private static List<ObjectNode> rack(OffsetDateTime now) {
    List<ObjectNode> vms = new ArrayList<>();
    for (int i = 1; i <= 24; i++) {
      String name = "rack7-app%02d".formatted(i);
      if (i == 4) {
        vms.add(
            Manifests.vmFailed(
                name,
                1,
                "GUEST_HIBERNATED",
                "the swap partition /dev/sda3 holds the saved memory of a hibernated guest",
                "Start the source VM, shut it down fully, export again.",
                21.4));
      } else if (i < 12) {
        vms.add(Manifests.vmCompleted(name, 280 + 11 * i));
      } else if (i == 12) {
        vms.add(Manifests.vmIn(name, now.minusMinutes(6), 4, 41));
      } else if (i == 13) {
        vms.add(Manifests.vmConverting(name, now.minusMinutes(3), 41.3, 312));
      } else if (i == 14) {
        vms.add(Manifests.vmIn(name, now.minusSeconds(31), 2, 6.1));
      } else if (i == 15) {
        vms.add(Manifests.vmIn(name, now.minusSeconds(9), 0, 9).put("waiting_for", "space"));
      } else {
        vms.add(Manifests.vmWaiting(name));
      }
    }
    ((ArrayNode) vms.get(1).path("warnings"))
        .add("/etc/fstab:9: /dev/oradata1 is on none of the VM's disks; the row stays as it is");
    return vms;
  }

  static ObjectNode condition(String severity, String code, String title) {
    return JSON.objectNode().put("severity", severity).put("code", code).put("title", title);
  }

  private static JsonNode throughput(OffsetDateTime now) {
    ObjectNode json = JSON.objectNode().put("step_seconds", 300);
    ArrayNode points = json.putArray("points");
    OffsetDateTime at = now.withMinute(now.getMinute() / 5 * 5).withSecond(0).minusHours(24);
    for (int i = 0; i < 288; i++) {
      double wave = Math.sin(i / 19.0) + 0.5 * Math.sin(i / 5.3) + 0.25 * Math.sin(i * 1.7);
      double speed = i < 30 || (i > 120 && i < 150) ? 0 : Math.max(0, (wave + 1.2) * 150_000_000);
      points
          .addObject()
          .put("at", ReportJson.timestamp(at.plusMinutes(5L * i)))
          .put("bytes_per_second", Math.round(speed))
          .put("vms_completed", speed > 0 && i % 5 == 0 ? 1 : 0)
          .put("vms_failed", i == 77 || i == 231 ? 1 : 0);
    }
    return json;
  }

  private static ArrayNode days(LocalDate today) {
    ArrayNode days = JSON.arrayNode();
    int[] vms = {19, 64, 41, 0, 88, 112, 37, 54, 9, 71, 96, 23, 47};
    for (int i = 0; i < vms.length; i++) {
      if (vms[i] > 0) {
        int failed = vms[i] % 4;
        days.addObject()
            .put("date", today.minusDays(i).toString())
            .put("completed", 8 + vms[i] / 6)
            .put("failed", failed > 1 ? 1 : 0)
            .put("vms_completed", vms[i] - failed)
            .put("vms_failed", failed > 1 ? failed : 0)
            .put("bytes", vms[i] * 41_300_000_000L)
            .put("partial", false);
      }
    }
    return days;
  }

  /** A batch that waits for space, manifests behind it, and a daemon that is drained and full. */
  static FakeDaemon blocked() {
    FakeDaemon daemon = machine(new FakeDaemon(), GIB / 2);
    OffsetDateTime now = daemon.now;
    String drained = "the daemon was drained: it takes no manifests";
    ObjectNode archive =
        Manifests.running(
            "b1",
            "file-archive",
            now.minusHours(5),
            List.of(
                Manifests.vmConverting("file-archive1", now.minusMinutes(50), 71.2, 1210),
                Manifests.vmIn("file-archive2", now.minusMinutes(40), 0, 2400)
                    .put("waiting_for", "space")));
    String reserved = "1 VMs wait for space that other VMs have reserved: file-archive2";
    String goOn =
        "They go on when others have ended; or free space in the output and work folders.";
    return daemon
        .manifest(blocked(archive, "space", reserved, goOn))
        .manifest(
            blocked(
                Manifests.waiting("b2", "erp-prod", now.minusHours(3)),
                "drain",
                drained,
                "End the drain to go on."))
        .manifest(
            blocked(
                Manifests.waiting("b3", "erp-test", now.minusMinutes(50)),
                "limit",
                "as many manifests are at work as max_manifests_in_flight allows",
                "It is taken when one of them has ended."))
        .condition(
            condition(
                    "error",
                    "NO_SPACE_FOR_REPORTS",
                    "Ended manifests wait for space for their reports")
                .put("detail", "No space is left in /var/lib/hyper2kvm/manifest-workflow")
                .put("hint", "Free space in the workflow directory; it is tried again every 30 s.")
                .put("since", daemon.ago(Duration.ofMinutes(7))))
        .condition(
            condition("warning", "LITTLE_SPACE", "The folder output is almost full")
                .put("detail", "/srv/vm has 512 MiB left")
                .put("hint", "Free space there: VMs that need more than is left wait or fail."))
        .condition(
            condition("warning", "BLOCKED_BY_SPACE", "file-archive.yaml waits for space")
                .put("detail", reserved)
                .put("hint", goOn)
                .put("manifest_id", "b1"))
        .condition(
            condition("warning", "BLOCKED_BY_DRAIN", "2 manifests wait")
                .put("detail", drained)
                .put("hint", "End the drain to go on."));
  }

  private static ObjectNode blocked(
      ObjectNode manifest, String reason, String detail, String hint) {
    manifest.putObject("blocked").put("reason", reason).put("detail", detail).put("hint", hint);
    return manifest;
  }

  /** One batch of 200 VMs in the middle of its way. */
  static FakeDaemon batch() {
    FakeDaemon daemon = machine(new FakeDaemon(), 611 * GIB);
    OffsetDateTime now = daemon.now;
    List<ObjectNode> vms = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      String name = "dc2-%s%03d".formatted(List.of("web", "app", "db", "util").get(i % 4), i);
      if (i % 23 == 0 && i < 110) {
        vms.add(
            Manifests.vmFailed(
                name,
                2,
                "FIX_INITRAMFS_FAILED",
                "kernel 4.19.0-6-amd64 has no virtio_blk, and none can be added",
                "Install a newer kernel in the source VM, export again.",
                74));
      } else if (i < 110) {
        vms.add(Manifests.vmCompleted(name, 240 + i));
      } else if (i < 118) {
        vms.add(
            Manifests.vmConverting(
                name, now.minusMinutes(i - 107L), 8.5 * (i - 108), 1120L - 110L * (i - 108)));
      } else {
        vms.add(Manifests.vmWaiting(name));
      }
    }
    return daemon.manifest(Manifests.running("batch", "dc2-weekend", now.minusHours(19), vms));
  }

  /** A year's work. */
  static FakeDaemon many(int number) {
    FakeDaemon daemon = machine(new FakeDaemon(), 611 * GIB);
    for (int i = 0; i < number; i++) {
      String name = "wave%03d-host%04d".formatted(i / 40, i);
      ObjectNode vm =
          i % 29 == 0
              ? Manifests.vmFailed(
                  name,
                  3,
                  "TOOL_TIMED_OUT",
                  "qemu-img convert did not end within 12h",
                  "Raise convert_timeout.",
                  43200)
              : Manifests.vmCompleted(name, 200 + i % 900);
      daemon.manifest(
          Manifests.ended(
              "m" + i,
              name,
              daemon.now.minusMinutes(50L * i),
              Duration.ofMinutes(20),
              List.of(vm)));
    }
    return daemon.days(days(daemon.now.toLocalDate()));
  }

  /** Names and texts that mean harm, or are only long. */
  static FakeDaemon hostile() throws IOException {
    FakeDaemon daemon = machine(new FakeDaemon(), 611 * GIB);
    OffsetDateTime now = daemon.now;
    List<String> names = Hostile.TEXTS;
    List<ObjectNode> vms = new ArrayList<>();
    names.forEach(name -> vms.add(Manifests.vmFailed(name, 2, name, name, name, 12)));
    daemon.manifest(
        Manifests.ended("bad", names.get(0), now.minusMinutes(3), Duration.ofSeconds(70), vms));
    daemonManifest(daemon, "bad").withArray("warnings").addAll(Hostile.asArray());
    JsonNode report = resource("report.json");
    daemon.manifest(
        Manifests.ended(
            "bad1",
            names.get(1),
            now.minusMinutes(5),
            Duration.ofSeconds(70),
            List.of(Manifests.vmCompleted(names.get(1), 70))));
    daemon.report("bad1", Hostile.everywhere(report));
    daemon.report(
        "bad", JSON.objectNode().set("vms", JSON.arrayNode().add(Hostile.everywhere(report))));
    for (int i = 0; i < names.size(); i++) {
      daemon.manifest(Manifests.waiting("h" + i, names.get(i), now.minusMinutes(i)));
      daemon.condition(
          condition("error", names.get(i), names.get(i))
              .put("detail", names.get(i))
              .put("hint", names.get(i))
              .put("since", names.get(i))
              .put("manifest_id", "h" + i));
      daemon.folder(names.get(i), names.get(i), 5, 10);
    }
    daemon.manifest(
        Manifests.running(
            "bad2",
            names.get(2),
            now.minusMinutes(5),
            names.stream().map(name -> Manifests.vmConverting(name, now, 5, 9)).toList()));
    return daemon;
  }

  private static ObjectNode daemonManifest(FakeDaemon daemon, String id) {
    return (ObjectNode)
        daemon
            .answer(
                new Scene.Request("GET", "/manifests/" + id, java.net.URI.create("/"), null, ""))
            .json();
  }

  static JsonNode resource(String name) throws IOException {
    try (InputStream in = Scenes.class.getResourceAsStream("/page/" + name)) {
      return MAPPER.readTree(in);
    }
  }

  /** A text console as a boot test sees it. */
  private static byte[] screen() throws IOException {
    BufferedImage image = new BufferedImage(720, 400, BufferedImage.TYPE_BYTE_BINARY);
    Graphics2D drawing = image.createGraphics();
    drawing.setColor(Color.WHITE);
    drawing.setFont(new Font(Font.MONOSPACED, Font.PLAIN, 14));
    drawing.drawString("Debian GNU/Linux 12 web01 tty1", 4, 20);
    drawing.drawString("web01 login: _", 4, 56);
    drawing.dispose();
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    ImageIO.write(image, "png", png);
    return png.toByteArray();
  }
}
