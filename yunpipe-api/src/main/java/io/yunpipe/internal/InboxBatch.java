package io.yunpipe.internal;

import io.yunpipe.BackendException;
import io.yunpipe.internal.files.RelativeName;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;

/**
 * Uploads that make runs together: a folder of a pipeline's inbox, the files of one day that lie
 * directly in it, or one version of a document that names stored objects. The kinds have keys of
 * their own, so a folder may be called like a day.
 *
 * @param pipeline the pipeline's name
 * @param kind which of them
 * @param name the folder's name; the day, such as {@code 2026-11-22}; the document's tag and key
 */
record InboxBatch(String pipeline, Kind kind, String name) {
  /** What all uploads' keys start with. */
  static final String INBOX = "inbox/";

  /** What the name of a laboratory's folder begins with: nothing in it starts by itself. */
  static final String LAB = "@";

  private static final String CHAINS = "inboxes/";
  private static final int LONGEST_PIPELINE = 63;

  /** Ends a batch at once when it is stored in the batch's folder. */
  private static final String COMPLETE = ".complete";

  enum Kind {
    FOLDER("folder"),
    DAY("day"),
    DOCUMENT("submit");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    static Kind of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.word.equals(word))
          .findFirst()
          .orElseThrow(
              () ->
                  new BackendException(
                      "Could not tell what kind of uploads '%s' are. Update this program."
                          .formatted(word),
                      null));
    }
  }

  /** Returns the pipeline whose inbox a key belongs to, or empty. */
  static Optional<String> pipeline(String key) {
    int end = key.startsWith(INBOX) ? key.indexOf('/', INBOX.length()) : -1;
    if (end < 0) {
      return Optional.empty();
    }
    String name = key.substring(INBOX.length(), end);
    return RelativeName.problem(name, LONGEST_PIPELINE).isEmpty()
        ? Optional.of(name)
        : Optional.empty();
  }

  /** Returns what is wrong with an upload's name below the pipeline's inbox, or empty. */
  static Optional<String> problem(String pipeline, String key) {
    return RelativeName.problem(key.substring(root(pipeline).length()), RelativeName.MAX_BYTES);
  }

  /** Returns the batch of an upload, whose time decides only if it lies directly in the inbox. */
  static InboxBatch of(String pipeline, Upload upload) {
    String key = upload.key();
    if (SubmitDocument.is(key)) {
      return new InboxBatch(pipeline, Kind.DOCUMENT, upload.etag() + "/" + key);
    }
    String folder = folder(pipeline, key);
    if (RelativeName.problem(folder, RelativeName.MAX_PART_BYTES).isPresent()) {
      LocalDate day = LocalDate.ofInstant(upload.time(), ZoneOffset.UTC);
      return new InboxBatch(pipeline, Kind.DAY, day.toString());
    }
    return new InboxBatch(pipeline, Kind.FOLDER, folder);
  }

  private static String folder(String pipeline, String key) {
    String rest = key.substring(root(pipeline).length());
    int end = rest.indexOf('/');
    return end < 0 ? "" : rest.substring(0, end);
  }

  /** Returns whether an object is stored only to be named by a document. */
  static boolean waits(String pipeline, String key) {
    return folder(pipeline, key).startsWith(LAB) && !SubmitDocument.is(key);
  }

  /** Returns whether a key lies directly in the pipeline's inbox. */
  static boolean direct(String pipeline, String key) {
    return key.indexOf('/', root(pipeline).length()) < 0;
  }

  /** Returns whether an object only shows a folder, as consoles make them. */
  static boolean showsFolder(String key, long size) {
    return key.endsWith("/") && size == 0;
  }

  /** Returns the batch that {@link #id()} names. */
  static InboxBatch parse(String id) {
    String[] parts = id.split("/", 3);
    return new InboxBatch(parts[0], Kind.of(parts[1]), parts[2]);
  }

  /** Returns a name for it that {@link #parse} reads. */
  String id() {
    return pipeline + "/" + kind.word + "/" + name;
  }

  /** Returns what the keys of its uploads start with. */
  String prefix() {
    return switch (kind) {
      case FOLDER -> root(pipeline) + name + "/";
      case DAY -> root(pipeline);
      case DOCUMENT -> SubmitNames.base(document());
    };
  }

  /** Returns the key of the document. */
  String document() {
    return name.substring(name.indexOf('/') + 1);
  }

  /** Returns whether an object that a listing of {@link #prefix()} shows is one of its uploads. */
  boolean has(Upload upload) {
    return of(pipeline, upload).equals(this);
  }

  /** Returns whether an object says that the batch is complete. */
  boolean completes(String key) {
    return key.equals(prefix() + COMPLETE);
  }

  /** Returns what the records of its runs start with. */
  String chain() {
    // A document's name is longer than a part of a key may be.
    String part = kind == Kind.DOCUMENT ? Ids.hash(name) : name;
    return chains(pipeline) + kind.word + "/" + part + "/";
  }

  /** Returns the record of its run of a number, from 0. */
  String chain(int number) {
    return chain() + Keys.shard(number);
  }

  /** Returns what the records of all runs of a pipeline's inbox start with. */
  static String chains(String pipeline) {
    return CHAINS + pipeline + "/";
  }

  /** Returns what the keys of a pipeline's uploads start with. */
  static String root(String pipeline) {
    return INBOX + pipeline + "/";
  }
}
