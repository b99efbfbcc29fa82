import java.lang.reflect.Field;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local 3.3.0 in memory, on a free port of 127.0.0.1: by itself it listens on every interface, which no option changes.
 * Prints a line such as "port 40123" when it answers, and ends when its standard input does, so with whoever started it.
 * Java runs it from this source.
 */
final class DynamoDbOnLoopback {
  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer database = ServerRunner.createServerFromCommandLineArgs(new String[] {"-inMemory", "-disableTelemetry"});
    Field field = DynamoDBProxyServer.class.getDeclaredField("server");
    field.setAccessible(true);
    ServerConnector connector = (ServerConnector) ((Server) field.get(database)).getConnectors()[0];
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    database.start();
    System.out.println("port " + connector.getLocalPort());
    while (System.in.read() != -1) {}
    System.exit(0);
  }
}
