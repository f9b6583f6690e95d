// Sums up the cells of many images in one table and one picture.
// Usage: java Summary.java TABLES FOLDER  (TABLES: a tree of <image name>/cells.csv, see Segment)
// Writes FOLDER/summary.csv (a line per image) and FOLDER/histogram.png (the areas of all cells).
// Environment: none.
// Exit code: 0 done, 1 a table not readable or a result not writable, 2 wrong arguments.

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

public class Summary {
  static final String HEADER = "cell,area_px,centroid_x,centroid_y,mean_intensity";

  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
    if (args.length != 2) {
      fail(2, "usage: java Summary.java TABLES FOLDER");
    }
    File folder = new File(args[1]);
    try {
      TreeMap<String, int[]> areas = new TreeMap<>();
      collect(new File(args[0]), "", areas);
      if (areas.isEmpty()) {
        throw new IOException("no cells.csv below " + args[0]);
      }
      writeTable(areas, new File(folder, "summary.csv"));
      writeHistogram(areas, new File(folder, "histogram.png"));
    } catch (IOException e) {
      fail(1, e.getMessage());
    }
  }

  /** Reads all tables below a folder. {@code name} is its path below the one given first. */
  static void collect(File folder, String name, Map<String, int[]> areas) throws IOException {
    File[] files = folder.listFiles();
    if (files == null) {
      throw new IOException(
          "cannot list " + folder + ": no such folder, or not allowed to read it");
    }
    for (File file : files) {
      if (file.isDirectory()) {
        String below = name.isEmpty() ? file.getName() : name + "/" + file.getName();
        collect(file, below, areas);
      } else if (file.getName().equals("cells.csv")) {
        areas.put(name.isEmpty() ? "." : name, readAreas(file));
      }
    }
  }

  /** The areas of the cells in a table, from small to large. */
  static int[] readAreas(File file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file.toPath());
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e);
    }
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new IOException(file + " does not start with " + HEADER);
    }
    int[] areas = new int[lines.size() - 1];
    for (int i = 0; i < areas.length; i++) {
      try {
        areas[i] = area(lines.get(i + 1));
      } catch (RuntimeException e) {
        throw new IOException(
            file + ", line " + (i + 2) + ": no area in '" + lines.get(i + 1) + "'");
      }
    }
    Arrays.sort(areas);
    return areas;
  }

  /** The second value of a line. */
  static int area(String line) {
    int start = line.indexOf(',') + 1;
    return Integer.parseInt(line.substring(start, line.indexOf(',', start)));
  }

  static void writeTable(Map<String, int[]> areas, File file) throws IOException {
    StringBuilder table =
        new StringBuilder("image,cells,total_area_px,mean_area_px,median_area_px\n");
    for (Map.Entry<String, int[]> image : areas.entrySet()) {
      int[] sorted = image.getValue();
      table.append(quoted(image.getKey())).append(',').append(sorted.length);
      table.append(',').append(total(sorted)).append(',');
      // Without cells there is no mean: the fields stay empty.
      if (sorted.length > 0) {
        appendNumber(table, (double) total(sorted) / sorted.length);
        table.append(',');
        appendNumber(table, median(sorted));
      } else {
        table.append(',');
      }
      table.append('\n');
    }
    try {
      Files.write(file.toPath(), table.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e);
    }
  }

  static String quoted(String text) {
    boolean plain =
        text.indexOf(',') < 0
            && text.indexOf('"') < 0
            && text.indexOf('\n') < 0
            && text.indexOf('\r') < 0;
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  static long total(int[] values) {
    long total = 0;
    for (int value : values) {
      total += value;
    }
    return total;
  }

  static double median(int[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2.0;
  }

  /** Adds a number with two decimals, the same in all languages. */
  static void appendNumber(StringBuilder text, double number) {
    long hundredths = Math.round(number * 100);
    text.append(hundredths / 100).append('.');
    text.append(hundredths / 10 % 10).append(hundredths % 10);
  }

  static void writeHistogram(Map<String, int[]> areas, File file) throws IOException {
    BufferedImage image;
    try {
      image = new Histogram(all(areas), areas.size()).draw();
    } catch (RuntimeException | LinkageError | InternalError e) {
      throw new IOException("cannot draw " + file + " (are fonts installed?): " + e);
    }
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e);
    }
  }

  static int[] all(Map<String, int[]> areas) {
    int count = 0;
    for (int[] some : areas.values()) {
      count += some.length;
    }
    int[] all = new int[count];
    for (int[] some : areas.values()) {
      count -= some.length;
      System.arraycopy(some, 0, all, count, some.length);
    }
    Arrays.sort(all);
    return all;
  }

  static void fail(int exitCode, String message) {
    System.err.println("Summary: " + message);
    System.exit(exitCode);
  }

  static class Histogram {
    static final int WIDTH = 800;
    static final int HEIGHT = 500;
    static final int LEFT = 80;
    static final int RIGHT = 770;
    static final int TOP = 70;
    static final int BOTTOM = 425;

    static final Color INK = new Color(0x2b2f36);
    static final Color PALE_INK = new Color(0x6b7280);
    static final Color GRID = new Color(0xe3e6ea);
    static final Color BAR = new Color(0x6fa8c7);
    static final Color LAST_BAR = new Color(0xc4d9e5);
    static final Color MEDIAN = new Color(0xa3330f);

    final int[] areas;
    final int images;
    final int binWidth;
    final int[] bins;

    /** Whether the last bin also holds everything beyond it. */
    final boolean openEnd;

    /** The number of cells at the upper end of the vertical axis. */
    final int top;

    final int step;
    final BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_3BYTE_BGR);
    final Graphics2D graphics = image.createGraphics();

    Histogram(int[] sortedAreas, int imageCount) {
      areas = sortedAreas;
      images = imageCount;
      int largest = areas.length == 0 ? 100 : areas[areas.length - 1];
      int usual = areas.length == 0 ? 100 : areas[areas.length * 95 / 100];
      // A few giants would squeeze all others into one bin.
      openEnd = largest > 2 * usual;
      int end = openEnd ? usual : largest;
      binWidth = niceStep(end, 30);
      bins = new int[end / binWidth + (openEnd ? 2 : 1)];
      int highest = 1;
      for (int area : areas) {
        int bin = Math.min(area / binWidth, bins.length - 1);
        bins[bin]++;
        highest = Math.max(highest, bins[bin]);
      }
      step = niceStep(highest, 6);
      top = highest + highest / 8 + 1;
    }

    /** The smallest of 1, 2, 5, 10, 20, 50, ... that fits into the length at most so many times. */
    static int niceStep(int length, int times) {
      int step = 1;
      for (int i = 0; length / step > times; i++) {
        step = i % 3 == 1 ? step / 2 * 5 : step * 2;
      }
      return step;
    }

    BufferedImage draw() {
      graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      graphics.setRenderingHint(
          RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, WIDTH, HEIGHT);
      drawCountAxis();
      drawBars();
      drawAreaAxis();
      drawMedian();
      drawTitles();
      graphics.dispose();
      return image;
    }

    int x(double area) {
      return LEFT + (int) Math.round((RIGHT - LEFT) * area / ((double) binWidth * bins.length));
    }

    int y(int count) {
      return BOTTOM - (int) Math.round((double) (BOTTOM - TOP) * count / top);
    }

    void drawCountAxis() {
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
      for (int count = 0; count <= top; count += step) {
        graphics.setColor(GRID);
        graphics.drawLine(LEFT, y(count), RIGHT, y(count));
        graphics.setColor(PALE_INK);
        String label = Integer.toString(count);
        graphics.drawString(label, LEFT - 10 - width(label), y(count) + 5);
      }
    }

    void drawBars() {
      for (int i = 0; i < bins.length; i++) {
        int left = x((double) i * binWidth) + 1;
        int right = x((i + 1.0) * binWidth);
        graphics.setColor(openEnd && i == bins.length - 1 ? LAST_BAR : BAR);
        graphics.fillRect(left, y(bins[i]), right - left, BOTTOM - y(bins[i]));
      }
    }

    void drawAreaAxis() {
      graphics.setColor(PALE_INK);
      graphics.drawLine(LEFT, BOTTOM, RIGHT, BOTTOM);
      int binsPerTick = niceStep(bins.length, 8);
      for (int i = 0; i <= bins.length - (openEnd ? 1 : 0); i += binsPerTick) {
        int x = x((double) i * binWidth);
        graphics.drawLine(x, BOTTOM, x, BOTTOM + 5);
        drawCentred(Long.toString((long) i * binWidth), x, BOTTOM + 21);
      }
      if (openEnd) {
        drawCentred("more", x((bins.length - 0.5) * binWidth), BOTTOM + 21);
      }
    }

    void drawMedian() {
      if (areas.length == 0) {
        return;
      }
      double median = median(areas);
      int x = x(Math.min(median, (double) binWidth * bins.length));
      graphics.setColor(MEDIAN);
      graphics.setStroke(
          new BasicStroke(
              1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, new float[] {6, 4}, 0));
      graphics.drawLine(x, TOP, x, BOTTOM);
      String label = "median " + Math.round(median) + " px";
      int labelX = x + 6 + width(label) > RIGHT ? x - 6 - width(label) : x + 6;
      graphics.drawString(label, labelX, TOP + 8);
    }

    void drawTitles() {
      int middle = (LEFT + RIGHT) / 2;
      graphics.setColor(INK);
      drawCentred("area of a cell (pixels)", middle, BOTTOM + 52);
      graphics.rotate(-Math.PI / 2, 26, (TOP + BOTTOM) / 2);
      drawCentred("number of cells", 26, (TOP + BOTTOM) / 2);
      graphics.rotate(Math.PI / 2, 26, (TOP + BOTTOM) / 2);
      graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, 18));
      drawCentred(
          "Cell areas: " + number(areas.length, "cell") + " in " + number(images, "image"),
          middle,
          38);
    }

    static String number(int count, String thing) {
      return count + " " + thing + (count == 1 ? "" : "s");
    }

    int width(String text) {
      return graphics.getFontMetrics().stringWidth(text);
    }

    void drawCentred(String text, int x, int y) {
      graphics.drawString(text, x - width(text) / 2, y);
    }
  }
}
