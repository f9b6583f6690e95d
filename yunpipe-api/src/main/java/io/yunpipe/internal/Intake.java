package io.yunpipe.internal;

import io.yunpipe.InvalidInputException;
import io.yunpipe.internal.Children.Item;
import io.yunpipe.internal.InboxBatch.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes what one batch brings, and ends its runs. Not thread-safe. */
final class Intake {
  private final InboxBatch batch;
  private final InboxChain chain;
  private final Site site;
  private final Deployments deployments;

  Intake(InboxBatch batch, InboxChain chain, Site site, Deployments deployments) {
    this.batch = batch;
    this.site = site;
    this.deployments = deployments;
    this.chain = chain;
  }

  /** Returns how many inputs it remembers. */
  int size() {
    return chain.size();
  }

  /** Takes uploads that were not taken yet, and sends the jobs of those that were, if need be. */
  void take(List<Upload> uploads) {
    boolean complete = uploads.stream().anyMatch(upload -> batch.completes(upload.key()));
    if (deployment().groupBy() != null) {
      awaitGroups();
    } else {
      takeEach(
          uploads.stream()
              .filter(upload -> !batch.completes(upload.key()))
              .map(upload -> InboxInput.of(batch, whole(upload)))
              .toList());
    }
    if (complete) {
      complete();
    }
  }

  private void takeEach(List<InboxInput> inputs) {
    if (inputs.stream().anyMatch(this::took)) {
      chain.verify();
      sendAgain(inputs.stream().filter(this::took).toList());
    }
    append(inputs);
  }

  private boolean took(InboxInput input) {
    return chain.took(input.identity());
  }

  /** Groups are taken when the batch is complete; until then an open run waits for them. */
  private void awaitGroups() {
    chain.verify();
    if (!chain.takes()) {
      chain.refresh();
      if (!fresh(groups().inputs()).isEmpty()) {
        open();
      }
    }
  }

  private InboxGroups groups() {
    Deployment deployment = deployment();
    return InboxGroups.list(
        site.store(), batch, String.valueOf(deployment.groupBy()), deployment.groupSize());
  }

  /** Not every store's events tell the tag, without which nobody knows the version. */
  private Upload whole(Upload upload) {
    return upload.etag().isEmpty() && InboxBatch.problem(batch.pipeline(), upload.key()).isEmpty()
        ? site.store().head(upload.key()).map(Upload::of).orElse(upload)
        : upload;
  }

  /** An event that comes again may do so because a router ended before it sent the jobs. */
  private void sendAgain(List<InboxInput> inputs) {
    if (inputs.isEmpty()) {
      return;
    }
    Set<String> identities = new HashSet<>();
    inputs.forEach(input -> identities.add(input.identity()));
    chain.find(identities).forEach((shard, items) -> shards().sendMissing(shard, items));
  }

  private Shards shards() {
    return new Shards(chain.plan(), site);
  }

  private void append(List<InboxInput> inputs) {
    List<InboxInput> left = fresh(inputs);
    while (!left.isEmpty()) {
      chain.refresh();
      left = fresh(left);
      if (left.isEmpty() || (batch.kind() == Kind.DOCUMENT && chain.closed())) {
        return;
      }
      open();
      List<InboxInput> next = left.subList(0, Math.min(left.size(), Manifest.MAX_ITEMS));
      if (!appendShard(next)) {
        // Perhaps by this program, whose answer was lost, and then nobody sends their jobs.
        sendAgain(next.stream().filter(this::took).toList());
      }
      left = fresh(left);
    }
  }

  private List<InboxInput> fresh(List<InboxInput> inputs) {
    Set<String> identities = new HashSet<>();
    return inputs.stream()
        .filter(input -> !took(input) && identities.add(input.identity()))
        .toList();
  }

  /** Sees to it that the newest run takes inputs. */
  void open() {
    chain.open(deployment());
  }

  private Deployment deployment() {
    return deployments
        .get(batch.pipeline())
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "Pipeline " + batch.pipeline() + " is not deployed any more"));
  }

  /** Writes inputs as one shard and sends their jobs; returns false if that shard is there. */
  private boolean appendShard(List<InboxInput> inputs) {
    Set<String> names = new HashSet<>();
    List<Item> items = inputs.stream().map(input -> input.item(free(input.path(), names))).toList();
    int shard = chain.append(items);
    if (shard >= 0) {
      shards().send(shard, items);
    }
    return shard >= 0;
  }

  /** Two inputs of one name stay apart: the later one gets a number. */
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

  /** Takes these inputs as a whole run. */
  void takeOnly(List<InboxInput> inputs) {
    append(inputs);
    if (chain.takes()) {
      chain.end();
      chain.seal();
    }
  }

  /** Takes the batch's objects whose events were lost, or are on their way; and all groups. */
  private void takeLost() {
    if (deployment().groupBy() != null) {
      append(groups().inputs());
      return;
    }
    List<InboxInput> lost = new ArrayList<>();
    InboxListing.each(
        site.store(),
        batch,
        upload -> {
          InboxInput input = InboxInput.of(batch, upload);
          if (!took(input)) {
            lost.add(input);
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
    if (chain.at(plan) && !groupsGrow(plan)) {
      if (deployments.get(batch.pipeline()).isPresent()) {
        takeLost();
      }
      if (chain.at(plan) && chain.endHere()) {
        chain.seal();
      }
    }
  }

  /** Groups are written down at the end only, so the newest file tells whether a batch is quiet. */
  private boolean groupsGrow(RunPlan plan) {
    return plan.groupBy() != null
        && deployments
            .get(batch.pipeline())
            .filter(it -> it.groupBy() != null)
            .map(it -> groups().newest().plus(it.quiet()).isAfter(site.clock().instant()))
            .orElse(false);
  }
}
