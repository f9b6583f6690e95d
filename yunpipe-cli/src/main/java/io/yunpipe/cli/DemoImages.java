package io.yunpipe.cli;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Makes grey PNG images that look like cells under a microscope. The same numbers give the same
 * images.
 */
final class DemoImages {
  private DemoImages() {}

  /** Makes {@code count} square images of {@code size} pixels a side below {@code folder}. */
  static void make(Path folder, int count, int size, long seed) throws IOException {
    if (count < 1 || count > 999 || size < 16 || size > 8192) {
      throw new IllegalArgumentException(
          "count must be 1 to 999 and size 16 to 8192, but were " + count + " and " + size);
    }
    for (int number = 1; number <= count; number++) {
      BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_BYTE_GRAY);
      draw(image, new Random(seed * 1000 + number));
      Path file = folder.resolve(name(number));
      Files.createDirectories(file.getParent());
      write(image, file);
    }
  }

  static String name(int number) {
    String digits = Integer.toString(1000 + number).substring(1);
    String plate = number % 6 == 3 ? "plate-a/" : number % 6 == 0 ? "plate-b/" : "";
    return plate + "cells-" + digits + ".png";
  }

  /** Draws an image and returns the number of cells in it. */
  static int draw(BufferedImage image, Random random) {
    int size = image.getWidth();
    float[] light = new float[size * size];
    int cells = addCells(light, size, random);
    addBackground(light, size, random);
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) Math.max(0, Math.min(255, light[i] + noise(random)));
    }
    return cells;
  }

  /** A background that gets brighter in some direction. */
  static void addBackground(float[] light, int size, Random random) {
    float right = (random.nextFloat() - 0.5f) * 36 / size;
    float down = (random.nextFloat() - 0.5f) * 36 / size;
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        light[y * size + x] += 34 + right * (x - size / 2) + down * (y - size / 2);
      }
    }
  }

  /** Close to a normal distribution (four dice of 256 faces), but cheaper to draw. */
  static float noise(Random random) {
    int dice = random.nextInt();
    int sum = (dice & 255) + (dice >>> 8 & 255) + (dice >>> 16 & 255) + (dice >>> 24);
    return (sum - 510) * 0.07f;
  }

  /** Adds 10 to 60 cells that do not touch; fewer where they find no room. */
  static int addCells(float[] light, int size, Random random) {
    int wanted = 10 + random.nextInt(51);
    float[] xs = new float[wanted];
    float[] ys = new float[wanted];
    float[] radii = new float[wanted];
    int cells = 0;
    for (int attempt = 0; cells < wanted && attempt < 20 * wanted; attempt++) {
      float x = random.nextFloat() * size;
      float y = random.nextFloat() * size;
      float radius = 8 + 12 * random.nextFloat();
      if (hasRoom(x, y, radius, xs, ys, radii, cells)) {
        xs[cells] = x;
        ys[cells] = y;
        radii[cells] = radius;
        cells++;
        addCell(light, size, x, y, radius, random);
      }
    }
    return cells;
  }

  static boolean hasRoom(
      float x, float y, float radius, float[] xs, float[] ys, float[] radii, int cells) {
    for (int i = 0; i < cells; i++) {
      float apart = radius + radii[i] + 6;
      float dx = x - xs[i];
      float dy = y - ys[i];
      if (dx * dx + dy * dy < apart * apart) {
        return false;
      }
    }
    return true;
  }

  /** Adds an ellipse with its longer half axis {@code radius}, turned by a random angle. */
  static void addCell(float[] light, int size, float x, float y, float radius, Random random) {
    float brightness = 80 + 110 * random.nextFloat();
    float flatness = 1 + 0.6f * random.nextFloat();
    double angle = Math.PI * random.nextDouble();
    // StrictMath gives the same bits on every machine, Math need not.
    float cos = (float) StrictMath.cos(angle);
    float sin = (float) StrictMath.sin(angle);
    int reach = (int) (radius * 1.42f) + 1;
    for (int py = Math.max(0, (int) y - reach); py < Math.min(size, (int) y + reach + 1); py++) {
      for (int px = Math.max(0, (int) x - reach); px < Math.min(size, (int) x + reach + 1); px++) {
        float along = (cos * (px - x) + sin * (py - y)) / radius;
        float across = (cos * (py - y) - sin * (px - x)) / radius * flatness;
        light[py * size + px] += brightness * profile(along * along + across * across);
      }
    }
  }

  /** Brightness by squared distance from the middle: 1 there, half at the rim (1), 0 beyond. */
  static float profile(float squaredDistance) {
    float inside = Math.max(0, 1 - squaredDistance / 2);
    return inside * inside * (3 - 2 * inside);
  }

  static void write(BufferedImage image, Path file) throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    // Noise hardly shrinks: storing it as it is saves time here and when it is read.
    param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    param.setCompressionQuality(1);
    try (OutputStream out = Files.newOutputStream(file);
        MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    } finally {
      writer.dispose();
    }
  }
}
