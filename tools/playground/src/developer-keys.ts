import { randomBytes } from 'node:crypto';
import { equalsConstantTime, sha256 } from '@countersign/crypto';

export const DEVELOPER_PATH = 'console/developer';
const KEY_BYTES = 32;

/** The keys that sign a developer in to the console: each is for one use, and the use makes the next one. */
export class DeveloperKeys {
  private key = newKey();

  /** @param consoleUrl on this machine @param onUsed gets the next link */
  constructor(
    readonly consoleUrl: string,
    private readonly onUsed: (nextLink: string) => void,
  ) {}

  get link(): string {
    return `${this.consoleUrl}/${DEVELOPER_PATH}#${this.key}`;
  }

  /** Synchronous, so that of two parallel calls one succeeds. @returns false for a wrong key */
  use(key: string): boolean {
    if (!equalsConstantTime(sha256(key), sha256(this.key))) return false;
    this.key = newKey();
    this.onUsed(this.link);
    return true;
  }
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url');
}
