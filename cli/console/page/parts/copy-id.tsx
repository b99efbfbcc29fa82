import { useState } from "preact/hooks";

/** An ID, and a button that copies it. */
export function CopyId({ id }: { readonly id: string }) {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(id);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <span class="copy-id">
      <code>{id}</code>
      <button type="button" class="button button-small" onClick={() => void copy()}>
        {copied ? "Copied" : "Copy"}
      </button>
    </span>
  );
}
