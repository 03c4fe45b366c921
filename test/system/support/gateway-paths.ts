/** Which rule of the example files a path falls under: whose scope is asked for, that of `/orders/`, or nobody's. */
export type Rule = 'refunds' | 'orders' | 'catalogue' | 'nowhere';

/**
 * Spellings of paths, and the only rule under which each may reach the service. All gateways have to agree.
 * `ambiguous`: a service may read it as another path, so that the gateway may refuse it.
 */
export const gatewayPaths: [path: string, rule: Rule, how: 'plain' | 'ambiguous'][] = [
  ['/orders/', 'orders', 'plain'],
  ['/orders/1', 'orders', 'plain'],
  ['/orders/1?next=/orders/catalogue/..%2f', 'orders', 'plain'],
  ['/orders/a%20b', 'orders', 'plain'],
  ['/orders/%D1%8F', 'orders', 'plain'],
  ['/orders/refundsx', 'orders', 'plain'],
  // nginx leads it to the path with the slash.
  ['/orders/catalogue', 'orders', 'ambiguous'],
  ['/orders/Catalogue/1', 'orders', 'plain'],
  ['/orders/catalogue/', 'catalogue', 'plain'],
  ['/orders/catalogue/1', 'catalogue', 'plain'],
  ['/orders/catalogue/refunds', 'catalogue', 'plain'],
  ['/', 'nowhere', 'plain'],
  ['/other', 'nowhere', 'plain'],
  ['/ordersx/1', 'nowhere', 'plain'],

  // Case and the last slash: Express, also under Nest, takes these for one route.
  ['/orders/refunds', 'refunds', 'plain'],
  ['/orders/refunds/', 'refunds', 'plain'],
  ['/orders/refunds/1', 'refunds', 'plain'],
  ['/orders/refunds?x=/orders/catalogue/', 'refunds', 'plain'],
  ['/orders/refunds.json', 'refunds', 'plain'],
  ['/orders/Refunds', 'refunds', 'plain'],
  ['/orders/REFUNDS/1', 'refunds', 'plain'],
  ['/ORDERS/refunds/1', 'refunds', 'plain'],

  // Encoded: a service decodes before it routes, or does not.
  ['/orders/%72efunds/1', 'refunds', 'ambiguous'],
  ['/orders/%52efunds', 'refunds', 'ambiguous'],
  ['/%6frders/refunds', 'refunds', 'ambiguous'],
  ['/orders/refunds%2f1', 'refunds', 'ambiguous'],
  ['/orders/refunds%2F1', 'refunds', 'ambiguous'],
  ['/orders/refunds%5c1', 'refunds', 'ambiguous'],
  ['/orders/refunds%2ejson', 'refunds', 'ambiguous'],
  ['/orders%2frefunds/1', 'refunds', 'ambiguous'],
  ['/orders/refunds%3bx', 'refunds', 'ambiguous'],
  ['/orders/refunds%23', 'refunds', 'ambiguous'],
  ['/orders/refunds%252f1', 'refunds', 'ambiguous'],

  // Dotted, and with more slashes than needed.
  ['//orders/refunds/1', 'refunds', 'ambiguous'],
  ['/orders//refunds/1', 'refunds', 'ambiguous'],
  ['/orders/./refunds/1', 'refunds', 'ambiguous'],
  ['/orders/x/../refunds/1', 'refunds', 'ambiguous'],
  ['/orders/%2e/refunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/../refunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/%2e%2e/refunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/.%2E/refunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/..%2frefunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/..%5crefunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/..\\refunds/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/%252e%252e/refunds/1', 'refunds', 'ambiguous'],

  // Servlet containers and Fastify 4 end the path, or the segment, at a semicolon.
  ['/orders/refunds;', 'refunds', 'ambiguous'],
  ['/orders/refunds;x/1', 'refunds', 'ambiguous'],
  ['/orders/catalogue/..;/refunds/1', 'refunds', 'ambiguous'],
  // nginx ends the path at `#` and goes up; a service reads the segment before it.
  ['/orders/refunds/..#', 'refunds', 'ambiguous'],
];

/** Characters that mean the same encoded and plain (RFC 3986 section 2.3). */
const UNRESERVED = /^[A-Za-z0-9._~-]$/;

/**
 * A path in every way in which a gateway may have it when it compares it with its rules: as sent, decoded, cleaned.
 * What Traefik and Envoy do depends on version and settings, and they are not run.
 */
export function readingsOf(sent: string): readonly string[] {
  const path = sent.split('?', 1)[0] ?? '';
  const decoded = path.replaceAll(/%([0-9a-f]{2})/gi, (encoded, digits: string) => {
    const character = String.fromCharCode(parseInt(digits, 16));
    return UNRESERVED.test(character) ? character : encoded;
  });
  const found = [path, decoded].flatMap((one) => [one, one.replaceAll('\\', '/')]);
  return [...new Set(found.flatMap((one) => [one, one.replaceAll(/\/{2,}/g, '/'), cleaned(one)]))];
}

function cleaned(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split('/'))
    if (segment === '..') kept.pop();
    else if (segment !== '' && segment !== '.') kept.push(segment);
  return `/${kept.join('/')}${path.endsWith('/') && kept.length > 0 ? '/' : ''}`;
}
