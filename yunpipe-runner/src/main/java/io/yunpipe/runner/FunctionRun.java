package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.JobFunction;
import io.yunpipe.spi.Content;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt of a Java function. Without a time limit it is called in the worker's own thread;
 * with one, in a thread that can be left behind if it does not react to being interrupted.
 */
final class FunctionRun {
  private static final Logger logger = LoggerFactory.getLogger(FunctionRun.class);
  private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Running running;
  private final Attempt attempt;
  private final Scratch scratch;
  private final JobFunction function;
  private final FunctionInput input;
  private final FunctionLog log;
  private final FunctionOutput output;

  FunctionRun(
      Running running, Scratch scratch, JobFunction function, ObjectStore store, long maxLogBytes) {
    this.running = running;
    this.scratch = scratch;
    this.function = function;
    attempt = running.attempt();
    input = new FunctionInput(running, store, scratch);
    log = new FunctionLog(scratch, maxLogBytes);
    output = new FunctionOutput(attempt, scratch, log);
    running.log(log::open);
  }

  /** Runs it; whatever it throws is a result. */
  Execution execute(ExecutorService threads, Duration grace)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    long limit = attempt.algorithm().timeoutMillis();
    JobProblem problem = limit == 0 ? call() : callWithin(limit, threads, grace);
    running.check();
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    if (problem != null) {
      return failed(problem, took, -1);
    }
    try {
      SortedMap<String, Content> files = output.files();
      return new Execution(
          0,
          null,
          false,
          files,
          log.content(),
          log.tail(),
          took,
          List.of(),
          attempt.variables(),
          scratch::delete);
    } catch (JobProblem e) {
      return failed(e, took, 0);
    }
  }

  private @Nullable JobProblem call() throws InterruptedException {
    running.enter();
    try {
      function.apply(input, output);
      return null;
    } catch (InterruptedException e) {
      throw e;
    } catch (FunctionInput.InputProblem e) {
      return e.problem();
    } catch (Throwable e) {
      BackendException machineFailed = input.machineFailed();
      if (machineFailed != null) {
        throw machineFailed;
      }
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      log.add(trace.toString().stripTrailing());
      return JobProblem.passing(LogText.shorten(withCauses(e)));
    } finally {
      running.leave();
    }
  }

  /** Notebooks and status lists show this alone: what a wrapper does not repeat is added. */
  private static String withCauses(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    Throwable cause = thrown.getCause();
    for (int depth = 0; cause != null && depth < 5; depth++) {
      String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
      if (text.indexOf(said) < 0) {
        text.append("; caused by ").append(cause);
      }
      cause = cause.getCause();
    }
    return text.toString();
  }

  private @Nullable JobProblem callWithin(long limitMillis, ExecutorService threads, Duration grace)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
    FutureTask<@Nullable JobProblem> task = new FutureTask<>(this::call);
    threads.execute(task);
    try {
      while (!await(task, Math.min(SLICE_NANOS, deadline - System.nanoTime()))) {
        running.check();
        if (deadline - System.nanoTime() <= 0) {
          return timedOut(task, limitMillis, grace);
        }
      }
    } catch (InterruptedException e) {
      running.stop();
      if (!await(task, grace.toNanos())) {
        logger.warn("Function does not react to being interrupted: job={}", attempt.job());
      }
      throw e;
    }
    return result(task);
  }

  private JobProblem timedOut(FutureTask<?> task, long limitMillis, Duration grace)
      throws InterruptedException {
    running.interrupt();
    String more =
        await(task, grace.toNanos())
            ? ""
            : "; the function does not react to being interrupted, so its thread is still running: let it check Thread.interrupted()";
    return JobProblem.passing(ExitWords.timeout(Duration.ofMillis(limitMillis), more));
  }

  /** Returns whether the task ended in time, in whatever way. */
  private static boolean await(FutureTask<?> task, long nanos) throws InterruptedException {
    try {
      task.get(Math.max(nanos, 1), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private @Nullable JobProblem result(FutureTask<@Nullable JobProblem> task)
      throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BackendException failed) {
        throw failed;
      }
      running.check();
      throw new InterruptedException("function of job " + attempt.job() + " was interrupted");
    }
  }

  private Execution failed(JobProblem problem, Duration took, int code) throws IOException {
    return new Execution(
        code,
        problem.reason(),
        problem.permanent(),
        Map.of(),
        log.content(),
        log.tail(),
        took,
        List.of(),
        attempt.variables(),
        scratch::delete);
  }
}
