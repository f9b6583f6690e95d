package io.yunpipe.cli;

import io.yunpipe.Algorithm;
import io.yunpipe.Algorithm.OutputMode;
import io.yunpipe.Port;
import io.yunpipe.Resources;
import io.yunpipe.Variable;
import io.yunpipe.config.Description;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The questions that describe an algorithm, in the order of the first yunpipe's editor. */
final class Interview {
  private final Questions questions;

  Interview(Questions questions) {
    this.questions = questions;
  }

  /** Asks everything. */
  Description describe() {
    String image = questions.text("Container image (empty: a command on this machine)", "");
    String system = questions.text("System of the image", "ubuntu");
    String command =
        questions.value("Run command, with $input and $output", "", Interview::command);
    String input = questions.value("Folder of the input file", "/yunpipe/in", Interview::folder);
    String output = questions.value("Folder of the output", "/yunpipe/out", Interview::folder);
    Algorithm.Builder algorithm =
        questions.value("Name of the algorithm", "", Algorithm::builder).command(command);
    algorithm.inputPath(input).outputPath(output);
    // As in the first yunpipe: the algorithm itself decides whether $output becomes a file.
    algorithm.outputMode(command.contains("$output/") ? OutputMode.FOLDER : OutputMode.FILE);
    if (!image.isEmpty()) {
      algorithm.image(image);
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

  private static String command(String answer) {
    if (answer.isEmpty()) {
      throw new IllegalArgumentException("Answer a command such as: sh /count.sh $input $output");
    }
    // Checked now, so that an open quote is asked about again.
    Algorithm.command("checked", answer);
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
