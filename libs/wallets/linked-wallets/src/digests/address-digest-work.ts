import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { isForeignKeyViolation, LostRace } from '@countersign/database';
import { BringsToActiveKey, DigestWork, type Step } from '@countersign/keys';
import { Logger } from '@countersign/observability';
import { openDataKey, openSubject } from '@countersign/users';
import { addressOfSubject } from '@countersign/wallet-proofs';
import { addressDigests, namespaceOf } from './address-digests';
import { AddressDigestsRepository, type DigestedWallet } from './address-digests.repository';
import { WalletChannel } from '../store/wallet-channel.repository';

/** Digests of addresses under the active index key. */
@Injectable()
@BringsToActiveKey()
export class AddressDigestWork extends DigestWork<DigestedWallet> {
  readonly name = 'wallet_address_digests';

  constructor(
    private readonly repository: AddressDigestsRepository,
    private readonly channel: WalletChannel,
    keyRing: KeyRing,
    logger: Logger,
  ) {
    super(keyRing, logger);
  }

  countBehind(manager: EntityManager, keyId: string): Promise<number> {
    return this.repository.countLacking(manager, keyId);
  }

  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number> {
    return this.repository.delete(tx, keyId, limit);
  }

  protected lookAt(tx: EntityManager, keyId: string, step: Step): Promise<readonly DigestedWallet[]> {
    return this.repository.lookAt(tx, keyId, step);
  }

  protected async digest(tx: EntityManager, lacking: readonly DigestedWallet[]): Promise<number> {
    let done = 0;
    for (const wallet of lacking) {
      const digests = await this.attempt(wallet.id, () => this.digestsOf(wallet));
      if (!digests) continue;
      const rows = digests.map((digest) => ({ ...digest, walletId: wallet.id }));
      // A wallet that is removed meanwhile fails the statement: the transaction is tried again.
      await this.repository.insert(tx, rows).catch((error: unknown) => {
        throw isForeignKeyViolation(error) ? new LostRace() : error;
      });
      await this.channel.announce(tx, wallet.id);
      done += 1;
    }
    return done;
  }

  private digestsOf(wallet: DigestedWallet): ReturnType<typeof addressDigests> {
    const { userId, dataKey, identityId, provider } = wallet;
    const subject = openSubject(openDataKey(this.keyRing, userId, dataKey), identityId, wallet.subject);
    return addressDigests(this.keyRing, namespaceOf(provider), addressOfSubject(subject));
  }
}
