// Draws the edges of an image: white where brightness changes, black elsewhere.
// Usage: java Edges.java IMAGE FOLDER  (writes FOLDER/edges.png)

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import javax.imageio.ImageIO;

public class Edges {
  public static void main(String[] args) throws IOException {
    BufferedImage image = ImageIO.read(new File(args[0]));
    if (image == null) {
      System.err.println("Edges: " + args[0] + " is not an image of a known format");
      System.exit(1);
    }
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage edges = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 1; y < height - 1; y++) {
      for (int x = 1; x < width - 1; x++) {
        int across = grey(image, x + 1, y) - grey(image, x - 1, y);
        int down = grey(image, x, y + 1) - grey(image, x, y - 1);
        edges.getRaster().setSample(x, y, 0, Math.min(255, 2 * (int) Math.hypot(across, down)));
      }
    }
    ImageIO.write(edges, "png", new File(args[1], "edges.png"));
  }

  static int grey(BufferedImage image, int x, int y) {
    Color color = new Color(image.getRGB(x, y));
    return (3 * color.getRed() + 6 * color.getGreen() + color.getBlue()) / 10;
  }
}
