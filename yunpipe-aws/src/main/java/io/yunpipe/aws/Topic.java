package io.yunpipe.aws;

import io.yunpipe.BackendException;
import io.yunpipe.aws.http.QueryService;
import io.yunpipe.aws.stack.Caller;
import io.yunpipe.aws.template.StackNames;
import io.yunpipe.spi.RunNotice;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of runs through the stack's topic; who hears it is the topic's matter. Thread-safe. */
final class Topic {
  private static final Logger logger = LoggerFactory.getLogger(Topic.class);

  /** Most characters of a subject. */
  private static final int MAX_SUBJECT = 99;

  private final Control control;
  private final StackNames names;
  private @Nullable String arn;

  Topic(Control control, StackNames names) {
    this.control = control;
    this.names = names;
  }

  /** Publishes a notice; that nobody can be told does not stop what it tells of. */
  void publish(RunNotice notice) {
    try {
      QueryService sns =
          new QueryService(control.http(), "sns", control.endpoint("SNS", "sns"), "2010-03-31");
      String topic = arn();
      var unused =
          sns.call(
              "Publish",
              Map.of("TopicArn", topic, "Subject", subject(notice), "Message", notice.text()),
              "topic " + topic);
    } catch (BackendException e) {
      logger.warn("Nobody was told: run={} {}: {}", notice.run(), notice.what(), e.getMessage());
    }
  }

  /** Only one line of ASCII may be a subject. */
  private static String subject(RunNotice notice) {
    String text =
        "yunpipe "
            + notice.pipeline()
            + ": run "
            + notice.run()
            + " "
            + notice.what().name().toLowerCase(Locale.ROOT);
    String plain = text.replaceAll("[^ -~]", "?");
    return plain.length() <= MAX_SUBJECT ? plain : plain.substring(0, MAX_SUBJECT);
  }

  /** Returns the topic's name, for which the account must be known; asked for once. */
  private synchronized String arn() {
    if (arn == null) {
      QueryService sts =
          new QueryService(control.http(), "sts", control.endpoint("STS", "sts"), "2011-06-15");
      arn = names.topicArn(Caller.account(sts, control.region()));
    }
    return arn;
  }
}
