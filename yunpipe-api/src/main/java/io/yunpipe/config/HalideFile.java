package io.yunpipe.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.yunpipe.Algorithm;
import io.yunpipe.InvalidPipelineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads AWSHalide's settings: a Python file of constants that describes zipped jobs. */
final class HalideFile {
  private static final Pattern MARK =
      Pattern.compile("\\s*(CODE|NAME_OUTPUT|OUTPUT_EXT|PATH_TO_ZIP_DIR)\\s*=.*");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "AWS_REGION", "yunpipe.aws.region",
          "AWS_PROFILE", "yunpipe.aws.profile",
          "BUCKET_NAME", "yunpipe.aws.bucket",
          "ECS_CLUSTER", "yunpipe.aws.ecs-cluster",
          "SSH_KEY_NAME", "yunpipe.aws.key-pair");

  /** Needed to build the image and to log in where it is stored, which is no part of a run. */
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("FULL_NAME_AND_EMAIL", "DOCKERHUB_USER", "DOCKERHUB_EMAIL", "DOCKERHUB_REPO");

  private static final List<String> FOLLOWED =
      List.of("CODE", "NAME_OUTPUT", "OUTPUT_EXT", "PATH_TO_ZIP_DIR", "APP_NAME", "DOCKERHUB_TAG");

  private final Path file;
  private final Problems problems;
  private final Map<String, PythonConstants.Constant> constants;

  private HalideFile(
      Path file, Problems problems, Map<String, PythonConstants.Constant> constants) {
    this.file = file;
    this.problems = problems;
    this.constants = constants;
  }

  static boolean is(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    if (file.toString().endsWith(".py")) {
      return true;
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.limit(1000).anyMatch(line -> MARK.matcher(line).matches());
    } catch (IOException e) {
      return false;
    }
  }

  static HalideFile read(Path file, Problems problems) {
    String text = Hocon.text(file, problems);
    HalideFile read =
        new HalideFile(
            file, problems, text == null ? Map.of() : PythonConstants.read(file, text, problems));
    if (text != null) {
      read.checkNames(text);
    }
    return read;
  }

  private void checkNames(String text) {
    Set<String> known = new LinkedHashSet<>(FOLLOWED);
    known.addAll(SETTINGS.keySet());
    known.addAll(WITHOUT_EFFECT);
    constants.forEach(
        (name, constant) -> {
          boolean usedBelow = Pattern.compile("=.*\\b" + name + "\\b").matcher(text).find();
          if (!known.contains(name) && !usedBelow) {
            problems.add(
                constant.where(), "unknown constant '" + name + "'" + Nearest.clause(name, known));
          }
        });
  }

  Map<String, ConfigValue> settings() {
    Map<String, ConfigValue> settings = new LinkedHashMap<>();
    constants.forEach(
        (name, constant) -> {
          String path = SETTINGS.get(name);
          if (path != null) {
            settings.put(
                path, ConfigValueFactory.fromAnyRef(constant.text(), constant.where().toString()));
          }
        });
    return settings;
  }

  List<String> warnings() {
    List<String> cloudOnly = constants.keySet().stream().filter(SETTINGS::containsKey).toList();
    List<String> dropped = constants.keySet().stream().filter(WITHOUT_EFFECT::contains).toList();
    List<String> warnings = new ArrayList<>();
    if (!cloudOnly.isEmpty()) {
      warnings.add(PipelineReader.cloudOnly(file, cloudOnly));
    }
    if (!dropped.isEmpty()) {
      warnings.add(file + ": " + String.join(", ", dropped) + " have no effect");
    }
    return warnings;
  }

  Optional<String> name() {
    return Optional.ofNullable(constants.get("APP_NAME")).map(PythonConstants.Constant::text);
  }

  Optional<Path> zipFolder() {
    return Optional.ofNullable(constants.get("PATH_TO_ZIP_DIR")).flatMap(this::folder);
  }

  private Optional<Path> folder(PythonConstants.Constant constant) {
    try {
      return Optional.of(AlgorithmFile.folder(file).resolve(Values.atHome(constant.text())));
    } catch (InvalidPathException e) {
      problems.add(constant.where(), "expected a folder, but found: " + e.getMessage());
      return Optional.empty();
    }
  }

  /** The job: a shell runs the code in the unzipped folder, as the worker's script did. */
  @Nullable Algorithm algorithm(String name) {
    String code = required("CODE", "the code to run in the unzipped folder");
    String output = required("NAME_OUTPUT", "the file that the code writes");
    if (code == null || output == null) {
      return null;
    }
    PythonConstants.Constant outputConstant = constants.get("NAME_OUTPUT");
    if (AlgorithmReader.leaves(output) && outputConstant != null) {
      problems.add(
          outputConstant.where(),
          "NAME_OUTPUT: expected a path inside the unzipped folder, but found \"" + output + "\"");
      return null;
    }
    PythonConstants.Constant extension = constants.get("OUTPUT_EXT");
    PythonConstants.Constant image = constants.get("DOCKERHUB_TAG");
    try {
      Algorithm.Builder to =
          Algorithm.builder(name)
              .argv(List.of("bash", "-c", code))
              .zipped(output, extension == null ? "" : unquoted(extension.text()))
              .baseFolder(AlgorithmFile.folder(file));
      return (image == null || image.text().isEmpty() ? to : to.image(image.text())).build();
    } catch (InvalidPipelineException | IllegalArgumentException e) {
      problems.add(Where.of(file), String.valueOf(e.getMessage()));
      return null;
    }
  }

  private @Nullable String required(String name, String meaning) {
    PythonConstants.Constant constant = constants.get(name);
    if (constant == null || constant.text().isBlank()) {
      problems.add(
          constant == null ? Where.of(file) : constant.where(), name + " is not set: " + meaning);
      return null;
    }
    return unquoted(constant.text());
  }

  /** These texts had to be written for sed, with a backslash before each sign it would follow. */
  private static String unquoted(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean drop =
          c == '\\' && i + 1 < text.length() && !Character.isLetterOrDigit(text.charAt(i + 1));
      plain.append(drop ? text.charAt(++i) : c);
    }
    return plain.toString();
  }
}
