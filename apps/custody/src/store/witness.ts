import type { Clock, Logger } from '@countersign/runtime';
import { sha256 } from '@countersign/crypto';
import { type Call, NO_WALLET, readingCalls } from '@countersign/custody-protocol';
import type { WalletSeal } from '@countersign/custody-rules';
import type { Allowance } from '../allowance';
import { forgetNonces } from './accounts.repository';
import type { Copies } from './copies';
import type { CustodyDatabase } from './custody-database.repository';
import { findEntry, writeOnce } from './journal.repository';

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
    private readonly seal: WalletSeal,
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
    await this.copies.replaceHead({ ...head, mac: this.seal.headMacs(head)[0] ?? '' });
    this.written = sequence;
  }

  /** Writes a restore into the journal once. Requests of the backup then wait no more. */
  private async compare(): Promise<void> {
    const seen = await this.copies.readHead().catch(() => null);
    if (!seen) return;
    if (!this.seal.headMacs(seen).includes(seen.mac)) {
      this.logger.error({}, 'the copy of the head of the journal is not by this ring');
      return;
    }
    const isNew = await this.database.transaction(async (client) => {
      const entry = await findEntry(client, seen.sequence);
      if (entry?.hash.toString('hex') === seen.hash) return false;
      const restored = { call: 'restored', walletId: NO_WALLET, digest: sha256(seen.mac) };
      const isFirst = await writeOnce(client, restored, this.clock.now());
      if (isFirst) await forgetNonces(client, this.allowance.chains);
      return isFirst;
    });
    if (isNew)
      this.logger.warn({}, 'the database of custody was restored: ways out and exports wait no more');
  }
}
