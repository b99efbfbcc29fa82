import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { OverLimits } from "../support/aws-limits/over-limits.ts";

/** The calls of ECS's JSON API that the wake and why make, for one cluster with one service. */
export interface EcsStandIn {
  readonly url: string;
  /** Operations in order of their coming. */
  readonly calls: string[];
  /** Tasks that the service shall run; undefined where ECS knows no such service. */
  desiredCount: number | undefined;
  /** The service's running tasks, as DescribeTasks tells them. */
  tasks: readonly { readonly taskArn: string }[];
  /** What it does with calls: answers, refuses as when throttled, or never answers. */
  mood: "answers" | "throttles" | "hangs";
  /** A call that it refuses as when throttled, whatever its mood. */
  refused?: string | undefined;
  /** Called before it answers a change of the count. */
  onUpdate?: (() => Promise<void>) | undefined;
  /** @throws Error where a call was made that AWS would refuse for one of its limits. */
  readonly stop: () => Promise<void>;
}

const PREFIX = "AmazonEC2ContainerServiceV20141113.";

export async function startEcs(): Promise<EcsStandIn> {
  const overLimits = new OverLimits();
  const server = createServer((request, response) => {
    void (async () => {
      let text = "";
      for await (const chunk of request) text += chunk;
      const operation = String(request.headers["x-amz-target"]).slice(PREFIX.length);
      ecs.calls.push(operation);
      overLimits.note({ method: "POST", url: "/", headers: request.headers, body: text });
      if (ecs.mood === "hangs") return;
      response.setHeader("content-type", "application/x-amz-json-1.1");
      if (ecs.mood === "throttles" || ecs.refused === operation) {
        response.statusCode = 400;
        response.end(JSON.stringify({ __type: "ThrottlingException", message: "Rate exceeded" }));
        return;
      }
      const { desiredCount } = JSON.parse(text) as { desiredCount?: number };
      if (operation === "UpdateService") {
        ecs.desiredCount = desiredCount;
        await ecs.onUpdate?.();
      }
      const service = { serviceName: "canary", status: "ACTIVE", desiredCount: ecs.desiredCount };
      const services = ecs.desiredCount === undefined ? [] : [service];
      const answers: Readonly<Record<string, object>> = {
        UpdateService: { service },
        DescribeServices: { services, failures: [] },
        ListTasks: { taskArns: ecs.tasks.map(({ taskArn }) => taskArn) },
        DescribeTasks: { tasks: ecs.tasks, failures: [] },
      };
      response.end(JSON.stringify(answers[operation]));
    })();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const ecs: EcsStandIn = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    desiredCount: 0,
    tasks: [],
    mood: "answers",
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
      overLimits.throwIfAny();
    },
  };
  return ecs;
}
