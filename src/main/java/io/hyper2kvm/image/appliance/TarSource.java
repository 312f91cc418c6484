package io.hyper2kvm.image.appliance;

import java.io.IOException;

/** Where a tar archive's blocks come from, forward only. */
interface TarSource {

  /** Fills the array, or returns fewer bytes where the archive ends. */
  int read(byte[] block) throws IOException;

  /** Goes over some bytes; false when the archive ends before. */
  boolean skip(long bytes) throws IOException;

  /** Where the next read begins, in bytes from the archive's start. */
  long position();
}
