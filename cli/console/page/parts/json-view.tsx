import { useState } from "preact/hooks";
import { visibleJson } from "../../../output/visible.ts";

export interface JsonViewProps {
  readonly value: unknown;
  readonly label: string;
}

/** Longer ones are cut until they are asked for. */
const SHOWN_CHARACTERS = 4_000;

/** A value as JSON, as text and nothing else. */
export function JsonView({ value, label }: JsonViewProps) {
  const [all, setAll] = useState(false);
  const [copied, setCopied] = useState(false);
  const text = JSON.stringify(value, undefined, 2) ?? "null";
  const shown = visibleJson(all ? text : text.slice(0, SHOWN_CHARACTERS));
  const cut = !all && text.length > SHOWN_CHARACTERS;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div class="json">
      <button type="button" class="button button-small json-copy" onClick={() => void copy()} aria-label={`Copy ${label}`}>
        {copied ? "Copied" : "Copy"}
      </button>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>
        {tokens(shown).map(({ kind, text: part }, index) => (
          <span key={index} class={kind}>
            {part}
          </span>
        ))}
        {cut ? "…" : ""}
      </pre>
      {cut ? (
        <button type="button" class="button button-small" onClick={() => setAll(true)}>
          Show all {text.length.toLocaleString("en-US")} characters
        </button>
      ) : null}
    </div>
  );
}

interface Token {
  readonly kind: string;
  readonly text: string;
}

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:[.]\d+)?(?:e[+-]?\d+)?/gi;

/** Names, texts and other values apart, for their colors. */
function tokens(json: string): readonly Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    if (match.index > end) found.push({ kind: "", text: json.slice(end, match.index) });
    const [text, string, colon] = match;
    const kind = string === undefined ? "json-value" : colon === undefined ? "json-text" : "json-name";
    found.push({ kind, text });
    end = match.index + text.length;
  }
  return [...found, { kind: "", text: json.slice(end) }];
}
