import { JobsApiError } from "./jobs-api-error.ts";

/**
 * JSON that is sent as the text it is: its members keep their order, and its numbers their digits, where a value of JavaScript would lose them.
 *
 * @example
 * ```ts
 * await jobs.add("report", new JsonText('{"10": "ten", "2": 0.10}'));
 * ```
 */
export class JsonText {
  readonly text: string;

  /** @throws JobsApiError `InvalidSetting` where the text is no JSON. */
  constructor(text: string) {
    try {
      JSON.parse(text);
    } catch (cause) {
      throw new JobsApiError(`not JSON: ${(cause as Error).message}`, { code: "InvalidSetting", cause });
    }
    this.text = text;
  }
}

/** What `JSON.stringify` gives, but for the `JsonText` in it, which is there as it is. */
export function stringifyWithTexts(value: unknown): string {
  const texts = new Map<string, string>();
  const json = JSON.stringify(value, (_, member: unknown) => {
    if (!(member instanceof JsonText)) return member;
    const mark = crypto.getRandomValues(new Uint32Array(4)).join("-");
    texts.set(`"${mark}"`, member.text);
    return mark;
  });
  if (texts.size === 0) return json;
  return json.replace(/"\d+-\d+-\d+-\d+"/g, (quoted) => texts.get(quoted) ?? quoted);
}
