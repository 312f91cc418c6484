package io.hyper2kvm.page;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** The most frequent 256 colours of a picture, so that its file is small. */
final class Palette {

  private static final int MOST = 256;

  private Palette() {}

  /** The same PNG with at most 256 colours. */
  static byte[] reduced(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    Map<Integer, Integer> counts = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        counts.merge(image.getRGB(x, y), 1, Integer::sum);
      }
    }
    List<Integer> colours =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<Integer, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(MOST)
            .map(Map.Entry::getKey)
            .toList();
    int[] table = colours.stream().mapToInt(Integer::intValue).toArray();
    IndexColorModel model =
        new IndexColorModel(
            8, table.length, table, 0, false, -1, java.awt.image.DataBuffer.TYPE_BYTE);
    BufferedImage small =
        new BufferedImage(
            image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, model);
    Map<Integer, Integer> nearest = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int index = nearest.computeIfAbsent(image.getRGB(x, y), rgb -> nearest(rgb, table));
        small.getRaster().setSample(x, y, 0, index);
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(small, "png", out);
    return out.toByteArray();
  }

  private static int nearest(int rgb, int[] table) {
    int best = 0;
    long least = Long.MAX_VALUE;
    for (int i = 0; i < table.length; i++) {
      long distance = distance(rgb, table[i]);
      if (distance < least) {
        least = distance;
        best = i;
      }
    }
    return best;
  }

  private static long distance(int one, int other) {
    long sum = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      long part = (one >> shift & 255) - (other >> shift & 255);
      sum += part * part;
    }
    return sum;
  }
}
