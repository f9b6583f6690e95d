package io.yunpipe.lambda;

import io.yunpipe.BackendException;
import io.yunpipe.YunpipeException;
import io.yunpipe.internal.Router;
import io.yunpipe.internal.Upload;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what requests ask for, and tells which must come again. Thread-safe. */
final class Dispatcher {
  private static final Logger logger = LoggerFactory.getLogger(Dispatcher.class);

  private final Router router;
  private final UploadFinder finder;

  Dispatcher(Router router, UploadFinder finder) {
    this.router = router;
    this.finder = finder;
  }

  /**
   * Serves requests; uploads of all of them are taken together.
   *
   * @return ids of those messages that must be delivered again
   * @throws BackendException if a request without a message must come again
   */
  Set<String> serve(List<Request> requests) {
    Set<Request> failed = new LinkedHashSet<>();
    IdentityHashMap<Upload, Request> uploads = new IdentityHashMap<>();
    List<Upload> inOrder = new ArrayList<>();
    for (Request request : requests) {
      try {
        for (ObjectNotice notice : request.objects()) {
          finder
              .find(notice)
              .ifPresent(
                  upload -> {
                    uploads.put(upload, request);
                    inOrder.add(upload);
                  });
        }
        serve(request);
      } catch (YunpipeException e) {
        logger.warn("Not served yet: message={}: {}", request.id(), e.getMessage());
        failed.add(request);
      }
    }
    for (Upload upload : router.uploads(inOrder)) {
      Request request = uploads.get(upload);
      if (request != null) {
        failed.add(request);
      }
    }
    return ids(failed);
  }

  private void serve(Request request) {
    if (request.problem() != null) {
      // It goes to the ingress queue's dead letters, where somebody can look at it.
      throw new BackendException("The event was not understood: " + request.problem(), null);
    }
    if (request.deadLetter() != null) {
      int jobs = router.deadLetter(request.deadLetter());
      logger.info("Dead letter: message={} jobs={}", request.id(), jobs);
    }
    if (request.tick()) {
      router.tick();
    }
  }

  private static Set<String> ids(Set<Request> failed) {
    Set<String> ids = new LinkedHashSet<>();
    for (Request request : failed) {
      if (request.id() == null) {
        throw new BackendException(
            "The event could not be served; the log says why. It should be delivered again.",
            true,
            null);
      }
      ids.add(request.id());
    }
    return ids;
  }
}
