package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hyper2kvm.signature.TestKeys;
import io.hyper2kvm.signature.TrustedKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the daemon again and again and checks after each kill that nothing is lost, doubled, half
 * or left running. {@code -Dh2k.crash.kills=200} and {@code -Dh2k.crash.seed=1} choose how often
 * and which moments.
 */
@Timeout(value = 60, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CrashIT {

  private static final int MOST_OPEN = 5;

  /** A manifest is given up at the third crash. */
  private static final int TRIES = 2;

  private static final Duration REAL_LIMIT = Duration.ofMinutes(15);

  /** Tool commands in the order of a VM's way; each is a moment to be killed at. */
  private static final List<String> MOMENTS = List.of("info", "create", "convert", "compare");

  @TempDir Path directory;
  private CrashSite site;

  @AfterEach
  void end() throws InterruptedException {
    if (site != null) {
      site.killAll();
    }
  }

  private static long property(String name, long otherwise) {
    return Long.parseLong(System.getProperty(name, String.valueOf(otherwise)));
  }

  @Test
  void whateverMomentItIsKilledAtNothingIsLostNorHalfNorDoubled() throws Exception {
    long kills = property("h2k.crash.kills", 25);
    long seed = property("h2k.crash.seed", System.nanoTime());
    System.out.printf("crash test: kills=%d seed=%d%n", kills, seed);
    Random random = new Random(seed);
    Path tools = fakeTools(directory.resolve("tools"));
    site =
        new CrashSite(
            directory,
            tools + ":/usr/bin:/bin",
            "--kvm=off",
            "--signing-key=" + TestKeys.make(directory.toRealPath(), "own"),
            "--poll-interval=50ms",
            "--manifest-min-age=0s");
    String[] java = quickStart();
    CrashWorkload workload =
        new CrashWorkload(site, random, TrustedKey.read(directory.resolve("own.pub")));
    Set<Long> leftTools = new HashSet<>();
    Set<String> leftFiles = new HashSet<>();
    for (int kill = 1; kill <= kills; kill++) {
      for (int n = workload.open(); n < MOST_OPEN; n++) {
        workload.drop();
      }
      site.start(java);
      killAtSomeMoment(random, tools, leftTools, leftFiles);
      leftTools.addAll(site.tools());
      leftFiles.addAll(traces());
      try {
        workload.check();
      } catch (AssertionError e) {
        throw new AssertionError("kill %d, seed %d; log: %s".formatted(kill, seed, site.log()), e);
      }
    }
    for (int n = 0; n < MOST_OPEN; n++) {
      workload.drop(); // These are in no crash's way.
    }
    site.start(java);
    assertThat(site.awaitStarted()).as(site::log).isTrue();
    checkNothingLeft(leftTools, leftFiles);
    Awaitility.await().atMost(CrashSite.LIMIT).until(() -> workload.open() == 0);
    site.stop();
    assertThat(site.tools()).isEmpty();
    workload.checkAllEnded();
    assertThat(workload.endings()).containsKey("completed");
    System.out.printf(
        "crash test: kills=%d seed=%d manifests=%d ends=%s%n",
        kills, seed, workload.size(), workload.endings());
  }

  /** {@code -Dh2k.crash.real=10} chooses how often. */
  @Test
  void killedWithRealToolsAtWorkNothingOfThemIsLeftAndTheGuestIsConvertedInTheEnd()
      throws Exception {
    long kills = property("h2k.crash.real", 2);
    long seed = property("h2k.crash.seed", System.nanoTime());
    System.out.printf("crash test with real tools: kills=%d seed=%d%n", kills, seed);
    Random random = new Random(seed);
    Path source = RealGuest.debian12("vmdk", "--modules", "list").get(0);
    String before = sha256(source);
    site = new CrashSite(directory, System.getenv("PATH"), "--manifest-min-age=0s");
    Files.createDirectories(site.dropZone());
    long toolsFound = 0;
    for (long left = kills, manifest = 1; left > 0; left -= TRIES, manifest++) {
      toolsFound += convertThroughKills("guest" + manifest, source, Math.min(left, TRIES), random);
    }
    assertThat(toolsFound).as("tools that were at work when the daemon was killed").isPositive();
    assertThat(sha256(source)).isEqualTo(before);
  }

  /** Converts a guest although the daemon is killed so often; gives how many tools were at work. */
  private long convertThroughKills(String name, Path source, long kills, Random random)
      throws Exception {
    Set<Long> leftTools = new HashSet<>();
    Set<String> leftFiles = new HashSet<>();
    long toolsFound = 0;
    String manifest = name + ".json";
    Path aside = Files.writeString(site.root.resolve("dropping"), realManifest(source));
    Files.move(aside, site.dropZone().resolve(manifest));
    Path status = site.workflow.resolve("processing").resolve(manifest + ".status.json");
    // A conversion may be done before the kill comes; then nothing is left to be killed.
    for (long kill = 0; kill < kills && !isAtItsEnd(manifest); kill++) {
      site.start();
      assertThat(site.awaitRecovered()).as(site::log).isTrue();
      checkNothingLeft(leftTools, leftFiles);
      String stage = List.of("inspect", "fix", "convert").get(random.nextInt(3));
      Awaitility.await(stage + " of " + name)
          .atMost(REAL_LIMIT)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> hasReached(status, stage) || isAtItsEnd(manifest));
      pause(random.nextInt(2000));
      site.kill();
      leftTools.addAll(site.tools());
      toolsFound += leftTools.size();
      leftFiles.addAll(traces());
    }
    site.start();
    assertThat(site.awaitRecovered()).as(site::log).isTrue();
    checkNothingLeft(leftTools, leftFiles);
    Awaitility.await(name).atMost(REAL_LIMIT).until(() -> isAtItsEnd(manifest));
    site.stop();
    assertThat(site.tools()).isEmpty();
    assertThat(day("failed")).as(site::log).isEmpty();
    assertThat(day("processed")).contains(manifest, manifest + ".report.json");
    Path output = site.output.resolve(name + "-converted.qcow2");
    RealGuest.Program.run(List.of("qemu-img", "check", output.toString()));
    return toolsFound;
  }

  private static String realManifest(Path source) {
    return """
        {"version": "1.0", "pipeline": {
          "load": {"source_type": "vmdk", "source_path": "%s"},
          "fix": {"fstab": {"enabled": true}, "initramfs": {"enabled": true}}}}
        """
        .formatted(source);
  }

  /** Whether the VM is in the stage now. */
  private static boolean hasReached(Path status, String stage) throws IOException {
    try {
      return Files.readString(status).contains("\"stage\" : \"" + stage + "\"");
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean isAtItsEnd(String manifest) throws IOException {
    return day("processed").contains(manifest) || day("failed").contains(manifest);
  }

  private Set<String> day(String end) throws IOException {
    Set<String> names = new HashSet<>();
    for (String day : CrashSite.names(site.workflow.resolve(end))) {
      names.addAll(CrashSite.names(site.workflow.resolve(end).resolve(day)));
    }
    return names;
  }

  private static String sha256(Path file) throws IOException, InterruptedException {
    return RealGuest.Program.run(List.of("sha256sum", file.toString()));
  }

  /** Three in four at a random moment after the recovery, the others in a start or by a tool. */
  private void killAtSomeMoment(
      Random random, Path tools, Set<Long> leftTools, Set<String> leftFiles) throws Exception {
    int how = random.nextInt(8);
    if (how == 0) {
      pause(random.nextInt(1500));
      site.kill();
      return;
    }
    Path trigger = tools.resolve("kill-at-" + MOMENTS.get(random.nextInt(MOMENTS.size())));
    if (how <= 2) {
      Files.createFile(trigger);
    }
    boolean recovered = site.awaitRecovered();
    if (recovered) {
      checkNothingLeft(leftTools, leftFiles);
    }
    if (how > 2) {
      site.awaitStarted();
      pause(random.nextInt(1500));
    } else {
      site.awaitKilled(Duration.ofSeconds(5));
    }
    site.kill();
    Files.deleteIfExists(trigger);
  }

  /** What an earlier kill left is gone before the next daemon begins anything. */
  private void checkNothingLeft(Set<Long> leftTools, Set<String> leftFiles) throws IOException {
    assertThat(leftTools).as("tools left running").noneMatch(pid -> isTool(pid));
    assertThat(traces()).as("files left").noneMatch(leftFiles::contains);
    leftTools.clear();
    leftFiles.clear();
  }

  private boolean isTool(long pid) {
    return site.tools().contains(pid);
  }

  /** Half outputs and directories of jobs; their names are never used again. */
  private Set<String> traces() throws IOException {
    Set<String> traces = new HashSet<>(CrashSite.names(site.work()));
    // guestfish keeps a history in what is its home; nothing else stays.
    traces.remove(".guestfish");
    CrashSite.names(site.output).stream().filter(n -> n.startsWith(".")).forEach(traces::add);
    return traces;
  }

  private static void pause(long millis) {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> System.nanoTime() >= end);
  }

  /** A start takes a third of the time when Java finds its classes in an archive. */
  private String[] quickStart() throws Exception {
    Path archive = directory.resolve("classes.jsa");
    String quick = "-XX:TieredStopAtLevel=1";
    site.start(quick, "-XX:ArchiveClassesAtExit=" + archive);
    assertThat(site.awaitStarted()).as(site::log).isTrue();
    site.stop();
    return Files.exists(archive)
        ? new String[] {quick, "-XX:SharedArchiveFile=" + archive}
        : new String[] {quick};
  }

  /** A qemu-img that copies in steps, by a child that its end does not end. */
  private static Path fakeTools(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (InputStream script =
        CrashIT.class.getResourceAsStream("/io/hyper2kvm/daemon/fake-qemu-img.sh")) {
      Path file = folder.resolve("qemu-img");
      Files.write(file, script.readAllBytes());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    String killed = "if rm \"$here/kill-at-$command\" 2>/dev/null; then kill -9 $PPID; fi\n";
    for (String moment : MOMENTS) {
      Files.writeString(folder.resolve("on-" + moment + ".sh"), killed);
    }
    Files.writeString(
        folder.resolve("on-convert.sh"),
        """
        from=$(content "$previous")
        printf '    (10.00/100%%)\\r'
        setsid sh -c '
          for block in 0 1 2 3 4 5 6 7; do
            dd if="$1" of="$2" bs=8192 count=1 skip=$block seek=$block conv=notrunc status=none
            if [ $block = 4 ] && [ -e "$3" ]; then rm "$3"; kill -9 "$4"; fi
            sleep 0.04
          done
          # A tool does not care whether somebody waits for it.
          kill -0 "$4" 2>/dev/null || sleep 30' writer "$from" "$last" "$here/kill-at-convert" $PPID &
        wait $!
        printf '    (100.00/100%%)\\r\\n'
        exit 0
        """);
    return folder;
  }
}
