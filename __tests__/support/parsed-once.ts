/** A value in an expression: its one property is its type, such as `{ S: "QUEUED" }`. */
type AttributeValue = Readonly<Record<string, unknown>>;

/** What dynalite hands its parsers. From what is unused they take what the expression uses. */
interface ParserContext {
  readonly attrNames?: Readonly<Record<string, string>>;
  readonly attrVals?: Readonly<Record<string, AttributeValue>>;
  readonly unusedAttrNames: Record<string, unknown>;
  readonly unusedAttrVals: Record<string, unknown>;
  readonly isKeyCondition?: boolean;
}

/** @returns what the expression means, or a text that says what is wrong with it. @throws Error where it has no meaning. */
export type ExpressionParser = (text: string, options: { readonly context: ParserContext }) => unknown;

/** An expression without its values. */
interface Parsed {
  /** What it means, with a slot for each value. */
  readonly meaning: unknown;
  readonly namesUsed: readonly string[];
  readonly valuesUsed: readonly string[];
}

/** Where a value goes: by its name, and to a parser a value of its type. */
class Slot {
  readonly slot: string;

  constructor(name: string, value: AttributeValue) {
    this.slot = name;
    Object.assign(this, value);
  }
}

/** Of these, parsers look at the values themselves. */
const LOOKS_AT_VALUES = /between|attribute_type/i;
/** How many expressions are kept. The product makes some dozens. */
const CAPACITY = 1_000;

/**
 * A parser that parses an expression once for the same names and types of values, and from then on puts in the values. dynalite parses
 * those of each call anew, which takes a tenth of the time of a simulated world. What is wrong with an expression is told as ever.
 */
export function parsedOnce(parse: ExpressionParser): ExpressionParser {
  const known = new Map<string, Parsed>();

  const learn = (key: string, text: string, context: ParserContext): Parsed | undefined => {
    if (LOOKS_AT_VALUES.test(text)) return undefined;
    const { attrNames = {}, attrVals = {} } = context;
    const slots = Object.fromEntries(Object.entries(attrVals).map(([name, value]) => [name, new Slot(name, value)]));
    const unused = { unusedAttrNames: { ...attrNames }, unusedAttrVals: { ...slots } };
    const meaning = parse(text, { context: { ...context, attrVals: slots as never, ...unused } });
    if (typeof meaning === "string") return undefined;
    const parsed = {
      meaning,
      namesUsed: Object.keys(attrNames).filter((name) => !(name in unused.unusedAttrNames)),
      valuesUsed: Object.keys(attrVals).filter((name) => !(name in unused.unusedAttrVals)),
    };
    if (known.size < CAPACITY) known.set(key, parsed);
    return parsed;
  };

  return (text, options) => {
    const { context } = options;
    const { attrNames, attrVals = {}, isKeyCondition } = context;
    const types = Object.entries(attrVals).map(([name, value]) => [name, ...Object.keys(value)]);
    const key = JSON.stringify([text, attrNames, types, isKeyCondition]);
    const parsed = known.get(key) ?? learn(key, text, context);
    if (parsed === undefined) return parse(text, options);
    for (const name of parsed.namesUsed) delete context.unusedAttrNames[name];
    for (const name of parsed.valuesUsed) delete context.unusedAttrVals[name];
    return filled(parsed.meaning, attrVals);
  };
}

/** A copy with the values in their slots: dynalite changes what it gets. */
function filled(part: unknown, values: Readonly<Record<string, AttributeValue>>): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (part instanceof Slot) return values[part.slot];
  if (Array.isArray(part)) return part.map((element) => filled(element, values));
  const copy = Object.getPrototypeOf(part) === null ? Object.create(null) : {};
  for (const [name, value] of Object.entries(part)) copy[name] = filled(value, values);
  return copy;
}
