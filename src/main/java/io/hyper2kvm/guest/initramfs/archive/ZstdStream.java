package io.hyper2kvm.guest.initramfs.archive;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** Decodes zstd frames, one decompressor for each: it reads ahead, but not beyond its frame. */
public final class ZstdStream extends FrameStream {

  /** A decompressor costs memory, so nobody may ask for one per byte. */
  private static final int MAX_FRAMES = 4096;

  private final int maxWindow;
  private InputStream frame;
  private int frames;

  public ZstdStream(SegmentSource source, int maxWindow, BooleanSupplier archiveOpen) {
    super(source, Compression.ZSTD, archiveOpen);
    this.maxWindow = maxWindow;
    nextFrame();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count;
    while ((count = frame.read(target, offset, length)) < 0 && goesOn()) {
      if (frames == MAX_FRAMES) {
        throw new IOException("more than %d frames".formatted(MAX_FRAMES));
      }
      nextFrame();
    }
    return count;
  }

  private void nextFrame() {
    frame = new ZstdInputStream(new ZstdFrame(source, maxWindow));
    frames++;
  }
}
