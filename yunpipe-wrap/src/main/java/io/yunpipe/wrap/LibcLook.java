package io.yunpipe.wrap;

import io.yunpipe.BackendException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks at the beginning of an image's layers for the C library that Java needs. Reads at most a
 * few MiB, whatever the image's size.
 */
final class LibcLook {
  private static final long MAX_BYTES = 4 << 20;

  /** Far more than that many bytes of programs become; only holes and zeros are more. */
  private static final long MAX_PLAIN = 32 << 20;

  private static final Pattern MUSL =
      Pattern.compile("(usr/)?lib/ld-musl-[^/]*|etc/alpine-release|etc/ld-musl-[^/]*");
  private static final Pattern LOADER =
      Pattern.compile("(usr/)?lib(32|64|x32)?/([^/]+/)?ld(-linux[^/]*|64)\\.so\\.[0-9]");
  private static final Pattern SYSTEM =
      Pattern.compile("etc/(ld\\.so\\.(cache|conf)|debian_version|redhat-release)");
  private static final Pattern VERSIONED =
      Pattern.compile("(usr/)?lib(64)?/([^/]+/)?libc-2\\.(\\d{1,3})\\.so");

  /** What is known of it. */
  enum Libc {
    GLIBC,
    MUSL,
    NONE,
    UNKNOWN
  }

  /**
   * What was seen.
   *
   * @param version of glibc, as 31 for 2.31; 0 if not known
   * @param layers how many of the lowest layers tell so; 0 if all of them do, and that there are no
   *     more
   */
  record Seen(Libc libc, int version, int layers) {}

  private long budget = MAX_BYTES;
  private Libc libc = Libc.NONE;
  private boolean loader;
  private int version;

  private LibcLook() {}

  /** Looks. */
  static Seen at(Manifest manifest, ImageSource source) {
    return new LibcLook().look(manifest, source);
  }

  private Seen look(Manifest manifest, ImageSource source) {
    int count = 0;
    for (Descriptor layer : manifest.layers()) {
      count++;
      if (budget <= 0) {
        return inPart(count);
      }
      try (InputStream in = source.blob(layer)) {
        boolean whole = names(new LayerFiles.Bounded(in, budget), layer);
        if (libc == Libc.MUSL || loader || version > 0) {
          return new Seen(libc, version, count);
        }
        if (!whole) {
          return inPart(count);
        }
      } catch (IOException e) {
        throw new BackendException(
            "Could not look into layer "
                + layer.digest()
                + " of "
                + source.name()
                + ": "
                + Said.of(e),
            e);
      }
    }
    // Configuration alone is left by images that a loader was taken from.
    return new Seen(Libc.NONE, 0, 0);
  }

  private Seen inPart(int layers) {
    return new Seen(libc == Libc.NONE ? Libc.UNKNOWN : libc, version, layers);
  }

  /** Returns whether a layer was read to its end. */
  private boolean names(InputStream in, Descriptor layer) throws IOException {
    try {
      TarReader reader = new TarReader(new LayerFiles.Bounded(LayerStream.tar(in), MAX_PLAIN));
      for (Optional<TarReader.Entry> entry = reader.next();
          entry.isPresent();
          entry = reader.next()) {
        name(entry.get().name());
        if (libc == Libc.MUSL || version > 0) {
          return true;
        }
      }
      budget -= layer.size();
      return true;
    } catch (LayerStream.Unreadable | LayerFiles.TooLong | EOFException e) {
      return false;
    } catch (IOException e) {
      if (layer.size() > budget) {
        return false;
      }
      throw e;
    }
  }

  private void name(String written) {
    String name = written.replaceFirst("^(\\./|/)+", "");
    if (MUSL.matcher(name).matches()) {
      libc = Libc.MUSL;
      return;
    }
    Matcher versioned = VERSIONED.matcher(name);
    if (versioned.matches()) {
      version = Integer.parseInt(versioned.group(4));
      libc = Libc.GLIBC;
    } else if (LOADER.matcher(name).matches()) {
      loader = true;
      libc = Libc.GLIBC;
    } else if (SYSTEM.matcher(name).matches()) {
      libc = Libc.GLIBC;
    }
  }
}
