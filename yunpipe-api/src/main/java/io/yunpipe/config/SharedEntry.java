package io.yunpipe.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import io.yunpipe.Staging;
import io.yunpipe.config.Published.TestFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A version of an algorithm as JSON of a shared catalogue, which others may have written. */
final class SharedEntry {
  /** The format written; newer ones are not read. */
  static final int FORMAT = 1;

  /** Most bytes of an entry. */
  static final int LARGEST = 256 << 10;

  /** Most bytes of a test file. */
  static final long LARGEST_TEST = 64L << 20;

  static final Pattern TEST_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  private static final ObjectMapper JSON =
      new JsonMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(30).build())
              .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
              .build());

  private SharedEntry() {}

  /** Returns why an algorithm cannot be shared; empty if it can. */
  static List<String> unfit(Algorithm algorithm) {
    List<String> problems = new ArrayList<>();
    if (algorithm.function().isPresent()) {
      return List.of("it is a Java function of one program");
    }
    Optional<String> image = algorithm.image();
    if (image.isEmpty()) {
      problems.add(
          "it has no image: a command of one machine means something else, or nothing, on another");
    } else if (ofOneMachine(image.get())) {
      problems.add("its image " + image.get() + " is on one machine; push it to a registry");
    } else if (Digests.of(image.get()).isEmpty()) {
      problems.add(
          "its image "
              + image.get()
              + " has no digest (…@sha256:…), without which it may become another one");
    }
    algorithm.staging().stream()
        .filter(entry -> entry.kind() == Staging.Kind.FILE)
        .forEach(
            entry ->
                problems.add(
                    "staging "
                        + entry.path()
                        + " is a file of one machine; put it into the image, or stage its text"));
    return problems;
  }

  /** Returns whether an image is named as a file, a folder or what an engine has. */
  private static boolean ofOneMachine(String image) {
    return image.startsWith("engine:") || image.startsWith("oci:") || image.startsWith("tar:");
  }

  /** Returns an entry's bytes. */
  static byte[] write(Published entry) {
    ObjectNode to = JSON.createObjectNode();
    to.put("v", FORMAT);
    to.put("name", entry.name());
    to.put("version", entry.version().text());
    entry.previous().ifPresent(before -> to.put("previous", before.text()));
    to.put("digest", entry.digest());
    to.put("published", entry.published().toString());
    entry
        .test()
        .ifPresent(
            test ->
                to.putObject("test")
                    .put("name", test.name())
                    .put("size", test.size())
                    .put("sha256", test.sha256()));
    to.set("algorithm", algorithm(entry.description()));
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(to);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns whether two entries differ in nothing but version and time. */
  static boolean same(Published one, Published other) {
    ObjectNode first = algorithm(one.description());
    ObjectNode second = algorithm(other.description());
    first.remove("version");
    second.remove("version");
    return first.equals(second) && one.test().equals(other.test());
  }

  private static ObjectNode algorithm(Description description) {
    try {
      ObjectNode tree = (ObjectNode) JSON.readTree(AlgorithmFile.json(description));
      // Says where on this machine files of the command lie; images have theirs inside.
      tree.remove("base-folder");
      if (ofOneMachine(description.about().base())) {
        tree.remove("base_image");
      }
      return tree;
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads an entry.
   *
   * @param name the algorithm that its key names
   * @param version the version that its key names
   * @param source its key, for messages
   * @throws ConfigurationException with all problems
   */
  static Published read(byte[] json, String name, Version version, String source) {
    Problems problems = new Problems();
    Where where = new Where(source, -1);
    Fields in = fields(json, source, problems);
    Published read = in == null ? null : read(in, name, version);
    problems.throwIfAny(source);
    if (read == null) {
      problems.add(where, "it describes no algorithm");
      problems.throwIfAny(source);
    }
    return Objects.requireNonNull(read);
  }

  private static @Nullable Fields fields(byte[] json, String source, Problems problems) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
      // Bounds the depth, which the other parser does not.
      JsonNode tree = JSON.readTree(text);
      if (!tree.isObject()) {
        problems.add(new Where(source, -1), "expected a JSON object");
        return null;
      }
      // JSON alone: HOCON could name files and environment variables of who reads it.
      ConfigParseOptions options =
          ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON).setOriginDescription(source);
      return new Fields(ConfigFactory.parseString(text, options).root(), "", problems);
    } catch (CharacterCodingException e) {
      problems.add(new Where(source, -1), "cannot be read as UTF-8");
    } catch (JsonProcessingException e) {
      problems.add(new Where(source, -1), "cannot be read as JSON: " + e.getOriginalMessage());
    } catch (ConfigException e) {
      problems.add(new Where(source, -1), String.valueOf(e.getMessage()));
    }
    return null;
  }

  private static @Nullable Published read(Fields in, String name, Version version) {
    Long format = in.whole("v");
    if (format == null || format > FORMAT) {
      in.problem(
          "v",
          "expected a format up to "
              + FORMAT
              + ", but found "
              + format
              + "; update yunpipe to read it");
      return null;
    }
    expect(in, "name", name);
    expect(in, "version", version.text());
    Version previous = version(in, version);
    Instant published = instant(in);
    TestFile test = test(in);
    Fields block = in.block("algorithm");
    if (block == null) {
      in.problem("algorithm is not set");
      return null;
    }
    if (block.has("base-folder")) {
      block.problem("base-folder", "no algorithm of a catalogue may name folders of this machine");
      return null;
    }
    Algorithm algorithm =
        AlgorithmReader.read(name, block, Path.of("").toAbsolutePath(), false, new ArrayList<>());
    if (algorithm == null || published == null) {
      return null;
    }
    unfit(algorithm).forEach(block::problem);
    expect(in, "digest", algorithm.image().flatMap(Digests::of).orElse(""));
    Description description = AlgorithmFile.description(algorithm, block);
    if (ofOneMachine(description.about().base())) {
      // Wrapped anew, it would be read here and pushed to where the image is.
      block.problem("base_image", "no algorithm of a catalogue may name images of this machine");
    }
    return new Published(
        description.withAbout(description.about().withVersion(version)),
        version,
        previous,
        published,
        test);
  }

  private static void expect(Fields in, String key, String expected) {
    String found = in.text(key, "");
    if (!found.equals(expected)) {
      in.problem(key, "expected \"" + expected + "\", but found \"" + found + "\"");
    }
  }

  private static @Nullable Version version(Fields in, Version version) {
    String text = in.text("previous");
    Version previous = text == null ? null : in.make("previous", () -> new Version(text));
    if (previous != null && previous.compareTo(version) >= 0) {
      in.problem("previous", "expected a version before " + version + ", but found " + previous);
    }
    return previous;
  }

  private static @Nullable Instant instant(Fields in) {
    String text = in.text("published", "");
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      in.problem("published", "expected a time such as 2026-11-22T10:00:00Z, but found " + text);
      return null;
    }
  }

  private static @Nullable TestFile test(Fields in) {
    Fields test = in.block("test");
    if (test == null) {
      return null;
    }
    String name = test.text("name", "");
    Long size = test.whole("size");
    String sha256 = test.text("sha256", "");
    if (!TEST_NAME.matcher(name).matches()) {
      test.problem("name", "expected a plain file name, but found \"" + name + "\"");
    }
    if (size == null || size < 0 || size > LARGEST_TEST) {
      test.problem("size", "expected at most " + LARGEST_TEST + " bytes, but found " + size);
      return null;
    }
    if (!SHA_256.matcher(sha256).matches()) {
      test.problem("sha256", "expected 64 of 0-9 and a-f, but found \"" + sha256 + "\"");
    }
    return new TestFile(name, size, sha256);
  }
}
