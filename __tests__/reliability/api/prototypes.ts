/** Objects that every other inherits from: whoever can write to one of them changes all programs in the process. */
const SHARED = { Object, Array, Function, String, Number, Boolean, Promise, Map, Error } as const;

type Snapshot = ReadonlyMap<string, ReadonlyMap<string | symbol, unknown>>;

function snapshot(): Snapshot {
  return new Map(
    Object.entries(SHARED).map(([name, { prototype }]) => {
      const members = Reflect.ownKeys(prototype).map((key) => {
        const { value, get } = Object.getOwnPropertyDescriptor(prototype, key) ?? {};
        return [key, value ?? get] as const;
      });
      return [name, new Map(members)];
    }),
  );
}

const CLEAN = snapshot();

/** Members of the shared prototypes that were added, changed or removed since this module was loaded. */
export function pollutedPrototypes(): string[] {
  const polluted: string[] = [];
  for (const [name, members] of snapshot()) {
    const clean = CLEAN.get(name) ?? new Map();
    for (const key of new Set([...members.keys(), ...clean.keys()])) {
      if (members.get(key) !== clean.get(key)) polluted.push(`${name}.prototype.${String(key)}`);
    }
  }
  return polluted;
}
