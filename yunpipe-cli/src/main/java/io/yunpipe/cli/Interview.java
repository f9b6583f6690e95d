package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.BackendException;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.Variable;
import io.yunpipe.config.Description;
import io.yunpipe.wrap.ImageView;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The questions that describe an algorithm, in the order of the first yunpipe's editor. */
final class Interview {
  private final Questions questions;
  private final boolean checked;

  /**
   * Creates an interview.
   *
   * @param checked whether to look at the image
   */
  Interview(Questions questions, boolean checked) {
    this.questions = questions;
    this.checked = checked;
  }

  /** Asks everything. */
  Description describe() {
    Image image =
        questions.value("Container image (empty: a command on this machine)", "", this::image);
    String system = questions.text("System of the image", "ubuntu");
    String command =
        questions.value(
            "Run command, with $input and $output" + (image.runs() ? " (empty: its own)" : ""),
            "",
            answer -> command(answer, image));
    String input = questions.value("Folder of the input file", "/yunpipe/in", Interview::folder);
    String output = questions.value("Folder of the output", "/yunpipe/out", Interview::folder);
    Algorithm.Builder algorithm =
        questions.value("Name of the algorithm", "", Algorithm::builder).command(command);
    algorithm.inputPath(input).outputPath(output);
    // As in the first yunpipe: the algorithm itself decides whether $output becomes a file.
    boolean folder = command.isEmpty() || command.contains("$output/");
    algorithm.outputMode(folder ? OutputMode.FOLDER : OutputMode.FILE);
    if (!image.name().isEmpty()) {
      algorithm.image(image.name());
    }
    String instanceType = questions.text("Instance type (may be omitted)", "");
    if (!instanceType.isEmpty()) {
      algorithm.instanceType(instanceType);
    }
    long minimal = questions.number("Minimal memory in MB", 4L, 1);
    long suggested = questions.number("Suggested memory in MB", null, minimal);
    algorithm.resources(
        questions.value("CPUs", "1", answer -> Resources.of(cpus(answer), suggested)));
    variables().values().forEach(algorithm::addVariable);
    ports().forEach(algorithm::addPort);
    return new Description(algorithm.build(), system, minimal);
  }

  private Map<String, Variable> variables() {
    Map<String, Variable> variables = new LinkedHashMap<>();
    boolean more = true;
    while (more) {
      String name =
          questions.value(
              "Variable that a workflow may set (empty: none)",
              "",
              answer -> variable(answer, variables));
      if (name.isEmpty()) {
        break;
      }
      boolean required = questions.yesOrNo("Is " + name + " required?", false);
      variables.put(name, new Variable(name, required, null));
      more = questions.yesOrNo("More variables?", false);
    }
    return variables;
  }

  private Set<Port> ports() {
    Set<Port> ports = new LinkedHashSet<>();
    boolean more = true;
    while (more) {
      int number =
          questions.value("Port that a workflow may open (empty: none)", "", Interview::port);
      if (number == 0) {
        break;
      }
      Port port =
          questions.value("Protocol, tcp or udp", "tcp", answer -> new Port(number, answer));
      if (!ports.add(port)) {
        Messages.say("  " + number + "/" + port.protocol() + " is described already.");
      }
      more = questions.yesOrNo("More ports?", false);
    }
    return ports;
  }

  /**
   * An answer to the first question.
   *
   * @param name empty for none
   * @param view null if it was not looked at
   */
  private record Image(String name, @Nullable ImageView view) {
    /** Returns whether it is known to have something to run by itself. */
    boolean runs() {
      return view != null && ImageCheck.runs(view);
    }
  }

  private Image image(String answer) {
    if (answer.isEmpty()) {
      return new Image("", null);
    }
    Algorithm.builder("checked").image(answer);
    if (!checked) {
      return new Image(answer, null);
    }
    ImageView found =
        looking(
            () ->
                ImageCheck.find(answer)
                    .orElseThrow(
                        () ->
                            new IllegalArgumentException(
                                "There is no image " + answer + " that you can read.")));
    Messages.say("  " + ImageCheck.summary(found));
    return new Image(answer, found);
  }

  /** A registry that cannot be reached is told, and the question asked again. */
  private static <T> T looking(Supplier<T> look) {
    try {
      return look.get();
    } catch (BackendException e) {
      throw new IllegalArgumentException(
          e.getMessage() + "\n  (--no-check takes answers as they are.)", e);
    }
  }

  private static String command(String answer, Image image) {
    if (answer.isEmpty() && !image.runs()) {
      throw new IllegalArgumentException("Answer a command such as: sh /count.sh $input $output");
    }
    // Checked now, so that an open quote is asked about again.
    Algorithm algorithm = Algorithm.builder("checked").command(answer).image("any").build();
    ImageView view = image.view();
    if (view != null) {
      List<String> missing = looking(() -> ImageCheck.missing(view, algorithm));
      if (!missing.isEmpty()) {
        throw new IllegalArgumentException(String.join("\n  ", missing));
      }
    }
    return answer;
  }

  private static String folder(String answer) {
    if (!answer.startsWith("/")) {
      throw new IllegalArgumentException(
          "Answer an absolute path such as /data, not \"" + answer + "\".");
    }
    return answer;
  }

  private static double cpus(String answer) {
    try {
      return Double.parseDouble(answer);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Answer a number, not \"" + answer + "\".", e);
    }
  }

  private static String variable(String answer, Map<String, Variable> before) {
    if (before.containsKey(answer)) {
      throw new IllegalArgumentException(answer + " is described already.");
    }
    return answer.isEmpty() ? answer : new Variable(answer, false, null).name();
  }

  private static int port(String answer) {
    if (answer.isEmpty()) {
      return 0;
    }
    try {
      return new Port(Integer.parseInt(answer), "tcp").number();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Answer 1 to 65535, not \"" + answer + "\".", e);
    }
  }
}
