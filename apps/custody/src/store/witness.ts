import { randomBytes } from 'node:crypto';
import type { Clock, Logger } from '@countersign/runtime';
import { sha256 } from '@countersign/crypto';
import { type Call, NO_WALLET, readingCalls } from '@countersign/custody-protocol';
import type { Allowance } from '../allowance';
import { forgetNoncesAfter } from './accounts.repository';
import type { Copies } from './copies';
import type { CustodyDatabase } from './custody-database.repository';
import { findEntry, isWritten, writeOnce } from './journal.repository';
import type { SealedWallets } from './sealed-wallets.repository';

/** The file may lack the last signatures for this time, in milliseconds. */
const DELAY_MS = 1_000;

/** A file beside the copies names the last entry of the journal. If a database lacks this entry, it was restored. */
export class Witness {
  private written = '';
  private writing = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly copies: Copies,
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly allowance: Allowance,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async after(call: Call['call']): Promise<void> {
    if (readingCalls.includes(call)) return;
    if (call !== 'sign') return this.follow();
    this.timer ??= setTimeout(() => {
      this.timer = null;
      void this.follow();
    }, DELAY_MS).unref();
  }

  follow(): Promise<void> {
    return (this.writing = this.writing
      .then(() => this.write())
      .catch((error: unknown) =>
        this.logger.error({ err: error }, 'the head of the journal could not be copied'),
      ));
  }

  private async write(): Promise<void> {
    await this.compare();
    const entry = await this.database.transaction((client) => findEntry(client));
    if (!entry || entry.sequence === this.written) return;
    const { sequence } = entry;
    const head = { sequence, hash: entry.hash.toString('hex'), at: entry.at.toISOString() };
    await this.copies.replaceHead({ ...head, mac: this.wallets.seal.headMacs(head)[0] ?? '' });
    this.written = sequence;
  }

  /** Writes a restore into the journal once. Requests of the backup then wait no more. */
  private async compare(): Promise<void> {
    const seen = await this.copies.readHead().catch(() => null);
    const isOwn = seen !== null && this.wallets.seal.headMacs(seen).includes(seen.mac);
    // After the start this process itself has written the file.
    if (!isOwn && this.written !== '') return;
    const restored = {
      call: 'restored',
      walletId: NO_WALLET,
      digest: isOwn ? sha256(seen.mac) : randomBytes(32),
    };
    const isNew = await this.database.transaction(async (client) => {
      const entry = isOwn ? await findEntry(client, seen.sequence) : null;
      if (isOwn && entry?.hash.toString('hex') === seen.hash) return false;
      // Without a wallet it is the first start.
      if (!isOwn && (await this.wallets.usedKeys(client)).sealing.length === 0) return false;
      return !(await isWritten(client, restored));
    });
    if (!isNew) return;
    let after: string | null = NO_WALLET;
    while (after !== null) {
      const from: string = after;
      after = await this.database.transaction((client) =>
        forgetNoncesAfter(client, this.allowance.chains, from),
      );
    }
    await this.database.transaction((client) => writeOnce(client, restored, this.clock.now()));
    if (!isOwn) this.logger.error({}, 'the copy of the head of the journal is missing, or not by this ring');
    this.logger.warn({}, 'the database of custody was restored: ways out and exports wait no more');
  }
}
