package io.yunpipe.e2e.images;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** Pictures of several formats, one of them cut short. */
final class Pictures {
  private Pictures() {}

  /**
   * Makes a few, and adds those of the folder that YUNPIPE_TEST_PICTURES names, if it does.
   *
   * @return the folder
   */
  static Path in(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("plate 1"));
    Files.write(folder.resolve("plate 1/well.png"), picture("png", 40, 30));
    Files.write(folder.resolve("scan.jpg"), picture("jpeg", 64, 48));
    Files.write(folder.resolve("grey.tif"), picture("tiff", 10, 20));
    byte[] whole = picture("jpeg", 99, 99);
    Files.write(folder.resolve("truncated.jpg"), Arrays.copyOf(whole, whole.length / 2));
    String more = System.getenv("YUNPIPE_TEST_PICTURES");
    if (more != null) {
      try (Stream<Path> files = Files.list(Path.of(more))) {
        for (Path file : (Iterable<Path>) files::iterator) {
          Path copy = folder.resolve(file.getFileName());
          if (!Files.exists(copy)) {
            Files.copy(file, copy);
          }
        }
      }
    }
    return folder;
  }

  private static byte[] picture(String format, int width, int height) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int x = 0; x < width; x++) {
      image.setRGB(x, x % height, 0xFF8000 + x);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, format, bytes)) {
      throw new IOException("Java cannot write " + format);
    }
    return bytes.toByteArray();
  }
}
