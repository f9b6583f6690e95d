package io.yunpipe.internal;

import io.yunpipe.internal.files.RelativeName;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Uploads that make runs together: a folder of a pipeline's inbox, or the files of one day that lie
 * directly in it. The two kinds have keys of their own, so a folder may be called like a day.
 *
 * @param pipeline the pipeline's name
 * @param kind folder or day
 * @param name the folder's name, or the day such as {@code 2026-11-22}
 */
record InboxBatch(String pipeline, Kind kind, String name) {
  /** What all uploads' keys start with. */
  static final String INBOX = "inbox/";

  private static final String CHAINS = "inboxes/";
  private static final int LONGEST_PIPELINE = 63;

  /** Ends a batch at once when it is stored in the batch's folder. */
  private static final String COMPLETE = ".complete";

  enum Kind {
    FOLDER,
    DAY;

    String word() {
      return this == FOLDER ? "folder" : "day";
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

  /**
   * Returns the batch of an upload.
   *
   * @param pipeline its pipeline
   * @param stored when it was stored; decides only for files directly in the inbox
   */
  static InboxBatch of(String pipeline, String key, Instant stored) {
    String rest = key.substring(root(pipeline).length());
    int end = rest.indexOf('/');
    String folder = end < 0 ? "" : rest.substring(0, end);
    if (RelativeName.problem(folder, RelativeName.MAX_PART_BYTES).isPresent()) {
      LocalDate day = LocalDate.ofInstant(stored, ZoneOffset.UTC);
      return new InboxBatch(pipeline, Kind.DAY, day.toString());
    }
    return new InboxBatch(pipeline, Kind.FOLDER, folder);
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
    Kind kind = parts[1].equals(Kind.DAY.word()) ? Kind.DAY : Kind.FOLDER;
    return new InboxBatch(parts[0], kind, parts[2]);
  }

  /** Returns a name for it that {@link #parse} reads. */
  String id() {
    return pipeline + "/" + kind.word() + "/" + name;
  }

  /** Returns what the keys of its uploads start with. */
  String prefix() {
    return kind == Kind.DAY ? root(pipeline) : root(pipeline) + name + "/";
  }

  /** Returns whether an object that a listing of {@link #prefix()} shows is one of its uploads. */
  boolean has(String key, Instant stored) {
    return of(pipeline, key, stored).equals(this);
  }

  /** Returns whether an object says that the batch is complete. */
  boolean completes(String key) {
    return key.equals(prefix() + COMPLETE);
  }

  /** Returns what the records of its runs start with. */
  String chain() {
    return chains(pipeline) + kind.word() + "/" + name + "/";
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
