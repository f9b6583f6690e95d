package io.yunpipe.config;

import io.yunpipe.Algorithm;
import io.yunpipe.BackendException;
import io.yunpipe.ConfigurationException;
import io.yunpipe.InvalidInputException;
import io.yunpipe.config.Published.TestFile;
import io.yunpipe.spi.BackendProvider;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Algorithms that many users share: a folder, or a prefix in a bucket. A version, once published,
 * never changes and is never replaced. What others published is checked before it is used, and
 * nothing of it is run by reading it. Thread-safe.
 *
 * <pre>{@code
 * try (SharedCatalogue shared = SharedCatalogue.open(Settings.load(null, Map.of()))) {
 *   shared.publish(AlgorithmFile.describe(file), testInput);
 *   Algorithm count = shared.newest("count").orElseThrow().description().algorithm();
 * }
 * }</pre>
 */
public final class SharedCatalogue implements AutoCloseable {
  /** The setting that says where the catalogue is. */
  public static final String SETTING = "yunpipe.catalogue";

  private static final String ENTRIES = "algorithms/";
  private static final String TESTS = "tests/";
  private static final Pattern KEY =
      Pattern.compile("algorithms/([a-z0-9][a-z0-9-]{0,62})/([0-9.]{1,40})\\.json");
  private static final int PAGE = 1000;
  private static final int MOST_VERSIONS = 10_000;

  /** How often another publisher may come first. */
  private static final int TRIES = 20;

  private final ObjectStore store;
  private final String location;
  private final Clock clock;

  /**
   * What a publication did.
   *
   * @param entry the version that is there now
   * @param made whether it was made; {@code false} if the same was there before
   */
  public record Publication(Published entry, boolean made) {}

  /**
   * An algorithm's name and its newest version.
   *
   * @param name the name
   * @param newest its newest version
   * @param versions how many versions there are
   */
  public record Listed(String name, Version newest, int versions) {}

  SharedCatalogue(ObjectStore store, String location, Clock clock) {
    this.store = store;
    this.location = location;
    this.clock = clock;
  }

  /**
   * Opens the catalogue that the setting {@value #SETTING} names.
   *
   * @throws ConfigurationException if it is not set, or names no place that a backend on the class
   *     path can open
   */
  public static SharedCatalogue open(Settings settings) {
    String location = settings.text(SETTING).orElse("");
    if (location.isEmpty()) {
      throw new ConfigurationException(
          "of yunpipe",
          List.of(
              SETTING
                  + " is not set; name the shared catalogue, such as s3://our-bucket/catalogue or a"
                  + " folder that all can reach"));
    }
    List<String> asked = new ArrayList<>();
    for (BackendProvider provider :
        ServiceLoader.load(BackendProvider.class, SharedCatalogue.class.getClassLoader())) {
      asked.add(provider.name());
      Optional<ObjectStore> store =
          provider.openStore(location, settings.backendSettings(provider.name()));
      if (store.isPresent()) {
        return of(store.get(), location);
      }
    }
    throw new ConfigurationException(
        "of yunpipe",
        List.of(
            SETTING
                + ": expected a folder or s3://bucket/prefix, but found \""
                + location
                + "\", which none of the backends on the class path can open: "
                + (asked.isEmpty() ? "none" : String.join(", ", asked))));
  }

  /**
   * Returns the catalogue in a store, which is closed with it.
   *
   * @param location what the store is called in messages
   */
  public static SharedCatalogue of(ObjectStore store, String location) {
    return new SharedCatalogue(store, location, Clock.systemUTC());
  }

  /** Returns where the catalogue is. */
  public String location() {
    return location;
  }

  /**
   * Publishes a version: the description's own, or else the one after the newest. The same, under
   * the same version or none, is published once.
   *
   * @param description the algorithm; its image must have a digest
   * @param test an input to try it on, at most 64 MiB, or null
   * @throws InvalidInputException if it cannot be shared, or its version is published with
   *     something else in it
   */
  public Publication publish(Description description, @Nullable Path test) {
    Algorithm algorithm = description.algorithm();
    List<String> problems = SharedEntry.unfit(algorithm);
    if (!problems.isEmpty()) {
      throw new InvalidInputException(
          "Could not publish algorithm "
              + algorithm.name()
              + ": "
              + String.join("; ", problems)
              + ".");
    }
    TestFile file = test == null ? null : TestFiles.look(test);
    for (int i = 0; i < TRIES; i++) {
      List<Version> versions = versions(algorithm.name());
      Published wanted = next(description, versions, file);
      Version there = wanted.previousVersion();
      boolean taken = versions.contains(wanted.version());
      if (taken || (description.about().version() == null && there != null)) {
        Published old = get(algorithm.name(), taken ? wanted.version() : latest(versions));
        if (SharedEntry.same(old, wanted)) {
          return new Publication(old, false);
        }
        if (taken) {
          throw taken(old, wanted);
        }
      }
      if (create(wanted, test)) {
        return new Publication(wanted, true);
      }
    }
    throw new BackendException(
        "Could not publish algorithm "
            + algorithm.name()
            + " in "
            + location
            + ": each version that was next was taken by another program. Try again.",
        true,
        null);
  }

  private Published next(Description description, List<Version> versions, @Nullable TestFile test) {
    Version own = description.about().version();
    Version version =
        own != null ? own : versions.isEmpty() ? Version.FIRST : latest(versions).next();
    Version previous =
        versions.stream()
            .filter(other -> other.compareTo(version) < 0)
            .max(Comparator.naturalOrder())
            .orElse(null);
    Published wanted =
        new Published(
            description.withAbout(description.about().withVersion(version)),
            version,
            previous,
            clock.instant().truncatedTo(ChronoUnit.SECONDS),
            test);
    // As readers will have it, to whom what was not said is a default.
    return SharedEntry.read(
        SharedEntry.write(wanted), wanted.name(), version, key(wanted.name(), version));
  }

  private static Version latest(List<Version> versions) {
    return versions.get(versions.size() - 1);
  }

  private InvalidInputException taken(Published old, Published wanted) {
    String differs =
        old.image().equals(wanted.image())
            ? "differently described"
            : "with the image " + old.image();
    return new InvalidInputException(
        "Could not publish algorithm "
            + wanted.name()
            + " "
            + wanted.version()
            + " in "
            + location
            + ": it is there since "
            + old.published()
            + ", "
            + differs
            + ". A version never changes; publish this one under another version.");
  }

  private boolean create(Published entry, @Nullable Path test) {
    byte[] json = SharedEntry.write(entry);
    if (json.length > SharedEntry.LARGEST) {
      throw new InvalidInputException(
          "Could not publish algorithm "
              + entry.name()
              + ": its description has "
              + json.length
              + " bytes, and at most "
              + SharedEntry.LARGEST
              + " are allowed.");
    }
    if (test != null) {
      // Before the entry, so that no entry names a file that is not there.
      boolean unused =
          store.putIfAbsent(TESTS + entry.test().orElseThrow().sha256(), Content.of(test));
    }
    return store.putIfAbsent(key(entry.name(), entry.version()), Content.of(json));
  }

  /**
   * Returns the newest version of an algorithm, or empty if there is none of that name.
   *
   * @throws ConfigurationException if the entry cannot be used, with all its problems
   */
  public Optional<Published> newest(String name) {
    List<Version> versions = versions(name);
    return versions.isEmpty() ? Optional.empty() : Optional.of(get(name, latest(versions)));
  }

  /**
   * Returns a version of an algorithm.
   *
   * @throws InvalidInputException if there is no such version
   * @throws ConfigurationException if the entry cannot be used, with all its problems
   */
  public Published get(String name, Version version) {
    String key = key(checked(name), version);
    ObjectInfo info =
        store
            .head(key)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "There is no algorithm "
                            + name
                            + " "
                            + version
                            + " in "
                            + location
                            + ". 'yunpipe algorithms list --shared' tells what there is."));
    if (info.size() > SharedEntry.LARGEST) {
      throw new ConfigurationException(
          key,
          List.of("expected at most " + SharedEntry.LARGEST + " bytes, but found " + info.size()));
    }
    return SharedEntry.read(bytes(key), name, version, key);
  }

  private byte[] bytes(String key) {
    try (InputStream in = store.get(key, 0, SharedEntry.LARGEST).orElseThrow()) {
      return in.readNBytes(SharedEntry.LARGEST);
    } catch (IOException e) {
      throw new BackendException("Could not read " + key + " of " + location + ": " + e, true, e);
    }
  }

  /**
   * Returns the versions of an algorithm, oldest first; empty if there is none of that name.
   *
   * @throws IllegalArgumentException if no algorithm can have that name
   */
  public List<Version> versions(String name) {
    List<Version> versions = new ArrayList<>();
    scan(
        ENTRIES + checked(name) + "/",
        "",
        found -> {
          versions.add(found.newest());
          if (versions.size() > MOST_VERSIONS) {
            throw new BackendException(
                "Algorithm " + name + " has more than 10,000 versions in " + location + ".", null);
          }
          return true;
        });
    versions.sort(Comparator.naturalOrder());
    return versions;
  }

  /**
   * Returns algorithms, in the order of the store. Reads no entry.
   *
   * @param after the name that the page before ended with; empty for the first
   * @param limit at most so many
   */
  public List<Listed> list(String after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
    }
    List<Listed> all = new ArrayList<>();
    // The sign after the slash: behind all versions of that name.
    String start = after.isEmpty() ? "" : ENTRIES + checked(after) + "0";
    scan(
        ENTRIES,
        start,
        found -> {
          Listed last = all.isEmpty() ? null : all.get(all.size() - 1);
          if (last != null && last.name().equals(found.name())) {
            boolean newer = found.newest().compareTo(last.newest()) > 0;
            all.set(
                all.size() - 1,
                new Listed(
                    last.name(), newer ? found.newest() : last.newest(), last.versions() + 1));
            return true;
          }
          if (all.size() == limit) {
            return false;
          }
          return all.add(found);
        });
    return all;
  }

  /** Hands over each version as if it were alone, until the sink has enough. */
  private void scan(String prefix, String start, Predicate<Listed> sink) {
    String after = start;
    List<ObjectInfo> page;
    do {
      page = store.list(prefix, after, PAGE);
      for (ObjectInfo object : page) {
        Listed found = listed(object.key());
        if (found != null && !sink.test(found)) {
          return;
        }
        after = object.key();
      }
    } while (page.size() == PAGE);
  }

  /** Objects that are no entries are none of ours. */
  private static @Nullable Listed listed(String key) {
    Matcher parts = KEY.matcher(key);
    if (!parts.matches()) {
      return null;
    }
    try {
      return new Listed(parts.group(1), new Version(parts.group(2)), 1);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Downloads the input to try an algorithm on; makes the folder.
   *
   * @return the file, or empty if the version has none
   * @throws BackendException if what is stored is not what was published
   */
  public Optional<Path> downloadTest(Published entry, Path folder) {
    return entry
        .test()
        .map(
            test -> {
              Optional<InputStream> stored =
                  store.get(TESTS + test.sha256(), 0, SharedEntry.LARGEST_TEST);
              return TestFiles.download(test, stored, folder, location);
            });
  }

  private static String key(String name, Version version) {
    return ENTRIES + name + "/" + version + ".json";
  }

  private static String checked(String name) {
    Algorithm.Builder unused = Algorithm.builder(name);
    return name;
  }

  @Override
  public void close() {
    store.close();
  }
}
