/** The AWS Query protocol, as far as SNS's `PublishBatch` needs it. */

type Fields = Record<string, unknown>;

const MEMBER = /^PublishBatchRequestEntries\.member\.(\d+)\.(\w+)$/;

/** The form of a request: lists of entries become arrays; message attributes are left out. */
export function parseQueryForm(form: string): Fields {
  const fields: Fields = {};
  const entries: Fields[] = [];
  for (const [name, value] of new URLSearchParams(form)) {
    const [, place, key] = MEMBER.exec(name) ?? [];
    if (place !== undefined && key !== undefined) {
      const index = Number(place) - 1;
      entries[index] ??= {};
      entries[index][key] = value;
    } else if (!name.includes(".")) {
      fields[name] = value;
    }
  }
  return entries.length === 0 ? fields : { ...fields, PublishBatchRequestEntries: entries };
}

/** An XML answer, or the name of the error that it tells of. */
export const parseQueryAnswer = {
  output(xml: string): Fields {
    return {
      Successful: members(element(xml, "Successful"), ["Id", "MessageId"]),
      Failed: members(element(xml, "Failed"), ["Id", "Code"]),
    };
  },
  error(xml: string): string {
    const code = element(xml, "Code");
    if (code === undefined) throw new Error("the answer names no error");
    return code;
  },
};

function members(list = "", keys: readonly string[]): Fields[] {
  return [...list.matchAll(/<member>([\s\S]*?)<\/member>/g)].map(([, member = ""]) =>
    Object.fromEntries(keys.map((key) => [key, element(member, key)])),
  );
}

function element(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([\\s\\S]*?)</${name}>`).exec(xml)?.[1];
}
