package io.hyper2kvm.tool.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScreenPngTest {

  @TempDir Path folder;

  private void dump(int width, int height, byte[] pixels) throws Exception {
    try (var out = Files.newOutputStream(folder.resolve("screen.ppm"))) {
      out.write("P6\n%d %d\n255\n".formatted(width, height).getBytes(StandardCharsets.US_ASCII));
      out.write(pixels);
    }
  }

  private BufferedImage png() throws Exception {
    return ImageIO.read(new ByteArrayInputStream(ScreenImage.png(folder).orElseThrow()));
  }

  @Test
  void pixelsAreThoseOfTheScreen() throws Exception {
    dump(2, 1, new byte[] {0, 0, 0, (byte) 200, 10, 10});

    BufferedImage image = png();
    assertThat(image.getRaster().getSample(0, 0, 0)).isZero();
    assertThat(image.getRaster().getSample(1, 0, 0)).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1",
    "720, 400, 720, 400",
    "1280, 1280, 1280, 1280",
    "1281, 10, 640, 5",
    "4096, 1, 1024, 1"
  })
  void pictureIsNoLargerThanAllowed(int width, int height, int columns, int rows) throws Exception {
    dump(width, height, new byte[width * height * 3]);

    assertThat(png().getWidth()).isEqualTo(columns);
    assertThat(png().getHeight()).isEqualTo(rows);
  }

  @Test
  void noiseIsMadeSmallerUntilItFits() throws Exception {
    byte[] noise = new byte[1280 * 1024 * 3];
    new Random(1).nextBytes(noise);
    dump(1280, 1024, noise);

    assertThat(ScreenImage.png(folder).orElseThrow().length).isLessThanOrEqualTo(256 << 10);
    assertThat(png().getWidth()).isLessThan(1280);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "P6",
        "P6\n0 0\n255\n",
        "P6\n9999 9999\n255\n",
        "P6\n2 2\n255\nab",
        "P5\n1 1\n255\na",
        "P6 99999999999 1 255 "
      })
  void damagedDumpIsNoPicture(String text) throws Exception {
    Files.writeString(folder.resolve("screen.ppm"), text);

    assertThat(ScreenImage.png(folder)).isEmpty();
  }

  @Test
  void linkAndAbsenceAreNoPicture() throws Exception {
    assertThat(ScreenImage.png(folder)).isEmpty();
    Files.createSymbolicLink(folder.resolve("screen.ppm"), Path.of("/etc/passwd"));
    assertThat(ScreenImage.png(folder)).isEmpty();
  }
}
