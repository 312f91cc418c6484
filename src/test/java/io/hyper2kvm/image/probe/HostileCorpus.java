package io.hyper2kvm.image.probe;

import io.hyper2kvm.image.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The hostile images of the unit tests as files, for whole runs of the daemon. */
public final class HostileCorpus {

  private HostileCorpus() {}

  /**
   * An image on the disk.
   *
   * @param name the rule it breaks
   * @param sourceType what a manifest would call it; empty where it has no word for it
   * @param path where it is
   */
  public record Image(String name, String sourceType, Path path) {}

  /** Makes all of them, each in a folder of its own. */
  public static List<Image> make(Path folder) throws IOException {
    List<Image> images = new ArrayList<>();
    List<HostileImage> cases =
        Stream.of(
                HostileOtherImages.all(),
                HostileSparseVmdks.all(),
                HostileDescriptors.all(),
                HostileMicrosoftImages.all())
            .flatMap(List::stream)
            .toList();
    for (HostileImage hostile : cases) {
      Path own = Files.createDirectories(folder.resolve("h" + images.size()));
      images.add(
          new Image(hostile.name(), sourceType(hostile.declared()), hostile.maker().make(own)));
    }
    return images;
  }

  private static String sourceType(ImageFormat format) {
    return switch (format) {
      case VMDK -> "vmdk";
      case VPC -> "vhd";
      case VHDX -> "vhdx";
      case RAW -> "raw";
      default -> "";
    };
  }
}
