package io.hyper2kvm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
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
    long kills = property("h2k.crash.kills", 40);
    long seed = property("h2k.crash.seed", System.nanoTime());
    Random random = new Random(seed);
    Path tools = fakeTools(directory.resolve("tools"));
    site =
        new CrashSite(
            directory,
            tools + ":/usr/bin:/bin",
            "--kvm=off",
            "--poll-interval=50ms",
            "--manifest-min-age=0s");
    String[] java = quickStart();
    CrashWorkload workload = new CrashWorkload(site, random);
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
    site.start(java);
    assertThat(site.awaitStarted()).as(site::log).isTrue();
    checkNothingLeft(leftTools, leftFiles);
    Awaitility.await().atMost(CrashSite.LIMIT).until(() -> workload.open() == 0);
    site.stop();
    assertThat(site.tools()).isEmpty();
    workload.checkAllEnded();
    assertThat(workload.endings()).containsKey("completed");
    Files.writeString(
        RealGuest.Program.HOME.resolve("target/crash-test.txt"),
        "kills=%d seed=%d manifests=%d ends=%s%n"
            .formatted(kills, seed, workload.size(), workload.endings()));
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
