import { isIP } from 'node:net';

/** A fault in the file of chains: where it is, and what it must be; never the value. */
export class ChainFault extends Error {}

type Read<T> = (value: unknown) => T;

/** The members of an object of the file, taken one after the other. Members that were not taken are refused. */
export class Fields {
  private readonly taken = new Set<string>();

  constructor(
    private readonly path: string,
    private readonly object: Readonly<Record<string, unknown>>,
  ) {}

  static of(path: string, value: unknown): Fields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new ChainFault(`${path} must be an object`);
    return new Fields(path, value as Readonly<Record<string, unknown>>);
  }

  required<T>(name: string, read: Read<T>, why = ''): T {
    this.taken.add(name);
    if (!Object.hasOwn(this.object, name)) throw new ChainFault(`${this.at(name)} is missing${why}`);
    return this.read(name, read);
  }

  optional<T>(name: string, read: Read<T>): T | undefined {
    this.taken.add(name);
    return Object.hasOwn(this.object, name) ? this.read(name, read) : undefined;
  }

  /** @throws ChainFault for a member that was not taken. */
  end(): void {
    const unknown = Object.keys(this.object).find((name) => !this.taken.has(name));
    // The message does not repeat its name, which could be a secret.
    if (unknown !== undefined)
      throw new ChainFault(
        `${this.path} has a member that is not known; known are ${[...this.taken].join(', ')}`,
      );
  }

  at(name: string): string {
    return `${this.path}.${name}`;
  }

  private read<T>(name: string, read: Read<T>): T {
    return readAt(this.at(name), this.object[name], read);
  }
}

/** @throws ChainFault with the path for what `read` refuses */
export function readAt<T>(path: string, value: unknown, read: Read<T>): T {
  try {
    return read(value);
  } catch (error) {
    if (error instanceof ChainFault) throw error;
    throw new ChainFault(`${path} ${(error as Error).message}`);
  }
}

export function aBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw new Error('must be true or false');
  return value;
}

export function aNumber(least: number, most: number): Read<number> {
  return (value) => {
    if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most)
      throw new Error(`must be a whole number from ${least} to ${most}`);
    return value as number;
  };
}

export function aText(pattern: RegExp, meaning: string): Read<string> {
  return (value) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new Error(`must be ${meaning}`);
    return value;
  };
}

export function aChoice<const T extends string>(...choices: readonly T[]): Read<T> {
  return (value) => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined)
      throw new Error(`must be ${choices.map((choice) => `"${choice}"`).join(' or ')}`);
    return found;
  };
}

export function aList(most: number, least = 0): Read<readonly unknown[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most)
      throw new Error(`must be a list of ${least} to ${most} items`);
    return value as readonly unknown[];
  };
}

const INSIDE_V4 =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;
const INSIDE_NAME = /^(?:localhost|[a-z0-9-]+|.*\.(?:internal|local|svc|localhost))$/i;

const URL_FORM =
  'must be an https:// URL without a fragment, or http:// inside of the network; a % of a password is written %25';

/**
 * Reads the URL of a node; null for one that is not accepted. It may be inside of the network, since only the operator
 * names it; `http:` is accepted there only.
 */
function readRpcUrl(text: string): URL | null {
  if (text.length > 2_048 || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.hash !== '' || url.hostname === '' || !isDecodable(url)) return null;
  if (url.protocol === 'https:') return url;
  return url.protocol === 'http:' && isInside(url.hostname) ? url : null;
}

export function aUrl(value: unknown): URL {
  const url = typeof value === 'string' ? readRpcUrl(value) : null;
  if (url === null) throw new Error(URL_FORM);
  return url;
}

/** Whether the name and the password can be sent as they are meant. */
function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

function isInside(host: string): boolean {
  if (host.startsWith('[')) return /^\[(?:::1|f[cd][0-9a-f:.]+)\]$/i.test(host);
  return isIP(host) === 4 ? INSIDE_V4.test(host) : INSIDE_NAME.test(host);
}
