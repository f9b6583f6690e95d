import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;

/** Calls a handler of AWS Lambda once; its answer is the last line, as an emulator expects it. */
final class Invoke {
  private Invoke() {}

  public static void main(String[] arguments) throws Exception {
    Class<?> type = Class.forName(arguments[0]);
    Object handler = type.getConstructor().newInstance();
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    for (Method method : type.getMethods()) {
      if (method.getName().equals("handleRequest")
          && method.getParameterTypes()[0] == InputStream.class
          && method.getParameterTypes()[1] == OutputStream.class) {
        byte[] event = arguments[1].getBytes(StandardCharsets.UTF_8);
        method.invoke(handler, new ByteArrayInputStream(event), answer, null);
        System.out.println(answer.toString(StandardCharsets.UTF_8));
        System.exit(0);
      }
    }
    throw new IllegalArgumentException(arguments[0] + " has no handleRequest over streams");
  }
}
