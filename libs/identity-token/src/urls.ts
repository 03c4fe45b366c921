/** The names and addresses by which a machine reaches itself (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3). */
const LOCAL = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** @throws TypeError for what is no HTTP URL, or says more than where something is */
export function readHttpUrl(name: string, value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
  const isPlain = url && !url.username && !url.password && !url.search && !url.hash;
  if (!isPlain || !['http:', 'https:'].includes(url.protocol)) {
    throw new TypeError(`${name} has to be an http or https URL without credentials, query and fragment`);
  }
  return url;
}

/** @throws TypeError for keys that would come over plain HTTP from another machine */
export function readKeysUrl(issuer: URL, jwksUrl: unknown, allowHttp: boolean): string {
  const url = jwksUrl === undefined ? new URL(issuer) : readHttpUrl('jwksUrl', jwksUrl);
  if (jwksUrl === undefined) url.pathname = `${url.pathname.replace(/\/$/, '')}/.well-known/jwks.json`;
  if (url.protocol === 'http:' && !allowHttp && !LOCAL.test(url.hostname)) {
    throw new TypeError(
      'the keys have to come over https: whoever is on the way could be anybody (allowHttp)',
    );
  }
  return url.href;
}
