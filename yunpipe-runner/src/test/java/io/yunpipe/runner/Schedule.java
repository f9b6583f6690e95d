package io.yunpipe.runner;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;

/**
 * Runs several actors one step at a time in an order drawn from a seed, and lets them crash.
 * Exactly one actor runs at any moment; it hands over at each call of {@link #step()}.
 */
final class Schedule {
  private static final int MAX_STEPS = 200_000;

  /** Some actors are far slower than others, which is when orders get unusual. */
  private static final int[] SPEEDS = {1, 10, 100};

  private final Random random;
  private final List<Actor> actors = new ArrayList<>();
  private int crashesLeft;
  private int steps;
  private volatile Throwable failure;

  /** The end of a program at one point; no code of ours catches it. */
  static final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    Crash() {
      super("crash", null, false, false);
    }
  }

  /** Work that goes on until it returns false. */
  interface Program {
    boolean run() throws InterruptedException;
  }

  private static final class Actor {
    private final Semaphore turn = new Semaphore(0);
    private final int speed;
    private boolean done;

    Actor(int speed) {
      this.speed = speed;
    }
  }

  private static final ThreadLocal<Actor> current = new ThreadLocal<>();

  Schedule(long seed, int crashes) {
    this.random = new Random(seed);
    this.crashesLeft = crashes;
  }

  Random random() {
    return random;
  }

  /** Adds an actor; {@code restart} makes its program anew, as after a crash. */
  void add(java.util.function.Supplier<Program> restart) {
    add(restart, SPEEDS[random.nextInt(SPEEDS.length)]);
  }

  /** Adds an actor that neither starves nor is starved by others. */
  void addSteady(java.util.function.Supplier<Program> restart) {
    add(restart, SPEEDS[1]);
  }

  private void add(java.util.function.Supplier<Program> restart, int speed) {
    Actor actor = new Actor(speed);
    actors.add(actor);
    Thread thread = new Thread(() -> live(actor, restart), "actor-" + actors.size());
    thread.setDaemon(true);
    thread.start();
  }

  private void live(Actor actor, java.util.function.Supplier<Program> restart) {
    current.set(actor);
    try {
      actor.turn.acquire();
      boolean more = true;
      while (more && failure == null) {
        try {
          Program program = restart.get();
          while (program.run()) {
            step();
          }
          more = false;
        } catch (Crash crash) {
          // The next turn of the loop is the restarted program.
        }
      }
    } catch (Throwable e) {
      failure = e;
    } finally {
      actor.done = true;
      next(null);
    }
  }

  /** A point at which others may run, or this actor may crash. */
  void step() {
    Actor me = current.get();
    if (me == null) {
      return;
    }
    if (++steps > MAX_STEPS) {
      throw new AssertionError("no end after " + MAX_STEPS + " steps");
    }
    next(me);
    if (crashesLeft > 0 && random.nextInt(80) == 0) {
      crashesLeft--;
      throw new Crash();
    }
  }

  private final Semaphore finished = new Semaphore(0);

  private void next(Actor me) {
    List<Actor> alive = actors.stream().filter(actor -> !actor.done).toList();
    if (alive.isEmpty()) {
      finished.release();
      return;
    }
    if (me != null && random.nextInt(3) > 0) {
      return;
    }
    Actor chosen = choose(alive);
    if (chosen != me) {
      chosen.turn.release();
      if (me != null) {
        me.turn.acquireUninterruptibly();
      }
    }
  }

  private Actor choose(List<Actor> alive) {
    int at = random.nextInt(alive.stream().mapToInt(actor -> actor.speed).sum());
    for (Actor actor : alive) {
      at -= actor.speed;
      if (at < 0) {
        return actor;
      }
    }
    throw new IllegalStateException("no actor to choose");
  }

  /** Runs all actors to their ends. */
  void run() {
    actors.get(random.nextInt(actors.size())).turn.release();
    finished.acquireUninterruptibly();
    if (failure != null) {
      throw new IllegalStateException("an actor failed: " + failure, failure);
    }
  }
}
