import { sizeOf } from "../../../output/quantities.ts";
import { visible } from "../../../output/visible.ts";
import type { JobFile } from "../data/files.ts";

export function FileList({ files }: { readonly files: readonly JobFile[] }) {
  return (
    <ul class="files">
      {files.map(({ name, bytes, contentType, url }) => (
        <li key={`${name}${url}`}>
          {url === undefined ? (
            <span>{visible(name)}</span>
          ) : (
            <a href={url} target="_blank" rel="noreferrer noopener">
              {visible(name)}
            </a>
          )}
          <span class="muted">
            {sizeOf(bytes)} · {contentType}
          </span>
        </li>
      ))}
    </ul>
  );
}
