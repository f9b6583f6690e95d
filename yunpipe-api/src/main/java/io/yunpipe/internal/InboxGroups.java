package io.yunpipe.internal;

import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import io.yunpipe.spi.ObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The groups that all objects of a batch make. Which files belong together is known only when no
 * more come, so a batch of groups is taken as a whole. A group that gets another file later, or
 * another version of one, is another input.
 */
final class InboxGroups {
  private final Map<String, List<Upload>> groups = new TreeMap<>();
  private final List<InboxInput> inputs = new ArrayList<>();
  private final InboxBatch batch;
  private final Pattern pattern;
  private Instant newest = Instant.EPOCH;

  private InboxGroups(InboxBatch batch, Pattern pattern) {
    this.batch = batch;
    this.pattern = pattern;
  }

  /**
   * Lists a batch and groups it.
   *
   * @param groupBy pattern whose first group names a job
   * @param size files of a group, 0 if not fixed
   */
  static InboxGroups list(ObjectStore store, InboxBatch batch, String groupBy, int size) {
    InboxGroups result = new InboxGroups(batch, Pattern.compile(groupBy));
    InboxListing.each(store, batch, result::add);
    result.groups.forEach((name, uploads) -> result.inputs.add(result.input(name, uploads, size)));
    return result;
  }

  /** Returns the groups, and files that fit into none as inputs with a problem. */
  List<InboxInput> inputs() {
    return inputs;
  }

  /** Returns when the newest file was stored. */
  Instant newest() {
    return newest;
  }

  private void add(Upload upload) {
    if (upload.time().isAfter(newest)) {
      newest = upload.time();
    }
    InboxInput single = InboxInput.of(batch, upload);
    if (single.problem() != null) {
      inputs.add(single);
      return;
    }
    Matcher matcher = pattern.matcher(single.path());
    String name = matcher.matches() ? matcher.group(1) : null;
    if (name == null || RelativeName.problem(name, RelativeName.MAX_BYTES).isPresent()) {
      inputs.add(
          InboxInput.broken(
              single.identity(),
              single.path(),
              "Could not group the upload %s: groupBy %s finds no name for a job in it. Upload it under another name, or change the pattern."
                  .formatted(Quoted.of(upload.key()), Quoted.of(pattern))));
      return;
    }
    groups.computeIfAbsent(name, any -> new ArrayList<>()).add(upload);
  }

  private InboxInput input(String name, List<Upload> uploads, int size) {
    StringBuilder identities = new StringBuilder();
    List<InputRef> files = new ArrayList<>();
    for (Upload upload : uploads) {
      identities.append(upload.identity());
      files.add(InboxInput.file(upload, upload.key().substring(batch.prefix().length())));
    }
    String identity = Ids.hash("group", name, identities.toString());
    if (size > 0 && files.size() != size) {
      return InboxInput.broken(
          identity,
          name,
          "Could not group the uploads: each group needs %d files, but %s has %d when the batch is complete. Upload what is missing, or take out what is too much, and the group is taken again."
              .formatted(size, Quoted.of(name), files.size()));
    }
    return new InboxInput(identity, name, files, null);
  }
}
