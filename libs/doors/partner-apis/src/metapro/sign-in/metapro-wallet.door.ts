import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Application, Environment } from '@countersign/applications';
import { accepted, type Door, proofIdOf, type VerifiedSignIn } from '@countersign/auth';
import { Database } from '@countersign/database';
import {
  ApplicationConnections,
  walletError,
  walletSettings,
  type OfWallet,
} from '@countersign/linked-wallets';
import { UsersService } from '@countersign/users';
import { evmProofOf, metaproMessage, type EvmAddress } from '@countersign/wallet-proofs';
import { metaproError } from '../metapro.errors';
import { LoginHashes } from './login-hashes';
import { WalletOwners, type ConnectedOwner } from './wallet-owners';
import { metaproMethods } from '../metapro.feature';

const SECRET_BYTES = 32;

interface PresentedWallet {
  readonly application: Application;
  readonly wallet: EvmAddress;
  readonly hash: string;
  readonly signature: string;
  /** It is `null` if the call has no such field. */
  readonly rulesChecked: boolean | null;
  readonly referralCode: string | null;
}

/**
 * Verifies Metapro's fixed message with a hash. The message names no site, so it proves less than others (ADR 0049). It
 * names no chain either, so contract wallets cannot sign in with it.
 */
@Injectable()
export class MetaproWalletDoor implements Door<PresentedWallet> {
  constructor(
    private readonly hashes: LoginHashes,
    private readonly database: Database,
    private readonly users: UsersService,
    private readonly owners: WalletOwners,
    private readonly connections: ApplicationConnections,
  ) {}

  async open(presented: PresentedWallet): Promise<VerifiedSignIn> {
    const { application, wallet, hash, signature, referralCode } = presented;
    if (!walletSettings.of(application.settings).accept) throw walletError('wallet.not_accepted');
    const madeAt = this.hashes.verify(hash, wallet);
    const message = metaproMessage({ address: wallet, hash });
    const signed = await evmProofOf({ message, signature: signature.toLowerCase(), address: wallet });
    if (!signed.ok) throw walletError(signed.code);
    if (signed.value.by !== 'key') throw walletError('wallet.signature_invalid');
    const provider = 'ethereum';
    const environment = 'production';
    const proof = {
      provider,
      environment,
      subject: wallet,
      applicationId: application.id,
      botId: null,
      botRowId: null,
      profile: {},
      hints: {},
      alias: null,
      madeAt,
      startParam: null,
      proofId: proofIdOf({ provider, environment, botId: '', fields: [['metapro-hash', hash]] }),
      // A random secret matches no second presentation: a hash opens only one session.
      secret: randomBytes(SECRET_BYTES),
      assurance: 'vendor',
      door: metaproMethods.wallet,
      wallet: {
        ...{ address: wallet, chainId: null, provenOn: 'eip155:1', check: null, ton: null },
        kind: 'metapro',
      },
    } as const;
    return accepted({ application, proof, referralCode });
  }

  /** Also accepts a wallet that no account has linked, if one account of the project has connected it. */
  async openSignIn(presented: PresentedWallet): Promise<VerifiedSignIn> {
    const verified = await this.open(presented);
    const { wallet } = presented;
    const found = await this.database.read((manager) => this.ownerOf(manager, verified, wallet));
    const { wallet: _, ...signed }: VerifiedSignIn['proof'] & OfWallet = verified.proof;
    const proof = found ? { ...signed, ...identityKeyOf(found) } : verified.proof;
    return {
      ...verified,
      proof,
      consume: async (tx) => {
        // No account can connect the wallet until the transaction ends.
        await this.connections.lock(tx, wallet);
        await this.assertWelcome(tx, proof, presented);
        const current = await this.ownerOf(tx, verified, wallet);
        if (current?.identity.id !== found?.identity.id) throw walletError('wallet.not_linked');
      },
    };
  }

  private async ownerOf(
    manager: EntityManager,
    { proof, application }: VerifiedSignIn,
    wallet: EvmAddress,
  ): Promise<ConnectedOwner | null> {
    if (await this.users.findByClaim(proof, manager)) return null;
    const connected = await this.owners.findConnected(manager, wallet, application.id);
    if (connected === 'several') throw metaproError('metapro.wallet_of_several');
    if (connected === 'elsewhere') throw metaproError('metapro.wallet_of_other_project');
    return connected;
  }

  /** Locks the account. A person who has used the project before has accepted its rules. */
  private async assertWelcome(
    tx: EntityManager,
    proof: VerifiedSignIn['proof'],
    { application, rulesChecked }: PresentedWallet,
  ): Promise<void> {
    const owner = await this.users.findByClaim(proof, tx);
    const isThere = owner !== null && (await this.users.lockIfThere(tx, owner.userId));
    const current = isThere ? await this.users.findByClaim(proof, tx) : null;
    if (
      current?.userId !== owner?.userId ||
      (!current && !walletSettings.of(application.settings).createsAccounts)
    )
      throw walletError('wallet.not_linked');
    if (rulesChecked !== false) return;
    const visit = { userId: current?.userId ?? '', applicationId: application.id };
    const visited = current ? await this.users.findVisited(tx, [visit]) : new Set();
    if (!visited.has(visit.userId)) throw metaproError('metapro.rules_not_accepted');
  }
}

function identityKeyOf({ identity }: ConnectedOwner) {
  const [provider, environment] = [identity.provider, identity.environment as Environment];
  return { provider, environment, subject: identity.subject };
}
