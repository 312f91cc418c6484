package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hyper2kvm.image.ova.Ovas;
import io.hyper2kvm.it.RealGuest.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** OVAs with disks that the real qemu-img made and reads, through the whole program. */
@Timeout(600)
class OvaIT {

  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int MIB = 1 << 20;

  @TempDir private static Path directory;
  private static DaemonProcess daemon;

  @BeforeAll
  static void startDaemon() throws IOException {
    daemon = DaemonProcess.start(directory);
  }

  @AfterAll
  static void stopDaemon() throws IOException, InterruptedException {
    daemon.stop();
  }

  /** A raw disk: data, nothing, and data at its very end. */
  private static Path raw(String name, int mib, int dataMib, long seed) throws IOException {
    Path file = directory.resolve(name + ".raw");
    Random random = new Random(seed);
    byte[] data = new byte[MIB];
    try (var out =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      for (int i = 0; i < dataMib; i++) {
        random.nextBytes(data);
        out.position(i == dataMib - 1 ? (mib - 1L) * MIB : (long) i * MIB);
        out.write(ByteBuffer.wrap(data));
      }
    }
    return file;
  }

  private static Path vmdk(Path raw, String name) throws Exception {
    Path vmdk = directory.resolve(name);
    Program.run(
        List.of(
            "qemu-img",
            "convert",
            "-f",
            "raw",
            "-O",
            "vmdk",
            "-o",
            "subformat=streamOptimized",
            raw.toString(),
            vmdk.toString()));
    return vmdk;
  }

  private static String ovf(String fileAttributes, String... hrefs) {
    StringBuilder files = new StringBuilder();
    StringBuilder disks = new StringBuilder();
    StringBuilder items = new StringBuilder();
    for (int i = 0; i < hrefs.length; i++) {
      files.append("<File ovf:id='f%d' ovf:href='%s' %s/>".formatted(i, hrefs[i], fileAttributes));
      disks.append(
          ("<Disk ovf:diskId='d%1$d' ovf:fileRef='f%1$d' ovf:format="
                  + "'http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized'/>")
              .formatted(i));
      items.append(
          ("<Item><InstanceID>%1$d</InstanceID><ResourceType>17</ResourceType>"
                  + "<HostResource>ovf:/disk/d%1$d</HostResource></Item>")
              .formatted(i));
    }
    return """
        <Envelope xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1"><References>%s</References>
        <DiskSection>%s</DiskSection><VirtualSystem ovf:id="vm"><VirtualHardwareSection>%s
        </VirtualHardwareSection></VirtualSystem></Envelope>
        """
        .formatted(files, disks, items);
  }

  private static void assertEqualContent(Path raw, Path output) throws Exception {
    assertThat(
            Program.run(
                List.of(
                    "qemu-img",
                    "compare",
                    "-f",
                    "raw",
                    "-F",
                    "qcow2",
                    raw.toString(),
                    output.toString())))
        .isEqualTo("Images are identical.");
  }

  @Test
  void everyFormOfAnOvaGivesTheContentOfItsDisks() throws Exception {
    Path first = raw("first", 24, 6, 1);
    Path second = raw("second", 8, 2, 2);
    byte[] one = Files.readAllBytes(vmdk(first, "one.vmdk"));
    byte[] two = Files.readAllBytes(vmdk(second, "two.vmdk"));
    Ovas plain =
        Ovas.with("vm.ovf", ovf("", "one.vmdk", "two.vmdk"))
            .and("two.vmdk", two)
            .and("one.vmdk", one)
            .andManifest("vm.mf", "SHA-256", "SHA256(%s)= %s");
    byte[] packed = Ovas.gzip(one);
    Ovas gzip =
        Ovas.with("vm.ovf", ovf("ovf:compression='gzip'", "one.vmdk.gz", "two.vmdk.gz"))
            .and("one.vmdk.gz", packed)
            .and("two.vmdk.gz", Ovas.gzip(two))
            .andManifest("vm.mf", "SHA-1", "SHA1(%s)= %s");
    int chunk = 1_000_000;
    Ovas chunks =
        Ovas.with(
            "vm.ovf", ovf("ovf:compression='gzip' ovf:chunkSize='%d'".formatted(chunk), "one"));
    for (int i = 0; i * chunk < packed.length; i++) {
      chunks.and(
          "one.%09d".formatted(i),
          Arrays.copyOfRange(packed, i * chunk, Math.min(packed.length, (i + 1) * chunk)));
    }
    chunks.andManifest("vm.mf", "SHA-512", "SHA512(%s)= %s");
    Path in = directory.resolve("in");
    Map<String, Path> sources = new LinkedHashMap<>();
    sources.put("ova-plain", plain.tar(in.resolve("plain.ova")));
    sources.put("ova-tar-gz", Ovas.write(in.resolve("a.tgz"), Ovas.gzip(plain.tar())));
    sources.put("ova-tar-xz", Ovas.write(in.resolve("a.txz"), Ovas.xz(plain.tar())));
    sources.put("ova-tar-zst", Ovas.write(in.resolve("a.tzst"), Ovas.zstd(plain.tar())));
    sources.put("ova-zip", Ovas.write(in.resolve("a.zip"), plain.zip(false)));
    sources.put("ova-gzip", gzip.tar(in.resolve("gzip.ova")));
    sources.put("ova-chunks", chunks.tar(in.resolve("chunks.ova")));
    sources.put("ovf-folder", plain.folder(in.resolve("folder")));
    sources.put("ovf-file", in.resolve("folder/vm.ovf"));
    byte[] ami = Ovas.with("disk.raw", Files.readAllBytes(first)).tar();
    sources.put("ami-raw", first);
    sources.put("ami-tar", Ovas.write(in.resolve("ami.tar"), ami));
    sources.put("ami-tar-gz", Ovas.write(in.resolve("ami.tar.gz"), Ovas.gzip(ami)));
    sources.put("ami-tar-xz", Ovas.write(in.resolve("ami.tar.xz"), Ovas.xz(ami)));
    sources.put("ami-tar-zst", Ovas.write(in.resolve("ami.tar.zst"), Ovas.zstd(ami)));
    List<String> vms = new ArrayList<>();
    sources.forEach(
        (name, source) ->
            vms.add(
                """
                {"name": "%s", "pipeline": {"load": {"source_type": "%s", "source_path": "%s"}}}
                """
                    .formatted(name, name.substring(0, 3), source)));

    daemon.drop(
        "forms.json",
        "{\"version\": \"1.0\", \"batch\": true, \"vms\": [%s]}".formatted(String.join(",", vms)));
    DaemonProcess.Outcome outcome = daemon.outcome("forms.json", PATIENCE);

    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    for (String name : sources.keySet()) {
      assertEqualContent(first, daemon.output(name + "-converted.qcow2"));
      boolean onlyOne = name.equals("ova-chunks") || name.startsWith("ami");
      Path further = daemon.output(name + "-converted-disk2.qcow2");
      if (onlyOne) {
        assertThat(further).doesNotExist();
      } else {
        assertEqualContent(second, further);
      }
    }
    assertThat(outcome.json().path("vms")).hasSize(sources.size());
    for (JsonNode vm : outcome.json().path("vms")) {
      // Nobody asked to look into the guest, so nothing is known of its drivers.
      assertThat(vm.path("warnings"))
          .as(vm.path("name").asText())
          .extracting(JsonNode::asText)
          .allMatch(warning -> warning.startsWith("the VM gets sata disks"));
    }
  }

  @Test
  void aWrongChecksumConvertsNothing() throws Exception {
    byte[] disk = Files.readAllBytes(vmdk(raw("sum", 2, 2, 3), "sum.vmdk"));
    Path ova =
        Ovas.with("vm.ovf", ovf("", "one.vmdk"))
            .and("one.vmdk", disk)
            .and("vm.mf", "SHA256(one.vmdk)= " + "0".repeat(64))
            .tar(directory.resolve("in/sum.ova"));

    daemon.drop(
        "sum.json",
        """
        {"version": "1.0", "pipeline": {"load": {"source_type": "ova", "source_path": "%s"}}}
        """
            .formatted(ova));
    DaemonProcess.Outcome outcome = daemon.outcome("sum.json", PATIENCE);

    assertThat(outcome.completed()).isFalse();
    assertThat(outcome.json().path("code").asText()).isEqualTo("SOURCE_CHECKSUM_MISMATCH");
    assertThat(outcome.json().path("error").asText()).contains("one.vmdk has the SHA-256 ");
    assertThat(daemon.output("sum-converted.qcow2")).doesNotExist();
  }

  /** The archive's disk is read where it stands: nothing but the output takes room. */
  @Test
  void aPlainOvaNeedsNoRoomButItsOutputs() throws Exception {
    Path raw = raw("large", 400, 300, 4);
    Path disk = vmdk(raw, "large-disk.vmdk");
    Path folder = Files.createDirectories(directory.resolve("large"));
    Files.move(disk, folder.resolve("one.vmdk"));
    Files.writeString(folder.resolve("vm.ovf"), ovf("", "one.vmdk"));
    Path ova = directory.resolve("in/large.ova");
    Files.createDirectories(ova.getParent());
    Program.run(
        List.of(
            "tar",
            "--format=ustar",
            "-C",
            folder.toString(),
            "-cf",
            ova.toString(),
            "vm.ovf",
            "one.vmdk"));
    Path output = daemon.output("large-converted.qcow2");
    long before = size(output.getParent()) + size(directory.resolve("workflow"));
    AtomicLong peak = new AtomicLong();
    AtomicBoolean watched = new AtomicBoolean(true);
    Thread watch =
        new Thread(
            () -> {
              while (watched.get()) {
                long now = size(output.getParent()) + size(directory.resolve("workflow"));
                peak.accumulateAndGet(now, Math::max);
                LockSupport.parkNanos(20_000_000);
              }
            });
    watch.start();

    daemon.drop(
        "large.json",
        """
        {"version": "1.0", "pipeline": {"load": {"source_type": "ova", "source_path": "%s"}}}
        """
            .formatted(ova));
    DaemonProcess.Outcome outcome = daemon.outcome("large.json", PATIENCE);
    watched.set(false);
    watch.join();

    assertThat(outcome.completed()).as(() -> outcome.json().toPrettyString()).isTrue();
    assertEqualContent(raw, output);
    long made = Files.size(output);
    assertThat(made).isGreaterThan(290L * MIB);
    assertThat(peak.get() - before).isGreaterThan(made / 2).isLessThan(made + made / 10);
  }

  /** Of all files below, in bytes; those that vanish meanwhile count nothing. */
  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      return 0;
    }
  }
}
