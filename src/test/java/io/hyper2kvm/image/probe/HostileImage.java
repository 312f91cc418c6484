package io.hyper2kvm.image.probe;

import io.hyper2kvm.failure.FailureCode;
import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** An image that breaks one rule, and the code it must be refused with. */
record HostileImage(String name, ImageFormat declared, FailureCode code, Maker maker) {

  /** Makes the image in an empty folder and returns the path to probe. */
  interface Maker {
    Path make(Path dir) throws IOException;
  }

  /** Collects images. */
  static final class Table {

    private final List<HostileImage> images = new ArrayList<>();

    void add(String name, ImageFormat declared, FailureCode code, Maker maker) {
      images.add(new HostileImage(name, declared, code, maker));
    }

    /** An image made from a valid one by a change. */
    void bytes(
        String name, ImageFormat declared, FailureCode code, byte[] base, Consumer<byte[]> change) {
      add(
          name,
          declared,
          code,
          dir -> {
            byte[] image = base.clone();
            change.accept(image);
            return TestImages.write(dir.resolve("disk"), image);
          });
    }

    List<HostileImage> all() {
      return List.copyOf(images);
    }
  }

  static byte[] cut(byte[] image, int fewer) {
    return Arrays.copyOf(image, image.length - fewer);
  }

  @Override
  public String toString() {
    return name;
  }
}
