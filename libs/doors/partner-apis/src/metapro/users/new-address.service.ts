import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { authError } from '@countersign/auth';
import { ConnectedWallets, WalletJoins } from '@countersign/linked-wallets';
import { ProfilesService } from '@countersign/account';
import type { Principal } from '@countersign/sessions';
import { UsersService, type KnownPerson } from '@countersign/users';
import type { MetaproNewAddressRequest } from '../dto/login.requests';
import type { MetaproUserResponse } from '../dto/user.responses';
import { metaproError } from '../metapro.errors';
import { MetaproProjects } from '../metapro-projects';
import { MetaproWalletDoor } from '../sign-in/metapro-wallet.door';
import { readHash, readSameWallet } from '../sign-in/metapro-sign-in.service';
import { OwnUser } from './own-user.service';

/** Connects wallets to the account of a session. The message names no site and no purpose, so it links no identity. */
@Injectable()
export class NewAddresses {
  constructor(
    private readonly projects: MetaproProjects,
    private readonly door: MetaproWalletDoor,
    private readonly users: UsersService,
    private readonly profiles: ProfilesService,
    private readonly joins: WalletJoins,
    private readonly wallets: ConnectedWallets,
    private readonly own: OwnUser,
  ) {}

  async add(
    caller: Principal,
    body: MetaproNewAddressRequest,
    { headers }: FastifyRequest,
  ): Promise<MetaproUserResponse> {
    const wallet = readSameWallet(headers['x-account-wallet'], body.wallet);
    const hash = readHash(headers['x-account-login-hash']);
    // Otherwise the thief of one signature could connect their own wallet, and return without a second signature.
    if (caller.assurance === 'vendor') throw authError('auth.assurance_too_low');
    await this.profiles.assertMayChange(caller);
    const application = await this.projects.get(caller.applicationId);
    const { signature } = body;
    const signed = { application, wallet, hash, signature, rulesChecked: null, referralCode: null };
    const verified = await this.door.open(signed);
    const owner = await this.users.findByClaim(verified.proof);
    if (owner && owner.userId !== caller.userId)
      throw await this.ofAnother(caller, owner, body.merge === true);
    await this.wallets.connectHere(caller, verified);
    return this.own.describe(caller);
  }

  /**
   * Only people join accounts. The owner of an account with this wallet alone confirms on a page of this service. The
   * owner of any other account confirms natively.
   */
  private async ofAnother(caller: Principal, { userId }: KnownPerson, asksToJoin: boolean): Promise<Error> {
    const { identities } = await this.users.getById(userId);
    if (!asksToJoin || identities.length > 1) return metaproError('metapro.wallet_of_another');
    const { url: joinLink, number } = await this.joins.ask(caller);
    const joinNumber = String(number);
    return metaproError('metapro.wallet_of_another', {
      detail: `This wallet has an account. To make it one with yours, open ${joinLink} in the browser of the wallet, and type ${joinNumber}`,
      members: { joinLink, joinNumber },
    });
  }
}
