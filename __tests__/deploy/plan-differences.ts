/** `terraform show -json` of a plan, as far as this reads it (Terraform: JSON output format, plan representation). */
export interface Plan {
  readonly resource_changes?: readonly ResourceChange[];
  readonly output_changes?: Readonly<Record<string, { readonly actions: readonly string[] }>>;
}

interface ResourceChange {
  readonly address: string;
  readonly mode: "managed" | "data";
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Attributes | null;
    readonly after: Attributes | null;
    readonly after_unknown: Attributes;
  };
}

type Attributes = Readonly<Record<string, unknown>>;

const NOTHING = new Set(["no-op", "read"]);

/**
 * Everything that a plan would change, one line each, sorted: `update <address> <attribute>` for each attribute of an update,
 * `create <address>`, `delete <address>`, `delete create <address>` for a replacement, and the same for outputs.
 */
export function plannedDifferences({ resource_changes = [], output_changes = {} }: Plan): string[] {
  const resources = resource_changes.flatMap(({ address, change }) => {
    const actions = change.actions.filter((action) => !NOTHING.has(action)).join(" ");
    if (actions === "update") return changedAttributes(change).map((attribute) => `update ${address} ${attribute}`);
    return actions === "" ? [] : [`${actions} ${address}`];
  });
  const outputs = Object.entries(output_changes).flatMap(([name, { actions }]) =>
    actions.filter((action) => !NOTHING.has(action)).map((action) => `${action} output.${name}`),
  );
  return [...resources, ...outputs].sort();
}

function changedAttributes({ before, after, after_unknown }: ResourceChange["change"]): string[] {
  const names = new Set([before, after, after_unknown].flatMap((attributes) => Object.keys(attributes ?? {})));
  return [...names].filter((name) => isUnknown(after_unknown[name]) || !equal(before?.[name], after?.[name]));
}

/** Unknown is true, or a structure with true somewhere in it. */
function isUnknown(value: unknown): boolean {
  return value === true || (typeof value === "object" && value !== null && Object.values(value).some(isUnknown));
}

/** Terraform writes both sides in one order of keys. */
function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}
