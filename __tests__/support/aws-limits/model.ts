import models from "./models.json" with { type: "json" };

/** What a service model states about a value: its type, its limits, and where in the request it is. */
export interface Shape {
  readonly type: string;
  /** Characters of a text, elements of a list or map, or the number itself. */
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Shape>>;
  readonly member?: Shape;
  readonly key?: Shape;
  readonly value?: Shape;
  readonly location?: string;
  readonly locationName?: string;
}

export const SERVICE_NAMES = ["sqs", "sns", "s3", "ecs", "scheduler"] as const;
export type ServiceName = (typeof SERVICE_NAMES)[number];

const SERVICES: Readonly<Record<ServiceName, Readonly<Record<string, Shape>>>> = models.services;

/** The input of a call. @returns undefined where `models.json` does not have it. */
export function inputShape(service: ServiceName, operation: string): Shape | undefined {
  return SERVICES[service][operation];
}
