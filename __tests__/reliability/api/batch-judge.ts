import type { ValidateFunction } from "ajv/dist/2020.js";
import { isBatchId } from "../../../domain/batch-id.ts";
import { canonical, compile, type Limits, readBody } from "./body-verdict.ts";
import { bodySchema, type DescribedJobType, type PlacedOperation } from "./description.ts";
import type { KnownState } from "./known-state.ts";
import type { ConcreteRequest } from "./request.ts";

interface BatchBody {
  readonly type: string;
  readonly items: readonly {
    readonly input: unknown;
    readonly files?: Readonly<Record<string, string>>;
    readonly tags?: object;
  }[];
  readonly onComplete?: { readonly type: string; readonly input: Readonly<Record<string, unknown>> };
  readonly tags?: object;
}

/** Tags of a job, at most; the description says it of each of the two places where they may stand. */
const MAX_TAGS = 20;
/** What the platform adds to the input of the job that follows. */
const COUNTS = { total: 1, succeeded: 1, failed: 0, cancelled: 0 };

/** What a request to add a batch may be answered with, and what it asks for. */
export interface BatchJudgement {
  readonly status: number;
  /** Of one that is accepted: the key that later ones are compared by, and what they must ask for. */
  readonly accepted?: { readonly key: string; readonly payload: string };
}

/** Judges requests about batches by the description and what is known. */
export class BatchJudge {
  readonly #known: KnownState;
  readonly #types: ReadonlyMap<string, ValidateFunction>;
  readonly #files: ReadonlyMap<string, DescribedJobType["files"]>;
  readonly #isBody: ValidateFunction;
  readonly #isKey: RegExp;
  readonly #limits: Limits;

  constructor(
    operation: PlacedOperation,
    known: KnownState,
    types: ReadonlyMap<string, ValidateFunction>,
    files: ReadonlyMap<string, DescribedJobType["files"]>,
  ) {
    this.#known = known;
    this.#types = types;
    this.#files = files;
    this.#isBody = compile(bodySchema(operation));
    const key = operation.parameters?.find(({ name }) => name === "Idempotency-Key")?.schema ?? {};
    this.#isKey = new RegExp(key.pattern ?? "", "u");
    this.#limits = { bytes: operation.requestBody?.["x-max-bytes"] ?? 0, depth: operation.requestBody?.["x-max-depth"] ?? 0 };
  }

  judgeAdd({ caller, body, headers }: ConcreteRequest): BatchJudgement {
    if (caller.principal === undefined) return { status: 401 };
    const verdict = readBody(body, this.#limits, withoutInputs);
    if ("refusedWith" in verdict) return { status: verdict.refusedWith };
    const key = Object.entries(headers).find(([name]) => name.toLowerCase() === "idempotency-key")?.[1];
    if (key === undefined || !this.#isKey.test(key) || !this.#isBody(verdict.value)) return { status: 400 };
    const batch = verdict.value as BatchBody;
    if (batch.items.some(({ tags }) => Object.keys({ ...batch.tags, ...tags }).length > MAX_TAGS)) return { status: 400 };
    if (batch.onComplete !== undefined && Object.hasOwn(batch.onComplete.input, "batch")) return { status: 400 };
    const isInput = this.#types.get(batch.type);
    const isFollowUp = batch.onComplete === undefined ? undefined : this.#types.get(batch.onComplete.type);
    if (isInput === undefined || (batch.onComplete !== undefined && isFollowUp === undefined)) return { status: 404 };
    const followUp = { ...batch.onComplete?.input, batch: { id: `${batch.type}_batch_${"0".repeat(26)}`, ...COUNTS } };
    const isRight = batch.items.every(({ input }) => isInput(input)) && (isFollowUp?.(followUp) ?? true);
    if (!isRight || verdict.lossyInput || !this.#areDeclared(batch)) return { status: 422 };
    const named = JSON.stringify([caller.principal, batch.type, "batch", key]);
    const payload = canonical(batch);
    const earlier = this.#known.payloads.get(named);
    if (earlier !== undefined) return { status: earlier === payload ? 202 : 409 };
    const principal = caller.principal;
    const isThere = ({ files = {} }: BatchBody["items"][number]): boolean =>
      Object.entries(files).every(([name, upload]) => this.#known.isUsableUpload(principal, batch.type, name, upload));
    return batch.items.every(isThere) ? { status: 202, accepted: { key: named, payload } } : { status: 422 };
  }

  /** The status of a request for a batch that is there: `otherwise`. */
  judgeOne({ id = "", access, caller, cursor }: ConcreteRequest, otherwise: number): number {
    if (!isBatchId(id)) return 404;
    if (access === "owner" && caller.principal === undefined) return 401;
    const batch = this.#known.batches.get(id);
    if (batch === undefined || (access === "owner" && batch.owner !== caller.principal)) return 404;
    return cursor === "none" ? otherwise : 400;
  }

  #areDeclared({ type, items, onComplete }: BatchBody): boolean {
    const areOf = (name: string, files: Readonly<Record<string, string>>): boolean => {
      const declared = this.#files.get(name) ?? {};
      const needed = Object.entries(declared).filter(([, { required }]) => required);
      return (
        Object.keys(files).every((file) => Object.hasOwn(declared, file)) && needed.every(([file]) => Object.hasOwn(files, file))
      );
    };
    return items.every(({ files = {} }) => areOf(type, files)) && (onComplete === undefined || areOf(onComplete.type, {}));
  }
}

/** The parts of a body that are inputs, and the rest. */
function withoutInputs(body: unknown): { readonly inputs: readonly unknown[]; readonly rest: unknown } {
  const { items, onComplete, ...rest } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const list = Array.isArray(items) ? (items as readonly Readonly<Record<string, unknown>>[]) : [];
  const split = [...list, onComplete as Readonly<Record<string, unknown>> | undefined].map((part) => {
    if (typeof part !== "object" || part === null) return { input: undefined, others: part };
    const { input, ...others } = part;
    return { input, others };
  });
  const strange = Array.isArray(items) ? [] : [items];
  return { inputs: split.map(({ input }) => input), rest: [rest, ...strange, ...split.map(({ others }) => others)] };
}
