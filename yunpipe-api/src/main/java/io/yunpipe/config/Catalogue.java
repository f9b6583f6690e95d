package io.yunpipe.config;

import io.yunpipe.Algorithm;
import io.yunpipe.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds described algorithms by name: beside a workflow file, in the folder {@code algorithms}
 * beside it, in {@code ~/.yunpipe/algorithms}, and in the earlier yunpipe's {@code
 * ~/.cloud_pipe/algorithms}. The first that is found counts. Immutable and thread-safe; reads the
 * folders at each call.
 */
public final class Catalogue {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final List<String> USUAL = List.of(".json", ".conf");
  private static final List<String> ALL = List.of(".json", ".conf", "_info.json");
  private static final List<String> EARLIER = List.of("_info.json");

  private record Place(Path folder, List<String> suffixes) {}

  private final List<Place> places;

  private Catalogue(List<Place> places) {
    this.places = places;
  }

  /** Returns the catalogue of this user. */
  public static Catalogue ofUser() {
    return of(null, Path.of(System.getProperty("user.home", "")));
  }

  /** Returns the catalogue for a workflow file: what lies beside it comes first. */
  public static Catalogue beside(Path workflow) {
    return of(workflow, Path.of(System.getProperty("user.home", "")));
  }

  static Catalogue of(@Nullable Path workflow, Path home) {
    List<Place> places = new ArrayList<>();
    if (workflow != null) {
      Path folder = AlgorithmFile.folder(workflow);
      places.add(new Place(folder, USUAL));
      places.add(new Place(folder.resolve("algorithms"), USUAL));
    }
    places.add(new Place(home.resolve(".yunpipe").resolve("algorithms"), ALL));
    places.add(new Place(home.resolve(".cloud_pipe").resolve("algorithms"), EARLIER));
    return new Catalogue(places);
  }

  /** Returns the folder that takes algorithms described by this user. */
  public static Path userFolder() {
    return Path.of(System.getProperty("user.home", ""), ".yunpipe", "algorithms");
  }

  /** Returns the file that describes an algorithm, if there is one. */
  public Optional<Path> find(String name) {
    return NAME.matcher(name).matches()
        ? candidates(name).filter(Files::isRegularFile).findFirst()
        : Optional.empty();
  }

  /**
   * Returns an algorithm.
   *
   * @throws ConfigurationException if there is none of that name, saying where it was looked for
   *     and the nearest name found, or with all problems of its file
   */
  public Algorithm get(String name) {
    return find(name)
        .map(AlgorithmFile::read)
        .orElseThrow(
            () -> new ConfigurationException("of algorithms", List.of(missing(name, Set.of()))));
  }

  /**
   * Returns the files of all algorithms by name; of two of a name, the one that {@link #find}
   * returns. Beside a workflow only the folder {@code algorithms} is listed, since anything may lie
   * next to the workflow. In the order of places, then of names; unmodifiable.
   */
  public Map<String, Path> list() {
    Map<String, Path> found = new LinkedHashMap<>();
    List<Place> listed = places.size() > 3 ? places.subList(1, places.size()) : places;
    for (Place place : listed) {
      files(place).forEach(file -> found.putIfAbsent(AlgorithmFile.nameOf(file), file));
    }
    return Collections.unmodifiableMap(found);
  }

  /** Says that there is no such algorithm, where it was looked for and what is near. */
  String missing(String name, Set<String> defined) {
    Set<String> known = new LinkedHashSet<>(defined);
    places.forEach(place -> files(place).forEach(file -> known.add(AlgorithmFile.nameOf(file))));
    StringBuilder text = new StringBuilder("no algorithm is named '" + name + "'");
    Nearest.of(name, known).ifPresent(near -> text.append("; did you mean '" + near + "'?"));
    text.append(text.indexOf("?") < 0 ? ". Looked " : " Looked ");
    if (!defined.isEmpty()) {
      text.append("among those of this file (" + String.join(", ", defined) + ") and ");
    }
    List<String> looked =
        places.stream()
            .map(place -> place.folder + "/" + name + alternatives(place.suffixes))
            .toList();
    return text.append("for " + String.join(", ", looked)).toString();
  }

  private static String alternatives(List<String> suffixes) {
    return suffixes.size() == 1 ? suffixes.get(0) : "{" + String.join(",", suffixes) + "}";
  }

  private Stream<Path> candidates(String name) {
    return places.stream()
        .flatMap(place -> place.suffixes.stream().map(end -> place.folder.resolve(name + end)));
  }

  private static List<Path> files(Place place) {
    if (!Files.isDirectory(place.folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(place.folder)) {
      return files
          .filter(file -> place.suffixes.stream().anyMatch(file.toString()::endsWith))
          .filter(file -> NAME.matcher(AlgorithmFile.nameOf(file)).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not list algorithms in " + place.folder + ": " + e, e);
    }
  }
}
