import { readFileSync } from 'node:fs';
import type { PoolClient } from 'pg';
import { sha256 } from '@countersign/crypto';
import { Refused } from '@countersign/custody-protocol';
import type { Logger } from '@countersign/runtime';
import type { Handlers } from './acts';
import type { CustodyDatabase } from './store/custody-database.repository';
import { findBrake, lastDigest, writeEntry } from './store/journal.repository';

/** Knows whether the current key ring was split among holders. The journal has the SHA-256 of each split ring. */
export class RingSplit {
  private digest = '';

  constructor(
    private readonly database: CustodyDatabase,
    private readonly logger: Logger,
  ) {}

  async follow({ CUSTODY_KEYS_FILE: file, CUSTODY_KEYS = '' }: NodeJS.ProcessEnv): Promise<void> {
    this.digest = sha256(file ? readFileSync(file) : CUSTODY_KEYS).toString('hex');
    const problem = await this.database.transaction((client) => this.problem(client));
    if (problem !== null) this.logger.warn({}, problem);
  }

  readonly handlers = {
    'ring-split': async (client, { callId, call, digest }, now) => {
      if (digest !== this.digest) throw new Refused('ring_differs');
      return writeEntry(client, { callId, call, digest: Buffer.from(digest, 'hex') }, now);
    },
    status: async (client) => {
      const [brake, problem] = [await findBrake(client), await this.problem(client)];
      const acts = brake ? `All wallets are stopped since ${brake.since}: ${brake.reason}` : 'Wallets act.';
      return Buffer.from(
        `${acts}\n${problem ? `Warning: ${problem}` : 'The key ring is split among holders.'}`,
      );
    },
  } satisfies Partial<Handlers>;

  private async problem(client: PoolClient): Promise<string | null> {
    const last = await lastDigest(client, 'ring-split');
    if (!last) return 'the key ring is not split among holders: if its file is lost, no wallet opens again';
    const isSame = last.toString('hex') === this.digest;
    return isSame ? null : 'the key ring has changed since it was split among holders: split it again';
  }
}
