const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*$`);

/**
 * Names without a dot, and those that no public DNS has: RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`, and names that it
 * does not delegate since networks use them.
 */
const INSIDE_NAME = /^[^.]+$|(?:^|\.)(?:localhost|local|internal|arpa|corp|home|lan|intranet|private|onion)$/;

/** Whether the `hostname` of a URL is a name of the DNS. An IPv4 address only looks like one. */
export function isDnsName(host: string): boolean {
  return NAME.test(host) && !/(?:^|\.)\d+$/.test(host);
}

export function isInsideName(name: string): boolean {
  return INSIDE_NAME.test(name);
}

/** Whether the `hostname` of a URL, as `URL` writes it, is a name that the public DNS can have: no address of any spelling. */
export function isPublicName(host: string): boolean {
  return isDnsName(host) && !isInsideName(host);
}
