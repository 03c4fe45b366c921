import type { PoolClient } from 'pg';
import type { Clock } from '@countersign/clock';
import type { Answers, Call, WalletDescription } from '@countersign/custody-protocol';
import { together } from '@countersign/database';
import {
  digestToSign,
  evmAddressOf,
  signDigest,
  tonPublicKeyOf,
  wipe,
  wiping,
  wordsOf,
  type WalletKeys,
} from '@countersign/wallet-keys';
import { Refused } from './refused';
import type { CustodyDatabase } from './store/custody-database.repository';
import { followJournal, journalHead, nextEntry } from './store/journal.repository';
import type { SealedWallets } from './store/sealed-wallets.repository';

type ActOf<Name extends Call['call']> = Extract<Call, { call: Name }>;

/** What the calls do. An act and its entry in the journal are one transaction, committed before the answer leaves. */
export class Acts {
  constructor(
    private readonly database: CustodyDatabase,
    private readonly wallets: SealedWallets,
    private readonly clock: Clock,
  ) {}

  /** @throws Refused */
  async answer(call: Call): Promise<Answers[Call['call']]> {
    switch (call.call) {
      case 'create':
        return this.create(call);
      case 'describe':
        return this.database.transaction((client) => this.describe(client, call.walletId));
      case 'sign':
        return this.sign(call);
      case 'export':
        return this.export(call);
      case 'destroy':
        return this.actOn(call, (client, now) => this.wallets.destroy(client, call.walletId, now));
      case 'restore':
        return this.actOn(call, (client) => this.wallets.restore(client, call.walletId));
      case 'health':
        return this.database.transaction(async (client) => ({
          journal: await journalHead(client),
          toRewrap: await this.wallets.countToRewrap(client),
        }));
      case 'journal':
        return this.database.transaction((client) => followJournal(client, call, call.until));
    }
  }

  private async create(call: ActOf<'create'>): Promise<WalletDescription> {
    return this.act(call, async (client, now) => {
      await this.wallets.create(client, call.walletId, now);
      return this.describe(client, call.walletId);
    });
  }

  private async sign(call: ActOf<'sign'>): Promise<Buffer> {
    const digest = digestToSign(call.kind, call.payload, this.clock.now());
    if (!digest) throw new Refused('payload_refused');
    return this.act(
      call,
      (client) => this.wallets.withKeys(client, call.walletId, (keys) => signDigest(call.kind, keys, digest)),
      { kind: call.kind, digest },
    );
  }

  private async export(call: ActOf<'export'>): Promise<Buffer> {
    const words: Buffer[] = [];
    try {
      return await this.act(call, async (client) => {
        const made = wiping(await this.wallets.entropyOf(client, call.walletId), wordsOf);
        words.push(made);
        return made;
      });
    } catch (error) {
      // They were made, and the journal's entry was not committed.
      wipe(...words);
      throw error;
    }
  }

  private async actOn(
    call: ActOf<'destroy' | 'restore'>,
    work: (client: PoolClient, now: Date) => Promise<void>,
  ): Promise<null> {
    // A call that comes again does nothing: `restore` may have followed `destroy`.
    await this.act(call, (client, now, isRepeated) => (isRepeated ? Promise.resolve() : work(client, now)));
    return null;
  }

  private async act<T>(
    { call, callId, walletId }: { readonly call: string; readonly callId: string; readonly walletId: string },
    work: (client: PoolClient, now: Date, isRepeated: boolean) => Promise<T>,
    signed: { readonly kind: string | null; readonly digest: Buffer | null } = { kind: null, digest: null },
  ): Promise<T> {
    return this.database.transaction(async (client) => {
      const now = this.clock.now();
      const append = await nextEntry(client, { callId, call, walletId, ...signed }, now);
      const [, result] = await together(append?.() ?? Promise.resolve(), work(client, now, append === null));
      return result;
    });
  }

  private async describe(client: PoolClient, walletId: string): Promise<WalletDescription> {
    return this.wallets.withKeys(client, walletId, ({ evm, ton }: WalletKeys) => ({
      evmAddress: evmAddressOf(evm),
      tonPublicKey: tonPublicKeyOf(ton).toString('hex'),
    }));
  }
}
