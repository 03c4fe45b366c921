import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { OpenedWallet } from '@countersign/linked-wallets';
import { recipientDigest, sealedRecipient } from './limits-sealing';
import { LimitsRepository } from './limits.repository';

/** The addresses that wallets sent to, and since when. */
@Injectable()
export class AddressBook {
  constructor(private readonly limits: LimitsRepository) {}

  /** Those of the addresses that the wallet knows. */
  async knownSince(
    manager: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    addresses: readonly string[],
  ): Promise<ReadonlyMap<string, Date>> {
    if (addresses.length === 0) return new Map();
    const byDigest = new Map(
      addresses.map((address) => [recipientDigest(wallet, { chainId, address }).toString('hex'), address]),
    );
    const digests = [...byDigest.keys()].map((digest) => Buffer.from(digest, 'hex'));
    const found = await this.limits.findRecipients(manager, wallet.walletId, digests);
    return new Map(
      found.map(({ digest, knownSince }) => [byDigest.get(digest.toString('hex')) ?? '', knownSince]),
    );
  }

  /** Their delay begins now. The caller has locked the user. */
  async add(
    tx: EntityManager,
    wallet: OpenedWallet,
    chainId: string,
    addresses: readonly string[],
    now: Date,
  ): Promise<void> {
    const recipients = [...new Set(addresses)].map((address) => {
      const [id, recipient] = [uuidv7(), { chainId, address }];
      return {
        ...{ id, walletId: wallet.walletId, knownSince: now },
        digest: recipientDigest(wallet, recipient),
        recipient: sealedRecipient.seal(wallet.dataKey, id, recipient),
      };
    });
    await this.limits.addRecipients(tx, recipients);
  }
}
