import { readHttpUrl, readKeysUrl } from './urls';

const ALGORITHMS = ['ES256', 'EdDSA'] as const;

/** How hard the proof behind a session is to forge, weakest first. */
const ASSURANCES = ['vendor', 'bot-token', 'platform'] as const;
export type IdentityTokenAssurance = (typeof ASSURANCES)[number];

/** How a token may be signed: ECDSA on P-256, or Ed25519. */
export type IdentityTokenAlgorithm = (typeof ALGORITHMS)[number];

export interface IdentityTokenSettings {
  /** The URL of Countersign, exactly as its tokens name it in `iss`. */
  readonly issuer: string;
  /** Whom tokens have to be for: the application's id, or the audience that the gateway asks for. One of a list. */
  readonly audience: string | readonly [string, ...string[]];
  /** Where the issuer publishes its keys. `<issuer>/.well-known/jwks.json` if not set. */
  readonly jwksUrl?: string;
  /** Only `ES256` if not set. */
  readonly algorithms?: readonly [IdentityTokenAlgorithm, ...IdentityTokenAlgorithm[]];
  /** The weakest assurance that will do; any if not set. */
  readonly leastAssurance?: IdentityTokenAssurance;
  /** Lets the keys come over plain HTTP from elsewhere than this machine. Whoever is on the way can then be anybody. */
  readonly allowHttp?: boolean;
  /** How long keys serve while the issuer cannot be reached, in seconds; 24 hours if not set. */
  readonly keepKeysFor?: number;
  /** How long the issuer may take to answer, in seconds; 2 if not set. */
  readonly timeLimit?: number;
  /** By how much the clocks may differ, in seconds; 5 if not set. */
  readonly clockTolerance?: number;
}

export interface IdentityTokenOptions extends IdentityTokenSettings {
  readonly now?: () => Date;
  readonly fetch?: typeof fetch;
  /** Told each time the keys could not be had: while older ones serve, nothing else shows it. */
  readonly onRefreshFailed?: (cause: unknown) => void;
}

/** Options that were checked, with nothing left open. */
export interface Policy extends Required<
  Omit<IdentityTokenOptions, 'audience' | 'allowHttp' | 'leastAssurance'>
> {
  readonly audiences: readonly string[];
  readonly leastAssurance: IdentityTokenAssurance | undefined;
}

const known: Record<keyof IdentityTokenOptions, true> = {
  issuer: true,
  audience: true,
  jwksUrl: true,
  algorithms: true,
  leastAssurance: true,
  allowHttp: true,
  keepKeysFor: true,
  timeLimit: true,
  clockTolerance: true,
  now: true,
  fetch: true,
  onRefreshFailed: true,
};

/** @throws TypeError or RangeError for options that would check nothing, or something else than was meant */
export function readOptions(options: IdentityTokenOptions): Policy {
  const stranger = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (stranger !== undefined) throw new TypeError(`there is no option ${stranger}`);
  const issuer = readHttpUrl('issuer', options.issuer);
  const allowHttp = readSwitch('allowHttp', options.allowHttp);
  return {
    issuer: options.issuer,
    audiences: readAudiences(options.audience),
    jwksUrl: readKeysUrl(issuer, options.jwksUrl, allowHttp),
    algorithms: readAlgorithms(options.algorithms),
    leastAssurance: readLeastAssurance(options.leastAssurance),
    // Not shorter than keys are fresh.
    keepKeysFor: readSeconds('keepKeysFor', options.keepKeysFor ?? 24 * 3_600, 600, 7 * 24 * 3_600),
    timeLimit: readSeconds('timeLimit', options.timeLimit ?? 2, 0.05, 30),
    clockTolerance: readSeconds('clockTolerance', options.clockTolerance ?? 5, 0, 60),
    // eslint-disable-next-line no-restricted-syntax -- published alone, so there is no other clock to be had
    now: readFunction('now', options.now ?? (() => new Date())),
    fetch: readFunction('fetch', options.fetch ?? ((...request) => fetch(...request))),
    onRefreshFailed: readFunction('onRefreshFailed', options.onRefreshFailed ?? (() => undefined)),
  };
}

function readAudiences(audience: unknown): readonly string[] {
  const audiences: readonly unknown[] = Array.isArray(audience) ? audience : [audience];
  if (audiences.length === 0) throw new TypeError('audience is missing');
  return audiences.map((one) => {
    if (typeof one !== 'string' || one === '')
      throw new TypeError('audience has to be text that is not empty');
    return one;
  });
}

function readAlgorithms(algorithms: unknown = ['ES256']): Policy['algorithms'] {
  const wanted: readonly unknown[] = Array.isArray(algorithms) ? algorithms : [];
  const [first, ...more] = ALGORITHMS.filter((one) => wanted.includes(one));
  if (!first || 1 + more.length !== wanted.length) {
    throw new TypeError(`algorithms has to name some of ${ALGORITHMS.join(', ')}, each once`);
  }
  return [first, ...more];
}

/** Undefined for a word of a later version: nothing is known of it. */
export function readAssurance(word: unknown): IdentityTokenAssurance | undefined {
  return ASSURANCES.find((known) => known === word);
}

export function isAtLeast(
  assurance: IdentityTokenAssurance | undefined,
  least: IdentityTokenAssurance,
): boolean {
  return assurance !== undefined && ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(least);
}

function readLeastAssurance(word: unknown): IdentityTokenAssurance | undefined {
  const least = readAssurance(word);
  if (word !== undefined && !least)
    throw new TypeError(`leastAssurance has to be one of ${ASSURANCES.join(', ')}`);
  return least;
}

function readSwitch(name: string, value: unknown = false): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${name} has to be true or false`);
  return value;
}

function readSeconds(name: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && value >= least && value <= most) return value;
  throw new RangeError(`${name} has to be a number of seconds from ${least} to ${most}`);
}

function readFunction<T>(name: string, value: T): T {
  if (typeof value !== 'function') throw new TypeError(`${name} has to be a function`);
  return value;
}
