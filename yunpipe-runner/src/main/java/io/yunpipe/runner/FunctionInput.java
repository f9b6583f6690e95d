package io.yunpipe.runner;

import io.yunpipe.BackendException;
import io.yunpipe.JobInput;
import io.yunpipe.internal.Ids;
import io.yunpipe.internal.InputRef;
import io.yunpipe.spi.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function's input, read when it is asked for. */
final class FunctionInput implements JobInput {
  private final Attempt attempt;
  private final StageIn stageIn;
  private final Scratch scratch;
  private @Nullable Path staged;
  private volatile @Nullable BackendException machineFailed;

  FunctionInput(Running running, ObjectStore store, Scratch scratch) {
    attempt = running.attempt();
    stageIn = new StageIn(store, running);
    this.scratch = scratch;
  }

  @Override
  public String name() {
    return attempt.name();
  }

  @Override
  public Map<String, String> variables() {
    return Collections.unmodifiableMap(attempt.variables());
  }

  @Override
  public Path path() throws IOException {
    Path path = staged;
    if (path == null) {
      try {
        path = stageIn.inputs(scratch.in());
      } catch (JobProblem problem) {
        throw new InputProblem(problem);
      } catch (InterruptedException e) {
        throw interrupted(e);
      } catch (IOException e) {
        machineFailed = Disk.problem(e, attempt.job(), scratch.root());
        throw e;
      } catch (BackendException e) {
        machineFailed = e;
        throw e;
      }
      staged = path;
    }
    return path;
  }

  @Override
  public byte[] bytes() throws IOException {
    InputRef input = only();
    byte[] inline = input.inline();
    if (inline != null) {
      return inline;
    }
    String what = "input '" + input.name() + "'";
    try (InputStream from = stageIn.open(input, what)) {
      byte[] bytes = from.readAllBytes();
      MessageDigest digest = input.sha256().isEmpty() ? null : Ids.sha256();
      if (digest != null) {
        digest.update(bytes);
      }
      StageIn.verify(input, what, bytes.length, digest);
      return bytes;
    } catch (JobProblem problem) {
      throw new InputProblem(problem);
    } catch (BackendException e) {
      machineFailed = e;
      throw e;
    }
  }

  /** Returns why this machine or the store, not the function, is to blame; null if it is not. */
  @Nullable BackendException machineFailed() {
    return machineFailed;
  }

  private InputRef only() throws IOException {
    Iterator<InputRef> inputs = attempt.inputs().iterator();
    if (attempt.gather() || !inputs.hasNext()) {
      throw new IOException(
          "job " + attempt.name() + " has a folder as its input; use path() instead of bytes()");
    }
    InputRef first = inputs.next();
    if (inputs.hasNext()) {
      throw new IOException(
          "job " + attempt.name() + " has several inputs; use path() instead of bytes()");
    }
    return first;
  }

  private static IOException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    IOException e = new InterruptedIOException(cause.getMessage());
    e.initCause(cause);
    return e;
  }

  /** Carries a problem through the function, which may do with it what it likes. */
  static final class InputProblem extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient JobProblem problem;

    InputProblem(JobProblem problem) {
      super(problem.reason(), problem);
      this.problem = problem;
    }

    JobProblem problem() {
      return problem;
    }
  }
}
