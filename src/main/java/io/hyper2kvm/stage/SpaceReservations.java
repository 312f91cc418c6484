package io.hyper2kvm.stage;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps the VMs at work from taking each other's space: what they have still to write is not free,
 * whatever the file system says.
 */
public final class SpaceReservations {

  /** The file system that a folder is on. */
  interface Rooms {

    /** Equal for two folders of one file system; the folder is there. */
    Object roomOf(Path folder) throws IOException;

    /** The bytes that this process may still write there. */
    long free(Path folder) throws IOException;
  }

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
   * Holds needs against the room there is, and reserves them if there is enough for all of them. A
   * dry run reserves nothing: it writes no output.
   */
  List<SpaceFinding> reserve(VmJob job, List<SpaceNeed> needs) throws IOException {
    return reserve(job.directory(), !job.isDryRun(), needs);
  }

  /**
   * Holds needs against the room there is.
   *
   * @param owner who needs it
   * @param keep whether they are reserved if there is enough for all of them
   */
  synchronized List<SpaceFinding> reserve(Object owner, boolean keep, List<SpaceNeed> needs)
      throws IOException {
    List<Claim> claims = new ArrayList<>();
    List<SpaceFinding> findings = new ArrayList<>();
    for (SpaceNeed need : needs) {
      Path there = Preflight.existing(need.folder());
      Object room = rooms.roomOf(there);
      long promised = claimsByOwner.values().stream().mapToLong(c -> left(c, room)).sum();
      // A VM's output and overlay may share a file system, too.
      long own =
          claims.stream().filter(c -> c.room().equals(room)).mapToLong(c -> c.need().least()).sum();
      findings.add(new SpaceFinding(need, rooms.free(there), promised + own));
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

  /** Gives back all that the job has reserved. */
  synchronized void release(VmJob job) {
    claimsByOwner.remove(job.directory());
  }
}
