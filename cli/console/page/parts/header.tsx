import { useState } from "preact/hooks";
import { destination, type View } from "../address.ts";
import type { JobType } from "../data/types.ts";
import { navigate } from "../navigation.ts";

export interface HeaderProps {
  readonly view: View;
  /** The API's address; undefined until it is known. */
  readonly api: string | undefined;
  readonly types: readonly JobType[];
  readonly onHelp: () => void;
}

const LOCAL = /^https?:\/\/(127[.]|localhost|\[::1\])/;

/** The head of the page: where one is, where one can go, and which platform this is. */
export function Header({ view, api, types, onHelp }: HeaderProps) {
  const current = (name: string): "page" | undefined => (view.view === name ? "page" : undefined);
  return (
    <header class="head">
      <div class="head-inner">
        <a class="brand" href="/">
          <svg viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="8" />
            <path d="M8 10h16M8 16h11M8 22h6" />
            <circle cx="22.5" cy="22" r="2.5" />
          </svg>
          Jobs
        </a>
        <nav aria-label="Views">
          <a href="/" aria-current={current("overview")}>
            Overview
          </a>
          <a href="/jobs" aria-current={current("jobs")}>
            List
          </a>
        </nav>
        <Find types={types.map(({ name }) => name)} />
        <span class="platform" title={api}>
          {api === undefined ? "" : LOCAL.test(api) ? "This machine" : new URL(api).host}
        </span>
        <button type="button" class="button button-small" onClick={onHelp} aria-label="Keyboard and help">
          ?
        </button>
      </div>
    </header>
  );
}

/** Goes to what is typed: the ID of a job or a batch, a type, or a tag. */
function Find({ types }: { readonly types: readonly string[] }) {
  const [text, setText] = useState("");
  const [isUnknown, setUnknown] = useState(false);
  const find = (event: Event): void => {
    event.preventDefault();
    const address = destination(text, types);
    setUnknown(address === undefined && text.trim() !== "");
    if (address === undefined) return;
    setText("");
    document.querySelector<HTMLInputElement>("#find")?.blur();
    navigate(address);
  };
  return (
    <search class="find">
      <form onSubmit={find}>
        <input
          id="find"
          type="search"
          list="find-types"
          placeholder="Find a job, batch, type or tag   /"
          aria-label="Find a job or batch by its ID, a type by its name, or jobs by a tag such as team:docs"
          aria-invalid={isUnknown}
          aria-describedby={isUnknown ? "find-unknown" : undefined}
          value={text}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setUnknown(false);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        <datalist id="find-types">
          {types.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {isUnknown ? (
          <span id="find-unknown" class="find-unknown" role="alert">
            Give an ID, a type, or a tag as key:value.
          </span>
        ) : null}
      </form>
    </search>
  );
}
