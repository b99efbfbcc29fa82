import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { sentenceOf } from "../data/console-error.ts";
import { Dialog } from "./dialog.tsx";
import { Notice } from "./notice.tsx";

export interface AskProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ComponentChildren;
  /** The word on the button that does it. */
  readonly action: string;
  readonly danger?: boolean;
  /** Asks for a text beside, such as a reason. */
  readonly textLabel?: string;
  /** Does it; the dialog closes when it has, and tells what it throws. */
  readonly onYes: (text: string) => Promise<void>;
  readonly onClose: () => void;
}

/** Asks before something is done. */
export function Ask({ title, children, action, danger = false, textLabel, onYes, onClose }: AskProps) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const yes = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await onYes(text.trim());
      onClose();
    } catch (thrown) {
      setError(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void yes(event)}>
        <div class="dialog-text">{children}</div>
        {textLabel === undefined ? null : (
          <label class="field">
            <span>{textLabel}</span>
            <input type="text" maxLength={500} value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
          </label>
        )}
        {error === undefined ? null : <Notice tone="bad">{error}</Notice>}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Leave as it is
          </button>
          <button type="submit" class={danger ? "button button-danger" : "button button-primary"} disabled={busy}>
            {busy ? "Working…" : action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
