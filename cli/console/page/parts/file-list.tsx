import { sizeOf } from "../../../output/quantities.ts";
import type { JobFile } from "../data/files.ts";

export function FileList({ files }: { readonly files: readonly JobFile[] }) {
  return (
    <ul class="files">
      {files.map(({ name, bytes, contentType, url }) => (
        <li key={`${name}${url}`}>
          {url === undefined ? (
            <span>{name}</span>
          ) : (
            <a href={url} target="_blank" rel="noreferrer noopener">
              {name}
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
