// Turns an image to grey and blurs it, so that noise does not look like cells.
// Usage: java Smooth.java IMAGE FOLDER  (writes FOLDER/smooth.png; 8 bits if IMAGE has 8, else 16)
// IMAGE is a file Java's ImageIO reads: PNG, JPEG, TIFF, GIF or BMP; of several pages, the first.
// Environment: SIGMA, the width of the blur in pixels, 0 to 100 (default 2.0).
// Exit code: 0 done, 1 image not readable or result not writable, 2 wrong arguments or SIGMA.

import java.awt.Graphics;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.ImageInputStream;

public class Smooth {
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
    if (args.length != 2) {
      fail(2, "usage: java Smooth.java IMAGE FOLDER");
    }
    double sigma = sigma();
    try {
      smooth(new File(args[0]), new File(args[1]), sigma);
    } catch (IOException e) {
      fail(1, e.getMessage());
    } catch (OutOfMemoryError e) {
      fail(1, args[0] + " is too large for the memory Java has");
    }
  }

  static void smooth(File input, File folder, double sigma) throws IOException {
    BufferedImage image = read(input);
    int width = image.getWidth();
    int height = image.getHeight();
    int type = image.getRaster().getTransferType();
    float[] pixels = grey(image.getRaster());
    if (type != DataBuffer.TYPE_BYTE && type != DataBuffer.TYPE_USHORT) {
      // Fractions or 32 bits: which value is white is anyone's guess.
      stretch(pixels);
    }
    float[] kernel = kernel(sigma);
    pixels = blurAndTranspose(pixels, width, height, kernel);
    pixels = blurAndTranspose(pixels, height, width, kernel);
    int depth = type == DataBuffer.TYPE_BYTE ? 8 : 16;
    write(pixels, width, height, depth, new File(folder, "smooth.png"));
  }

  static BufferedImage read(File file) throws IOException {
    if (!file.canRead() || file.isDirectory()) {
      throw new IOException("cannot open " + file + ": no such file, or not allowed to read it");
    }
    try (ImageInputStream stream = ImageIO.createImageInputStream(file)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IOException("not an image of a known format");
      }
      ImageReader reader = readers.next();
      reader.setInput(stream, true, true);
      return withPlainPixels(decode(reader));
    } catch (IOException e) {
      throw new IOException("cannot read " + file + ": " + e.getMessage());
    }
  }

  static BufferedImage decode(ImageReader reader) throws IOException {
    FirstWarning warning = new FirstWarning();
    reader.addIIOReadWarningListener(warning);
    try {
      BufferedImage image = reader.read(0);
      // A JPEG that ends early gets a warning only, and grey for its missing part.
      if (warning.text != null) {
        throw new IOException(warning.text);
      }
      return image;
    } catch (IOException | RuntimeException e) {
      throw new IOException("damaged, cut short or of an unusual kind (" + reason(e) + ")");
    }
  }

  /** Readers meet damage with all sorts of exceptions; the innermost one knows most. */
  static String reason(Throwable e) {
    while (e.getCause() != null) {
      e = e.getCause();
    }
    if (e instanceof EOFException) {
      return "the file ends too early";
    }
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  static class FirstWarning implements IIOReadWarningListener {
    String text;

    @Override
    public void warningOccurred(ImageReader reader, String warning) {
      if (text == null) {
        text = warning;
      }
    }
  }

  /** The image itself if its pixels are plain grey or RGB values, else a copy that has such. */
  static BufferedImage withPlainPixels(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int space = model.getColorSpace().getType();
    if (model instanceof ComponentColorModel
        && (space == ColorSpace.TYPE_GRAY || space == ColorSpace.TYPE_RGB)) {
      return image;
    }
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_3BYTE_BGR);
    Graphics graphics = copy.getGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return copy;
  }

  /** The brightness of all pixels, row by row. A transparency channel is ignored. */
  static float[] grey(Raster raster) {
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    float[] row = new float[width * bands];
    float[] grey = new float[width * height];
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        int i = x * bands;
        grey[y * width + x] =
            bands < 3 ? row[i] : 0.299f * row[i] + 0.587f * row[i + 1] + 0.114f * row[i + 2];
      }
    }
    return grey;
  }

  /** Makes the darkest pixel black (0) and the brightest white (65535). */
  static void stretch(float[] pixels) {
    float darkest = pixels[0];
    float brightest = pixels[0];
    for (float pixel : pixels) {
      darkest = Math.min(darkest, pixel);
      brightest = Math.max(brightest, pixel);
    }
    float range = brightest > darkest ? brightest - darkest : 1;
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (pixels[i] - darkest) / range * 65535;
    }
  }

  /** A Gaussian bell curve of sum 1, cut off where it gets negligible. */
  static float[] kernel(double sigma) {
    int radius = (int) Math.ceil(3 * sigma);
    float[] kernel = new float[2 * radius + 1];
    double sum = 0;
    for (int i = -radius; i <= radius; i++) {
      double weight = i == 0 ? 1 : Math.exp(-i * i / (2 * sigma * sigma));
      kernel[radius + i] = (float) weight;
      sum += weight;
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= (float) sum;
    }
    return kernel;
  }

  /** Blurs along the rows and swaps rows and columns: done twice, this blurs both ways. */
  static float[] blurAndTranspose(float[] pixels, int width, int height, float[] kernel) {
    int radius = kernel.length / 2;
    float[] line = new float[width + 2 * radius];
    float[] result = new float[pixels.length];
    for (int y = 0; y < height; y++) {
      copyRow(pixels, y * width, width, line, radius);
      for (int x = 0; x < width; x++) {
        float sum = 0;
        for (int k = 0; k < kernel.length; k++) {
          sum += kernel[k] * line[x + k];
        }
        result[x * height + y] = sum;
      }
    }
    return result;
  }

  /** Copies a row and repeats its first and last pixel beyond its ends. */
  static void copyRow(float[] pixels, int start, int width, float[] line, int radius) {
    System.arraycopy(pixels, start, line, radius, width);
    for (int i = 0; i < radius; i++) {
      line[i] = pixels[start];
      line[radius + width + i] = pixels[start + width - 1];
    }
  }

  static void write(float[] pixels, int width, int height, int depth, File file)
      throws IOException {
    int type = depth == 16 ? BufferedImage.TYPE_USHORT_GRAY : BufferedImage.TYPE_BYTE_GRAY;
    BufferedImage image = new BufferedImage(width, height, type);
    WritableRaster raster = image.getRaster();
    int white = (1 << depth) - 1;
    int[] row = new int[width];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        row[x] = Math.min(white, (int) (pixels[y * width + x] + 0.5f));
      }
      raster.setPixels(0, y, width, 1, row);
    }
    try (OutputStream out = Files.newOutputStream(file.toPath())) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new IOException("cannot write " + file + ": " + e);
    }
  }

  static double sigma() {
    String text = System.getenv("SIGMA");
    double sigma = 2.0;
    if (text != null) {
      try {
        sigma = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        sigma = -1;
      }
    }
    if (!(sigma >= 0 && sigma <= 100)) {
      fail(2, "SIGMA must be a number from 0 to 100, but is '" + text + "'");
    }
    return sigma;
  }

  static void fail(int exitCode, String message) {
    System.err.println("Smooth: " + message);
    System.exit(exitCode);
  }
}
