const LABEL = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const NAME = new RegExp(String.raw`^(?=.{1,253}$)${LABEL}(?:\.${LABEL})*$`);

/** Names without a dot or outside of the public DNS: RFC 6761, RFC 6762, RFC 8375, or not delegated by ICANN. */
const INSIDE_NAME = /^[^.]+$|(?:^|\.)(?:localhost|local|internal|arpa|corp|home|lan|intranet|private|onion)$/;

/** Whether a URL's `hostname` is a DNS name. An IPv4 address only looks like one. */
export function isDnsName(host: string): boolean {
  return NAME.test(host) && !/(?:^|\.)\d+$/.test(host);
}

export function isInsideName(name: string): boolean {
  return INSIDE_NAME.test(name);
}

/** Whether a URL's `hostname` is a name that the public DNS can have, and no address in any spelling. */
export function isPublicName(host: string): boolean {
  return isDnsName(host) && !isInsideName(host);
}
