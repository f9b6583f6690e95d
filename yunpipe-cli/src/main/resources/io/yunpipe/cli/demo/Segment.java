// Finds the cells in a smoothed image: bright spots on a dark background.
// Usage: java Segment.java IMAGE FOLDER  (IMAGE: a smooth.png written by Smooth)
// Writes FOLDER/overlay.png (the image with outlined cells) and FOLDER/cells.csv (a line per cell).
// Environment: MIN_AREA, the size in pixels below which a spot is no cell (default 30).
// Exit code: 0 done, 1 image not readable or result not writable, 2 wrong arguments or MIN_AREA.

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import javax.imageio.ImageIO;

public class Segment {
  /** The overlay has 250 shades of grey, and these colours for the outlines. */
  static final int SHADES = 250;

  static final int[] COLOURS = {0xff4d4d, 0xffd24d, 0x5dff4d, 0x4dfff0, 0x4d9dff, 0xff66e8};

  /** Letters of 3 x 5 dots, an octal digit a line: containers often lack fonts. */
  static final String LETTERS = "0123456789CELS";

  static final int[] DOTS = {
    075557, 026227, 071747, 071717, 055711, 074717, 074757, 071222, 075757, 075717, 074447, 074647,
    044447, 074717
  };

  final int width;
  final int height;

  /** Brightness as the image has it, row by row. */
  final int[] pixels;

  /** Brightness stretched so that the darkest pixel has 0 and the brightest SHADES - 1. */
  final int[] shades;

  /** The number of the cell a pixel belongs to, or 0. */
  final int[] labels;

  final StringBuilder csv =
      new StringBuilder("cell,area_px,centroid_x,centroid_y,mean_intensity\n");
  int cells;

  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
    if (args.length != 2) {
      fail(2, "usage: java Segment.java IMAGE FOLDER");
    }
    int minArea = minArea();
    File folder = new File(args[1]);
    try {
      Segment segment = new Segment(read(new File(args[0])));
      segment.findCells(minArea);
      segment.writeOverlay(new File(folder, "overlay.png"));
      segment.writeCsv(new File(folder, "cells.csv"));
    } catch (IOException e) {
      fail(1, e.getMessage());
    } catch (OutOfMemoryError e) {
      fail(1, args[0] + " is too large for the memory Java has");
    }
  }

  static BufferedImage read(File file) throws IOException {
    if (!file.canRead() || file.isDirectory()) {
      throw new IOException("cannot open " + file + ": no such file, or not allowed to read it");
    }
    BufferedImage image;
    try {
      image = ImageIO.read(file);
    } catch (IOException | RuntimeException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage());
    }
    if (image == null
        || (image.getType() != BufferedImage.TYPE_BYTE_GRAY
            && image.getType() != BufferedImage.TYPE_USHORT_GRAY)) {
      throw new IOException(file + " is not a grey image: smooth it first");
    }
    return image;
  }

  Segment(BufferedImage image) {
    width = image.getWidth();
    height = image.getHeight();
    pixels = image.getRaster().getPixels(0, 0, width, height, (int[]) null);
    shades = shades(pixels);
    labels = new int[pixels.length];
  }

  static int[] shades(int[] pixels) {
    int darkest = pixels[0];
    int brightest = pixels[0];
    for (int pixel : pixels) {
      darkest = Math.min(darkest, pixel);
      brightest = Math.max(brightest, pixel);
    }
    int range = Math.max(1, brightest - darkest);
    int[] shades = new int[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      shades[i] = (pixels[i] - darkest) * (SHADES - 1) / range;
    }
    return shades;
  }

  /** Numbers the spots of at least {@code minArea} pixels. */
  void findCells(int minArea) {
    boolean[] bright = brightPixels();
    int[] spot = new int[pixels.length];
    for (int i = 0; i < pixels.length; i++) {
      if (bright[i]) {
        int area = takeSpot(i, bright, spot);
        if (area >= minArea) {
          addCell(spot, area);
        }
      }
    }
  }

  boolean[] brightPixels() {
    int threshold = threshold(shades);
    boolean[] bright = new boolean[pixels.length];
    int count = 0;
    for (int i = 0; i < pixels.length; i++) {
      bright[i] = shades[i] > threshold;
      count += bright[i] ? 1 : 0;
    }
    // Cells cover the smaller part: if that is the dark one, they are dark on a bright background.
    if (count > pixels.length / 2) {
      for (int i = 0; i < pixels.length; i++) {
        bright[i] = !bright[i];
      }
    }
    return bright;
  }

  /** Otsu's method: the threshold that sets the means of both sides furthest apart. */
  static int threshold(int[] shades) {
    int[] histogram = new int[SHADES];
    double sum = 0;
    for (int shade : shades) {
      histogram[shade]++;
      sum += shade;
    }
    int best = 0;
    double bestSpread = 0;
    double below = 0;
    double sumBelow = 0;
    for (int shade = 0; shade < SHADES; shade++) {
      below += histogram[shade];
      sumBelow += (double) shade * histogram[shade];
      double above = shades.length - below;
      if (below > 0 && above > 0) {
        double distance = (sum - sumBelow) / above - sumBelow / below;
        double spread = below * above * distance * distance;
        if (spread > bestSpread) {
          bestSpread = spread;
          best = shade;
        }
      }
    }
    return best;
  }

  /**
   * Moves the pixels connected with {@code start} to {@code spot} and returns how many they are.
   */
  int takeSpot(int start, boolean[] bright, int[] spot) {
    int found = 1;
    spot[0] = start;
    bright[start] = false;
    for (int done = 0; done < found; done++) {
      int x = spot[done] % width;
      int y = spot[done] / width;
      for (int ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (int nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          int neighbour = ny * width + nx;
          if (bright[neighbour]) {
            bright[neighbour] = false;
            spot[found++] = neighbour;
          }
        }
      }
    }
    return found;
  }

  void addCell(int[] spot, int area) {
    cells++;
    double sumX = 0;
    double sumY = 0;
    double sumIntensity = 0;
    for (int i = 0; i < area; i++) {
      labels[spot[i]] = cells;
      sumX += spot[i] % width;
      sumY += spot[i] / width;
      sumIntensity += pixels[spot[i]];
    }
    csv.append(cells).append(',').append(area);
    appendNumber(sumX / area);
    appendNumber(sumY / area);
    appendNumber(sumIntensity / area);
    csv.append('\n');
  }

  /** Adds a number with two decimals, the same in all languages. */
  void appendNumber(double number) {
    long hundredths = Math.round(number * 100);
    csv.append(',').append(hundredths / 100).append('.');
    csv.append(hundredths / 10 % 10).append(hundredths % 10);
  }

  void writeOverlay(File file) throws IOException {
    int[] overlay = shades.clone();
    for (int i = 0; i < overlay.length; i++) {
      if (labels[i] > 0 && isRim(i)) {
        overlay[i] = SHADES + labels[i] % COLOURS.length;
      }
    }
    drawText(overlay, cells + (cells == 1 ? " CELL" : " CELLS"));
    BufferedImage image =
        new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, palette());
    image.getRaster().setPixels(0, 0, width, height, overlay);
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e);
    }
  }

  /** Whether a neighbour of the pixel is outside of its cell or of the image. */
  boolean isRim(int i) {
    int x = i % width;
    int y = i / width;
    return x == 0
        || y == 0
        || x == width - 1
        || y == height - 1
        || labels[i - 1] != labels[i]
        || labels[i + 1] != labels[i]
        || labels[i - width] != labels[i]
        || labels[i + width] != labels[i];
  }

  static IndexColorModel palette() {
    int[] colours = new int[256];
    for (int shade = 0; shade < SHADES; shade++) {
      colours[shade] = shade * 255 / (SHADES - 1) * 0x010101;
    }
    System.arraycopy(COLOURS, 0, colours, SHADES, COLOURS.length);
    return new IndexColorModel(8, 256, colours, 0, false, -1, DataBuffer.TYPE_BYTE);
  }

  /** Writes bright letters on a dark bar in the upper left corner. */
  void drawText(int[] overlay, String text) {
    int scale = 3;
    int barWidth = Math.min(width, scale * (4 * text.length() + 1));
    int barHeight = Math.min(height, scale * 7);
    for (int y = 0; y < barHeight; y++) {
      for (int x = 0; x < barWidth; x++) {
        overlay[y * width + x] = isDot(text, x / scale - 1, y / scale - 1) ? SHADES + 1 : 0;
      }
    }
  }

  static boolean isDot(String text, int column, int line) {
    if (column < 0 || column % 4 == 3 || line < 0 || line > 4) {
      return false;
    }
    int letter = LETTERS.indexOf(text.charAt(column / 4));
    return letter >= 0 && (DOTS[letter] >> (14 - 3 * line - column % 4) & 1) == 1;
  }

  void writeCsv(File file) throws IOException {
    try {
      Files.write(file.toPath(), csv.toString().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e);
    }
  }

  static int minArea() {
    String text = System.getenv("MIN_AREA");
    int minArea = 30;
    if (text != null) {
      try {
        minArea = Integer.parseInt(text);
      } catch (NumberFormatException e) {
        minArea = -1;
      }
    }
    if (minArea < 1) {
      fail(2, "MIN_AREA must be a whole number above 0, but is '" + text + "'");
    }
    return minArea;
  }

  static void fail(int exitCode, String message) {
    System.err.println("Segment: " + message);
    System.exit(exitCode);
  }
}
