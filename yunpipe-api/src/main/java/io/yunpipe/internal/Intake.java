package io.yunpipe.internal;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.files.Quoted;
import io.yunpipe.internal.files.RelativeName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Takes the uploads of one batch. Not thread-safe. */
final class Intake {
  private final InboxBatch batch;
  private final InboxChain chain;
  private final Site site;
  private final Deployments deployments;

  Intake(InboxBatch batch, Site site, Deployments deployments) {
    this.batch = batch;
    this.site = site;
    this.deployments = deployments;
    this.chain = new InboxChain(batch, site);
  }

  /** Returns how many uploads it remembers. */
  int size() {
    return chain.size();
  }

  /** Takes uploads that were not taken yet, and sends the jobs of those that were, if need be. */
  void take(List<Upload> uploads) {
    List<Upload> inputs =
        uploads.stream().filter(upload -> !batch.completes(upload.key())).map(this::whole).toList();
    if (inputs.stream().anyMatch(chain::took)) {
      chain.verify();
      sendAgain(inputs.stream().filter(chain::took).toList());
    }
    append(inputs);
    if (inputs.size() < uploads.size()) {
      complete();
    }
  }

  /** Not every store's events tell the tag, without which nobody knows the version. */
  private Upload whole(Upload upload) {
    return upload.etag().isEmpty() && InboxBatch.problem(batch.pipeline(), upload.key()).isEmpty()
        ? site.store().head(upload.key()).map(Upload::of).orElse(upload)
        : upload;
  }

  /** An event that comes again may do so because a router ended before it sent the jobs. */
  private void sendAgain(List<Upload> uploads) {
    Set<String> identities = new HashSet<>();
    uploads.forEach(upload -> identities.add(upload.identity()));
    chain.find(identities).forEach((shard, items) -> shards().sendMissing(shard, items));
  }

  private Shards shards() {
    return new Shards(chain.plan(), site.backend());
  }

  private void append(List<Upload> uploads) {
    List<Upload> left = fresh(uploads);
    while (!left.isEmpty()) {
      chain.refresh();
      left = fresh(left);
      if (!left.isEmpty()) {
        open();
        appendShard(left.subList(0, Math.min(left.size(), Manifest.MAX_ITEMS)));
        left = fresh(left);
      }
    }
  }

  private List<Upload> fresh(List<Upload> uploads) {
    Set<String> identities = new HashSet<>();
    return uploads.stream()
        .filter(upload -> !chain.took(upload) && identities.add(upload.identity()))
        .toList();
  }

  private void open() {
    chain.open(
        deployments
            .get(batch.pipeline())
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "Pipeline " + batch.pipeline() + " is not deployed any more")));
  }

  /** Writes uploads as one shard and sends their jobs, unless others wrote that shard. */
  private void appendShard(List<Upload> uploads) {
    Set<String> names = new HashSet<>();
    List<Item> items = uploads.stream().map(upload -> item(upload, names)).toList();
    int shard = chain.append(items);
    if (shard >= 0) {
      shards().send(shard, items);
    }
  }

  private Item item(Upload upload, Set<String> names) {
    String path = upload.key().substring(batch.prefix().length());
    Optional<String> problem = RelativeName.problem(path, RelativeName.MAX_BYTES);
    String name = free(problem.isEmpty() ? path : RelativeName.substitute(path), names);
    if (problem.isPresent()) {
      String reason =
          "Could not take the upload %s: its name %s. Upload it under another name."
              .formatted(Quoted.of(upload.key()), problem.get());
      return new Item(upload.identity(), name, List.of(), reason);
    }
    String file = path.substring(path.lastIndexOf('/') + 1);
    InputRef input = new InputRef(file, upload.key(), upload.size(), "", null);
    return new Item(upload.identity(), name, List.of(input));
  }

  /** Two versions of one file stay apart: the later one gets a number. */
  private String free(String name, Set<String> names) {
    String free = name;
    for (int number = 2; chain.named(free) || !names.add(free); number++) {
      free = name + "~" + number;
    }
    return free;
  }

  /** Takes all of the batch that is there and ends its run. */
  private void complete() {
    takeLost();
    if (!chain.ended() && chain.takes()) {
      chain.end();
      chain.seal();
    }
  }

  /** Takes the batch's objects whose events were lost, or are on their way. */
  private void takeLost() {
    List<Upload> lost = new ArrayList<>();
    InboxListing.each(
        site.store(),
        batch,
        upload -> {
          if (!chain.took(upload)) {
            lost.add(upload);
          }
          if (lost.size() == Manifest.MAX_ITEMS) {
            append(lost);
            lost.clear();
          }
        });
    append(lost);
  }

  /** Ends a run to which no upload came for a while, unless one does so now. */
  void sealQuiet(RunPlan plan) {
    if (chain.at(plan)) {
      if (deployments.get(batch.pipeline()).isPresent()) {
        takeLost();
      }
      if (chain.at(plan) && chain.endHere()) {
        chain.seal();
      }
    }
  }
}
