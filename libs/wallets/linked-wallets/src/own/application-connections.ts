import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { KeyRing } from '@countersign/crypto';
import { UsersService } from '@countersign/users';
import { addressDigests, AddressDigestsRepository } from '../digests/address-digests.repository';
import { openEvidence } from '../store/wallet-sealing';
import { WalletEntity } from '../store/wallet.entity';

interface Connector {
  readonly userId: string;
  readonly applicationIds: readonly string[];
}

@Injectable()
export class ApplicationConnections {
  constructor(
    private readonly users: UsersService,
    private readonly digests: AddressDigestsRepository,
    private readonly keyRing: KeyRing,
  ) {}

  /** No other transaction can connect the wallet until this one ends. Take this lock before the locks of users. */
  async lock(tx: EntityManager, address: string): Promise<void> {
    await this.digests.lock(tx, address);
  }

  /** Finds the accounts that connected the wallet of an EVM key. */
  async find(manager: EntityManager, address: string): Promise<readonly Connector[]> {
    const found = await this.digests.find(manager, addressDigests(this.keyRing, 'ethereum', address));
    const connected = found.filter(
      ({ kind, environment, chainId }) =>
        kind === 'connected' && environment === 'production' && chainId === null,
    );
    const connectors: Connector[] = [];
    for (const { id, userId } of connected) {
      const wallet = await manager.findOneBy(WalletEntity, { id });
      const dataKey = await this.users.getDataKey(userId, manager);
      const evidence = wallet && openEvidence(dataKey, id, wallet.evidence);
      connectors.push({ userId, applicationIds: evidence?.applicationIds ?? [] });
    }
    return connectors;
  }
}
