/** Of every answer. Jobs change, so nothing may be cached, and a browser must not take JSON for a page. */
export const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;
