package io.hyper2kvm.stage.space;

import io.hyper2kvm.stage.VmJob;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Reserves space for running VMs: what they have still to write does not count as free, whatever
 * the file system says.
 */
public final class SpaceReservations {

  /** The file system that a folder is on. */
  interface Rooms {

    /** Equal for two folders of one file system; the folder is there. */
    Object roomOf(Path folder) throws IOException;

    /** The bytes that this process may still write there. */
    long free(Path folder) throws IOException;
  }

  private static final Logger LOG = LogManager.getLogger(SpaceReservations.class);

  /** The interval of the checks, since other programs may free space, too; in milliseconds. */
  private static final long LOOK_MILLIS = 2_000;

  private record Claim(Object room, SpaceNeed need) {}

  private final Rooms rooms;
  private final Map<Object, List<Claim>> claimsByOwner = new HashMap<>();

  /** No reservations yet. */
  public SpaceReservations() {
    this(
        new Rooms() {
          @Override
          public FileStore roomOf(Path folder) throws IOException {
            return Files.getFileStore(folder);
          }

          @Override
          public long free(Path folder) throws IOException {
            return Files.getFileStore(folder).getUsableSpace();
          }
        });
  }

  SpaceReservations(Rooms rooms) {
    this.rooms = rooms;
  }

  /**
   * Compares needs with the free space, and reserves them if there is enough for all of them. A dry
   * run reserves nothing: it writes no output.
   */
  public List<SpaceFinding> reserve(VmJob job, List<SpaceNeed> needs) throws IOException {
    return reserve(job.directory(), !job.isDryRun(), needs);
  }

  /**
   * The same, but a VM without enough space waits while running VMs may release some. A VM that
   * waits has no reservations, so the running VMs always end.
   *
   * @param limit how long it waits at most
   * @throws InterruptedIOException when the VM is stopped while it waits
   */
  public synchronized List<SpaceFinding> await(VmJob job, List<SpaceNeed> needs, Duration limit)
      throws IOException {
    long end = System.nanoTime() + limit.toNanos();
    boolean waited = false;
    while (true) {
      List<SpaceFinding> findings = reserve(job, needs);
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0 || !mayBecomeEnough(job, findings)) {
        job.waitsForSpace(false);
        return findings;
      }
      if (!waited) {
        waited = true;
        job.waitsForSpace(true);
        LOG.info(
            "vm-waits-for-space manifest={} vm={} at_work={}",
            job.manifestName(),
            job.name(),
            claimsByOwner.size());
      }
      try {
        wait(Math.min(left, LOOK_MILLIS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException)
            new InterruptedIOException(job.name() + " was stopped while it waited for space")
                .initCause(e);
      }
    }
  }

  /**
   * Whether there would be enough space without the reservations of other VMs, which may not need
   * all of them.
   */
  private boolean mayBecomeEnough(VmJob job, List<SpaceFinding> findings) {
    boolean missing = false;
    for (SpaceFinding finding : findings) {
      boolean matters = !(job.isDryRun() && finding.need().isForOutput());
      if (matters && !finding.isEnough()) {
        missing = true;
        if (!finding.couldBeEnough()) {
          return false;
        }
      }
    }
    return missing && !claimsByOwner.isEmpty();
  }

  /**
   * Compares needs with the free space.
   *
   * @param owner whose needs they are
   * @param keep whether they are reserved if there is enough for all of them
   */
  public synchronized List<SpaceFinding> reserve(Object owner, boolean keep, List<SpaceNeed> needs)
      throws IOException {
    List<Claim> claims = new ArrayList<>();
    List<SpaceFinding> findings = new ArrayList<>();
    for (SpaceNeed need : needs) {
      Path there = NearestFolder.of(need.folder());
      Object room = rooms.roomOf(there);
      long promised = claimsByOwner.values().stream().mapToLong(c -> left(c, room)).sum();
      // The output and the overlay of one VM may share a file system, too.
      long own =
          claims.stream().filter(c -> c.room().equals(room)).mapToLong(c -> c.need().least()).sum();
      findings.add(new SpaceFinding(need, rooms.free(there), promised + own, own));
      claims.add(new Claim(room, need));
    }
    if (keep && findings.stream().allMatch(SpaceFinding::isEnough)) {
      claimsByOwner.put(owner, claims);
    }
    return findings;
  }

  private static long left(List<Claim> claims, Object room) {
    return claims.stream()
        .filter(claim -> claim.room().equals(room))
        .mapToLong(claim -> Math.min(claim.need().least(), claim.need().left().getAsLong()))
        .sum();
  }

  /** Releases all reservations of the job. */
  public synchronized void release(VmJob job) {
    claimsByOwner.remove(job.directory());
    notifyAll();
  }
}
