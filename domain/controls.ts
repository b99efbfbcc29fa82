import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { getMany } from "./get-many.ts";
import { jobIdPrefix } from "./job-id.ts";

/** Who paused a type, when (ISO 8601), and what for. While a type is paused its jobs are accepted, and none of them starts. */
export interface Pause {
  readonly by: string;
  readonly at: string;
  readonly reason?: string;
}

/** A change that somebody made. */
export interface ControlAction extends Pause {
  readonly action: "pause" | "resume";
}

/** What operators have said of a job type, beside what its own stack registered. */
export interface Control {
  /** Raised by every change. 0 before the first one. */
  readonly version: number;
  /** Absent while the type is not paused. */
  readonly paused?: Pause;
  /**
   * After this (epoch milliseconds) nobody who has paused the type so far suspends its scaling any more: it is past once the calls are made,
   * and passes where whoever made them died. Absent where nobody began.
   */
  readonly suspendingUntil?: number;
  /** The last changes, newest first. */
  readonly history: readonly ControlAction[];
}

/** Changes that are kept. */
const MAX_HISTORY = 10;

const UNTOUCHED: Control = { version: 0, history: [] };

/** The end of the partition key of controls; no type's name has an underscore, so nothing else of the table ends like it. */
const CONTROLS = "controls";

/** The partition keys of all controls, as IAM matches them: the partition of the types themselves is not among them. */
export const CONTROL_KEYS = `*_${CONTROLS}`;

/**
 * The partition of a type's control, of which the workers of the type may read this one and no other: IAM tells partition keys apart, and
 * no sort keys.
 */
export function controlPartition(jobType: string): string {
  return `${jobIdPrefix(jobType)}${CONTROLS}`;
}

/** The controls of job types: one item a type in the job-types table, beside its entry. Only the control Lambda writes them. */
export class Controls {
  readonly #client: DynamoDBDocumentClient;
  readonly #tableName: string;

  constructor(client: DynamoDBDocumentClient, tableName: string) {
    this.#client = client;
    this.#tableName = tableName;
  }

  /** See {@link readControl}. */
  async get(jobType: string): Promise<Control> {
    return await readControl(this.#client, this.#tableName, jobType);
  }

  /** Those of the types that are paused, eventually consistent. */
  async paused(jobTypes: readonly string[]): Promise<ReadonlyMap<string, Pause>> {
    const items = await getMany(this.#client, this.#tableName, jobTypes.map(controlKey));
    return new Map(
      items.flatMap((item) => {
        const { paused } = fromItem(item);
        return paused === undefined ? [] : [[item.name as string, paused] as const];
      }),
    );
  }

  /**
   * Writes the change of a control that was read.
   *
   * @returns the new control; undefined where somebody else wrote in between.
   */
  async change(jobType: string, before: Control, { action, ...told }: ControlAction): Promise<Control | undefined> {
    return await this.#replace(jobType, before, {
      version: before.version + 1,
      ...(action === "pause" ? { paused: told } : {}),
      history: [{ action, ...told }, ...before.history].slice(0, MAX_HISTORY),
    });
  }

  /**
   * Says until when the scaling of a paused type may be being suspended. No change that somebody asked for: the version stays.
   *
   * @param until epoch milliseconds; differs from what was read.
   * @returns the new control; undefined where somebody else wrote in between.
   */
  async suspending(jobType: string, before: Control, until: number): Promise<Control | undefined> {
    return await this.#replace(jobType, before, { ...before, suspendingUntil: until });
  }

  async #replace(jobType: string, before: Control, control: Control): Promise<Control | undefined> {
    const { version, suspendingUntil } = before;
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#tableName,
          Item: { ...controlKey(jobType), ...control },
          ...unchanged({ version: version === 0 ? undefined : version, suspendingUntil }),
        }),
      );
      return control;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }
}

/** Reads what is said of a type, as all changes before left it. */
export async function readControl(
  client: DynamoDBDocumentClient,
  tableName: string,
  jobType: string,
  abortSignal?: AbortSignal,
): Promise<Control> {
  const command = new GetCommand({ TableName: tableName, Key: controlKey(jobType), ConsistentRead: true });
  const { Item } = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
  return Item === undefined ? UNTOUCHED : fromItem(Item);
}

/** The condition that members of an item are as they were read; undefined: absent. */
function unchanged(read: Readonly<Record<string, number | undefined>>) {
  const members = Object.entries(read);
  const values = members.filter(([, value]) => value !== undefined);
  return {
    ConditionExpression: members
      .map(([name, value]) => (value === undefined ? `attribute_not_exists(#${name})` : `#${name} = :${name}`))
      .join(" AND "),
    ExpressionAttributeNames: Object.fromEntries(members.map(([name]) => [`#${name}`, name])),
    ...(values.length === 0
      ? {}
      : { ExpressionAttributeValues: Object.fromEntries(values.map(([name, value]) => [`:${name}`, value])) }),
  };
}

function controlKey(jobType: string): { readonly registry: string; readonly name: string } {
  return { registry: controlPartition(jobType), name: jobType };
}

function fromItem({ version, paused, suspendingUntil, history }: Record<string, unknown>): Control {
  const told = { ...(paused === undefined ? {} : { paused }), ...(suspendingUntil === undefined ? {} : { suspendingUntil }) };
  return { version, ...told, history } as Control;
}
