package io.yunpipe.bench;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import java.nio.file.Path;
import java.util.List;

/** Adds a folder to one image with jib as it is: {@code BASE TARGET CACHE FOLDER}. */
final class JibWorkload {
  private JibWorkload() {}

  /** Adds it. */
  public static void main(String[] args) throws Exception {
    Path cache = Path.of(args[2]);
    Jib.from(RegistryImage.named(args[0]))
        .addLayer(List.of(Path.of(args[3])), AbsoluteUnixPath.get("/opt"))
        .setEntrypoint("/opt/yunpipe/jre/bin/java")
        .containerize(
            Containerizer.to(RegistryImage.named(args[1]))
                .setAllowInsecureRegistries(true)
                .setBaseImageLayersCache(cache.resolve("base"))
                .setApplicationLayersCache(cache.resolve("application")));
    // Its threads would keep the program for a minute.
    System.exit(0);
  }
}
