const BROWSERS = ['Edg', 'OPR', 'Firefox', 'Chrome', 'Safari'];
const SYSTEMS = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'];
const NAMES: Readonly<Record<string, string>> = { Edg: 'Edge', OPR: 'Opera' };

/** A name of the browser for people, from `User-Agent`: "Firefox on Linux", or "A browser". */
export function browserName(userAgent: string): string {
  const [browser, system] = [BROWSERS, SYSTEMS].map((names) =>
    names.find((name) => userAgent.includes(name)),
  );
  const name = browser === undefined ? 'A browser' : (NAMES[browser] ?? browser);
  return system === undefined ? name : `${name} on ${system}`;
}
