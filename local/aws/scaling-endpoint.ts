import type { IncomingMessage, ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { type ListeningServer, listen } from "./listening.ts";
import { targetOperation } from "./request-counter.ts";
import { CLUSTER } from "./resources.ts";

/** Application Auto Scaling's side of a service: what the autoscaler heeds. */
export interface ScalableTarget {
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Alarms neither raise nor lower its tasks. */
  readonly suspended: boolean;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

interface Parameters {
  readonly ServiceNamespace?: unknown;
  readonly ScalableDimension?: unknown;
  readonly ResourceId?: unknown;
  readonly ResourceIds?: unknown;
  readonly SuspendedState?: Partial<Record<(typeof SUSPENDED)[number], boolean>>;
}

const SUSPENDED = ["DynamicScalingInSuspended", "DynamicScalingOutSuspended", "ScheduledScalingSuspended"] as const;
const SCALED = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** The scalable targets of this machine's services, one each, and the endpoint that the control Lambda calls. */
export class ScalableTargets {
  readonly #targets: Map<string, ScalableTarget>;
  readonly #cluster: string;

  /** @param services names, with the bounds of their tasks. */
  constructor(
    services: readonly (readonly [string, { readonly minTasks: number; readonly maxTasks: number }])[],
    cluster: string = CLUSTER,
  ) {
    this.#cluster = cluster;
    this.#targets = new Map(services.map(([name, bounds]) => [name, { ...bounds, suspended: false }]));
  }

  target(service: string): ScalableTarget | undefined {
    return this.#targets.get(service);
  }

  /** Does nothing for a service that there is not. */
  suspend(service: string, suspended: boolean): void {
    const target = this.#targets.get(service);
    if (target !== undefined) this.#targets.set(service, { ...target, suspended });
  }

  /** Application Auto Scaling as the control Lambda sees it: RegisterScalableTarget and DescribeScalableTargets in AWS JSON 1.1. */
  async listen(): Promise<ListeningServer> {
    return await listen((request, response) => {
      this.#answer(request)
        .catch(() => refusal("SerializationException", "the body is not JSON"))
        .then((answer) => send(response, answer))
        .catch(() => response.destroy());
    });
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const operation = targetOperation(request.headers);
    const parameters = ((await json(request)) ?? {}) as Parameters;
    if (parameters.ServiceNamespace !== SCALED.ServiceNamespace) return invalid("ServiceNamespace is ecs");
    if (operation === "DescribeScalableTargets") return this.#describe(parameters);
    if (parameters.ScalableDimension !== SCALED.ScalableDimension)
      return invalid(`ScalableDimension is ${SCALED.ScalableDimension}`);
    if (operation === "RegisterScalableTarget") return this.#register(parameters);
    return refusal("UnknownOperationException", `this endpoint has no ${operation}`);
  }

  #register({ ResourceId, SuspendedState = {} }: Parameters): Answer {
    const service = this.#serviceOf(ResourceId);
    const target = service === undefined ? undefined : this.#targets.get(service);
    // A new one would need its bounds, which nothing here names.
    if (service === undefined || target === undefined)
      return invalid(`MinCapacity and MaxCapacity of the new ${ResourceId} are missing`);
    const states = SUSPENDED.map((name) => SuspendedState[name] ?? target.suspended);
    if (new Set(states).size > 1) return invalid("here, scaling is suspended as a whole");
    this.suspend(service, states[0] === true);
    return { status: 200, body: {} };
  }

  #describe({ ResourceIds }: Parameters): Answer {
    const asked = Array.isArray(ResourceIds) ? ResourceIds.map((id) => this.#serviceOf(id)) : [...this.#targets.keys()];
    const found = asked.flatMap((service) => {
      const target = service === undefined ? undefined : this.#targets.get(service);
      return target === undefined ? [] : [{ service, ...target }];
    });
    const ScalableTargets = found.map(({ service, minTasks: MinCapacity, maxTasks: MaxCapacity, suspended }) => ({
      ...SCALED,
      ResourceId: `service/${this.#cluster}/${service}`,
      MinCapacity,
      MaxCapacity,
      SuspendedState: Object.fromEntries(SUSPENDED.map((name) => [name, suspended])),
    }));
    return { status: 200, body: { ScalableTargets } };
  }

  #serviceOf(resourceId: unknown): string | undefined {
    const [kind, cluster, service] = String(resourceId).split("/");
    return kind === "service" && cluster === this.#cluster ? service : undefined;
  }
}

function invalid(message: string): Answer {
  return refusal("ValidationException", message);
}

function refusal(__type: string, message: string): Answer {
  return { status: 400, body: { __type, message } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
  response.end(JSON.stringify(body));
}
