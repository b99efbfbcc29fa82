import { JsonWalk } from "@autoscaling-job-queues/domain/json-walk";

/**
 * The text of every member of one name at one depth, as it was sent, in the order of the text.
 *
 * @param text JSON, as `JSON.parse` has accepted it.
 * @param depth of the member's value: 1 in an object, 2 in the objects of an array.
 */
export function memberTexts(text: string, name: string, depth: number): string[] {
  const texts: string[] = [];
  const walk = new JsonWalk(text);
  let begun = 0;
  const ended = (start: number, end: number): void => {
    if (walk.depth === depth && walk.key === name) texts.push(text.slice(start, end));
  };
  walk.run({
    open: (start) => {
      if (walk.depth === depth) begun = start;
    },
    close: (end) => ended(begun, end),
    scalar: ended,
  });
  return texts;
}

const EMPTY_OBJECT = /^\s*\{\s*\}\s*$/;

/** The text of an object with one member more, after the others, which stay as they are. @param value JSON text. */
export function withMember(objectText: string, name: string, value: string): string {
  const member = `${JSON.stringify(name)}:${value}}`;
  return EMPTY_OBJECT.test(objectText) ? `{${member}` : `${objectText.trimEnd().slice(0, -1)},${member}`;
}
