import type { ComponentChildren } from "preact";

/** A name and what it is; rows without a value are left out. */
export type FactRow = readonly [name: string, value: ComponentChildren];

export function Facts({ rows }: { readonly rows: readonly FactRow[] }) {
  const told = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  return (
    <dl class="facts">
      {told.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
