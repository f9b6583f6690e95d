package io.yunpipe.runner;

import io.yunpipe.internal.Protocol;
import io.yunpipe.internal.Recent;
import io.yunpipe.internal.RunPlan;
import java.time.Clock;
import java.util.Map;

/** Which runs were stopped, asked for now and then instead of before each job. Thread-safe. */
final class Stops {
  private static final long BEFORE_JOB_MILLIS = 1_000;
  private static final long WHILE_RUNNING_MILLIS = 5_000;
  private static final int MAX = 64;

  private final Protocol protocol;
  private final Clock clock;
  private final Map<String, Answer> answers = Recent.map(MAX);

  private record Answer(boolean stopped, long time) {}

  Stops(Protocol protocol, Clock clock) {
    this.protocol = protocol;
    this.clock = clock;
  }

  /** Returns whether a run was stopped, as known a second ago at most. */
  boolean stopped(RunPlan plan) {
    return stopped(plan, BEFORE_JOB_MILLIS);
  }

  /** Returns whether a run was stopped while its jobs run, as known five seconds ago at most. */
  boolean stoppedMeanwhile(RunPlan plan) {
    return stopped(plan, WHILE_RUNNING_MILLIS);
  }

  private boolean stopped(RunPlan plan, long age) {
    String key = plan.keys().cancelled();
    Answer answer = answers.get(key);
    long now = clock.millis();
    if (answer == null || (!answer.stopped() && now - answer.time() >= age)) {
      answer = new Answer(protocol.cancelled(plan), now);
      answers.put(key, answer);
    }
    return answer.stopped();
  }

  /** Forgets what is known of a run, since it has just been stopped. */
  void forget(String run) {
    synchronized (answers) {
      answers.keySet().removeIf(key -> key.contains("/" + run + "/"));
    }
  }
}
