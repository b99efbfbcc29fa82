import type { Shape } from "./model.ts";
import { scalarOf } from "./scalar.ts";

/** What the names of a form have in common up to a period: the text of the name itself, and what follows in longer ones. */
interface Branch {
  text?: string;
  readonly longer: Map<string, Branch>;
}

/** The input that the flat names of a form of AWS's Query protocol give, such as `MessageAttributes.entry.1.Value.DataType`. */
export function queryInput(shape: Shape, fields: Readonly<Record<string, string>>): unknown {
  const root: Branch = { longer: new Map() };
  for (const [name, text] of Object.entries(fields)) {
    let branch = root;
    for (const part of name.split(".")) {
      const next = branch.longer.get(part) ?? { longer: new Map() };
      branch.longer.set(part, next);
      branch = next;
    }
    branch.text = text;
  }
  return inputAt(shape, root);
}

function inputAt(shape: Shape, branch: Branch | undefined): unknown {
  if (branch === undefined) return undefined;
  if (shape.type === "structure") {
    const members = Object.entries(shape.members ?? {});
    return Object.fromEntries(members.map(([name, member]) => [name, inputAt(member, branch.longer.get(name))]));
  }
  if (shape.type === "list") return numbered(branch, "member").map((element) => inputAt(shape.member as Shape, element));
  if (shape.type === "map") {
    const { key, value } = shape as { readonly key: Shape; readonly value: Shape };
    return Object.fromEntries(
      numbered(branch, "entry").map(({ longer }) => [
        longer.get(key.locationName ?? "key")?.text ?? "",
        inputAt(value, longer.get(value.locationName ?? "value")),
      ]),
    );
  }
  return scalarOf(shape, branch.text);
}

/** What follows `member.1`, `member.2` and so on, in the order of the numbers. */
function numbered(branch: Branch, name: string): Branch[] {
  const places = [...(branch.longer.get(name)?.longer ?? [])].toSorted(([one], [other]) => Number(one) - Number(other));
  return places.map(([, place]) => place);
}
