/** The names of the settings that a group may have: of a record, so that the compiler misses none. */
export type SettingNames<Group> = Readonly<Record<keyof Group, true>>;

/** A setting that does not exist, with what {@link SettingsError} says about it. */
export interface UnknownSetting {
  readonly setting: string;
  readonly given: unknown;
  readonly allowed: string;
}

/**
 * Finds a setting that does not exist, such as a misspelled one, which would otherwise be ignored silently.
 *
 * @param path of the group within the settings; "" for the settings themselves.
 * @param group as it was given; anything but an object has no settings.
 */
export function unknownSetting(path: string, group: unknown, names: Readonly<Record<string, true>>): UnknownSetting | undefined {
  if (typeof group !== "object" || group === null) return undefined;
  const unknown = Object.entries(group).find(([name, value]) => value !== undefined && !Object.hasOwn(names, name));
  if (unknown === undefined) return undefined;
  const [name, value] = unknown;
  const prefix = path === "" ? "" : `${path}.`;
  // A schema or a function is not JSON, or too much of it.
  const given = isPlain(value) ? value : typeof value;
  const allowed = `only the settings ${Object.keys(names)
    .map((known) => `${prefix}${known}`)
    .join(", ")}`;
  return { setting: `${prefix}${name}`, given, allowed };
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return ["string", "number", "boolean", "object"].includes(typeof value);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
