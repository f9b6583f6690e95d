package io.yunpipe.config;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Resources;
import io.yunpipe.RetryPolicy;
import io.yunpipe.Staging;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an algorithm: in our words, or in those of the earlier yunpipe. */
final class AlgorithmReader {
  private final Fields in;
  private final Path base;
  private final Algorithm.Builder to;

  private AlgorithmReader(Fields in, Path base, Algorithm.Builder to) {
    this.in = in;
    this.base = base;
    this.to = to;
  }

  /**
   * Returns the algorithm, or null after adding problems.
   *
   * @param name what it is called where it was found
   * @param base the folder that relative paths start from
   * @param wrapped whether the earlier yunpipe wrote this after wrapping the image
   * @param warnings takes what is read but not followed
   */
  static @Nullable Algorithm read(
      String name, Fields in, Path base, boolean wrapped, List<String> warnings) {
    int before = in.problems().count();
    Algorithm.Builder to = builder(name, in, base);
    AlgorithmReader reader = new AlgorithmReader(in, base, to);
    if (EarlierAlgorithm.is(in)) {
      new EarlierAlgorithm(in, to, wrapped, warnings).read();
    } else {
      reader.readOwn();
    }
    reader.readShared();
    return finish(in, to, before);
  }

  /** Reads the algorithm of zipped jobs: {@code output} is the file that is kept. */
  static @Nullable Algorithm readZip(String name, Fields in, Path base) {
    int before = in.problems().count();
    Algorithm.Builder to = builder(name, in, base);
    AlgorithmReader reader = new AlgorithmReader(in, base, to);
    reader.readOwn();
    reader.readZipped(in);
    reader.readRest();
    return finish(in, to, before);
  }

  private static Algorithm.Builder builder(String name, Fields in, Path base) {
    String own = in.text("name");
    if (own != null && !own.equals(name)) {
      in.problem(
          "name", "expected " + name + ", as the algorithm is called here, but found " + own);
    }
    Algorithm.Builder named = in.make("name", () -> Algorithm.builder(name));
    Algorithm.Builder to = named == null ? Algorithm.builder("unnamed") : named;
    Path folder = in.path("base-folder", base);
    return to.baseFolder(folder == null ? base : folder);
  }

  private static @Nullable Algorithm finish(Fields in, Algorithm.Builder to, int before) {
    in.finish();
    if (in.problems().count() > before) {
      return null;
    }
    return in.make("name", to::build);
  }

  private void readOwn() {
    command(in, "command", to);
    in.whenSet("image", to::image);
    if (!in.has("image") && !in.has("command")) {
      in.problem("nothing to run; set command or image");
    }
    in.whenSet("input-path", to::inputPath);
    in.whenSet("output-path", to::outputPath);
    in.whenSet("executable-path", to::executablePath);
    in.whenSet("instance-type", to::instanceType);
    VariableReader.read(in, "variables", to);
    Parts.ports(in, "ports").forEach(port -> in.attempt("ports", () -> to.addPort(port)));
    to.resources(Parts.resources(in, "resources", Resources.DEFAULT));
  }

  /** Reads a command: text that is split as a shell would, or its tokens. */
  static void command(Fields in, String key, Algorithm.Builder to) {
    if (!in.has(key)) {
      return;
    }
    List<String> tokens = in.texts(key);
    if (!in.isList(key) && tokens.size() == 1) {
      in.attempt(key, () -> to.command(tokens.get(0)));
    } else {
      to.argv(tokens);
    }
  }

  private void readShared() {
    String output = in.text("output");
    if (output != null) {
      switch (output) {
        case "folder" -> to.outputMode(OutputMode.FOLDER);
        case "file" -> to.outputMode(OutputMode.FILE);
        default -> in.problem("output", "expected folder or file, but found \"" + output + "\"");
      }
    }
    Fields zipped = in.block("zipped");
    if (zipped != null) {
      readZipped(zipped);
      zipped.finish();
    }
    readRest();
  }

  private void readRest() {
    // Only checked: what it tells is no part of what runs.
    About.read(in);
    Duration timeout = in.duration("timeout");
    if (timeout != null) {
      in.attempt("timeout", () -> to.timeout(timeout));
    }
    RetryPolicy retry = Parts.retry(in, "retry");
    if (retry != null) {
      to.retry(retry);
    }
    readSuccessCodes();
    to.network(in.flag("network", false));
    in.whenSet("stdin", to::stdin);
    in.whenSet("stdout", to::stdout);
    in.whenSet("stderr", to::stderr);
    in.list("staging").forEach(this::readStaging);
  }

  private void readSuccessCodes() {
    Set<Integer> codes = new LinkedHashSet<>();
    List<Fields.Item> items = in.list("success-codes");
    for (Fields.Item item : items) {
      String text = in.text(item, "an exit code");
      Long code = text == null ? null : Values.whole(text);
      if (code != null) {
        codes.add(Parts.clamp(code));
      } else if (text != null) {
        in.mismatch(item, "an exit code");
      }
    }
    if (in.has("success-codes") && codes.size() == items.size()) {
      in.attempt("success-codes", () -> to.successCodes(codes));
    }
  }

  private void readZipped(Fields from) {
    String output = from.text("output");
    if (output == null) {
      if (!from.has("output")) {
        from.problem(
            "output is not set; name the file that the command writes in the unzipped folder");
      }
      return;
    }
    if (leaves(output)) {
      from.problem(
          "output", "expected a path inside the unzipped folder, but found \"" + output + "\"");
      return;
    }
    to.zipped(output, from.text("extension", extension(output)));
  }

  /** Whether a path would lead out of the folder that it is relative to. */
  static boolean leaves(String path) {
    try {
      Path relative = Path.of(path);
      return path.isBlank() || relative.isAbsolute() || relative.normalize().startsWith("..");
    } catch (InvalidPathException e) {
      return true;
    }
  }

  private static String extension(String file) {
    int dot = file.lastIndexOf('.');
    return dot > file.lastIndexOf('/') ? file.substring(dot) : "";
  }

  private void readStaging(Fields.Item item) {
    Fields entry = in.block(item);
    if (entry == null) {
      return;
    }
    String path = entry.text("path");
    Path file = entry.path("file", base);
    String text = entry.text("text");
    boolean folder = entry.flag("folder", false);
    boolean writable = entry.flag("writable", folder);
    entry.finish();
    int kinds = (entry.has("file") ? 1 : 0) + (text == null ? 0 : 1) + (folder ? 1 : 0);
    if (path == null || kinds != 1) {
      entry.problem("expected path and one of file, text and folder = true");
      return;
    }
    Staging.Kind kind =
        folder ? Staging.Kind.FOLDER : text != null ? Staging.Kind.TEXT : Staging.Kind.FILE;
    Staging staging = entry.make("path", () -> new Staging(path, kind, file, text, writable));
    if (staging != null) {
      to.addStaging(staging);
    }
  }
}
