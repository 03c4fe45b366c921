import { randomBytes } from 'node:crypto';
import { equalsConstantTime, sha256 } from '@countersign/crypto';

export const DEVELOPER_PATH = 'console/developer';
const KEY_BYTES = 32;

/** A key signs a developer in to the console once. Its use makes the next key. */
export class DeveloperKeys {
  private key = newKey();

  /** @param consoleUrl a URL on this machine @param onUsed gets the next link */
  constructor(
    readonly consoleUrl: string,
    private readonly onUsed: (nextLink: string) => void,
  ) {}

  get link(): string {
    return `${this.consoleUrl}/${DEVELOPER_PATH}#${this.key}`;
  }

  /** This is synchronous, so only one of two parallel calls succeeds. @returns false for a wrong key */
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
