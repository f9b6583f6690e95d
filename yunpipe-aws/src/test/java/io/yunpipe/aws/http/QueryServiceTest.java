package io.yunpipe.aws.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.yunpipe.BackendException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueryServiceTest {
  private final List<String> bodies = new ArrayList<>();
  private int status = 200;
  private String answer = "";
  private HttpServer server;
  private AwsHttp http;
  private QueryService ec2;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    http = TestHttp.open(Clock.systemUTC());
    URI endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    ec2 = new QueryService(http, "ec2", endpoint, "2016-11-15");
  }

  @AfterEach
  void stop() {
    http.close();
    server.stop(0);
  }

  @Test
  void call_withOddValues_isAFormAndAnswersATree() {
    answer =
        "<?xml version=\"1.0\"?><R xmlns=\"urn:x\"><set><item><id>a</id></item>"
            + "<item><id> b&amp;c </id></item></set></R>";
    XmlNode root = ec2.call("DescribeSubnets", Map.of("Filter.1.Value.1", "a b&c=ü"), "subnets");
    assertThat(bodies)
        .containsExactly(
            "Action=DescribeSubnets&Filter.1.Value.1=a+b%26c%3D%C3%BC&Version=2016-11-15");
    assertThat(root.all("set/item"))
        .extracting(item -> item.value("id"))
        .containsExactly("a", "b&c");
    assertThat(root.value("set/none")).isEmpty();
  }

  @Test
  void call_denied_namesThePermission() {
    status = 403;
    answer =
        "<Response><Errors><Error><Code>UnauthorizedOperation</Code>"
            + "<Message>no</Message></Error></Errors></Response>";
    assertThatThrownBy(() -> ec2.call("RunInstances", Map.of(), "launch template yunpipe-a"))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("Missing permission: ec2:RunInstances on launch template yunpipe-a")
        .matches(e -> AwsRefusal.is(e, "UnauthorizedOperation"));
  }
}
