package io.yunpipe.internal;

import io.yunpipe.InvalidInputException;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectInfo;
import io.yunpipe.spi.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a run of each document that is dropped into an inbox: all of it, or a run that failed and
 * tells why. May be done again, and by several programs at once.
 */
final class SubmitDocuments {
  private static final Logger logger = LoggerFactory.getLogger(SubmitDocuments.class);

  private final Deployments deployments;

  SubmitDocuments(Deployments deployments) {
    this.deployments = deployments;
  }

  /** Takes one version of a document, or goes on with it where another program ended. */
  void take(InboxBatch document, Site site) {
    InboxChain chain = new InboxChain(document, site);
    if (chain.closed()) {
      return;
    }
    Intake intake = new Intake(document, chain, site, deployments);
    intake.open();
    try {
      intake.takeOnly(inputs(document, chain.plan(), site.store()));
    } catch (InvalidInputException e) {
      String reason = "the submission " + document.document() + " was refused: " + e.getMessage();
      logger.warn("Refused: run={}: {}", chain.plan().run(), e.getMessage());
      site.protocol().cancel(chain.plan(), reason, true);
    }
  }

  private static List<InboxInput> inputs(InboxBatch batch, RunPlan plan, ObjectStore store) {
    String key = batch.document();
    Optional<ObjectInfo> object = store.head(key);
    if (object
        .filter(it -> batch.equals(InboxBatch.of(batch.pipeline(), Upload.of(it))))
        .isEmpty()) {
      throw new InvalidInputException(
          object.isEmpty() ? "it is gone" : "it was replaced before it was taken");
    }
    if (object.get().size() > SubmitDocument.MAX_BYTES) {
      throw new InvalidInputException(
          "it has %d bytes, of at most %d"
              .formatted(object.get().size(), SubmitDocument.MAX_BYTES));
    }
    SubmitDocument document = SubmitDocument.parse(store.read(key).orElse(new byte[0]));
    List<InboxInput> inputs = new SubmitNames(store, key).inputs(document);
    if (!document.ignored().isEmpty()) {
      logger.warn("No effect in {}: {}", key, String.join(", ", document.ignored()));
    }
    store.putIfAbsent(
        plan.keys().submission(),
        Content.of(Json.bytes(Map.of("document", key, "content", document))));
    return inputs;
  }
}
