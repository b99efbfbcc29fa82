const KEY = "jobs-console-token";
let token = "";

/**
 * Takes the token out of the page's address, so that it is in no history and on no screenshot. It is kept for this origin, of which the port
 * is a part: a page on another port cannot read it.
 */
export function takeToken(): void {
  const url = new URL(location.href);
  const given = url.searchParams.get("token");
  if (given === null) {
    token = stored() ?? "";
    return;
  }
  token = given;
  store(given);
  url.searchParams.delete("token");
  history.replaceState(history.state, "", url);
}

export function consoleToken(): string {
  return token;
}

/** Browsers that keep nothing for a page throw. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function store(value: string): void {
  try {
    localStorage.setItem(KEY, value);
  } catch {
    // The page works until it is loaded again.
  }
}
