import { Injectable } from '@nestjs/common';
import { AddsToMe, MeResponse } from '@countersign/account';
import { ListOf } from '@countersign/http';
import type { Principal } from '@countersign/sessions';
import { HasAccountData, type AccountData, type ExportedRows, type OwnedRows } from '@countersign/users';
import { OpenidConsentResponse } from '../login/login-request.dto';
import { OpenidConsents } from './openid-consents';

ListOf(OpenidConsentResponse, 'Products of third parties that the person agreed to sign in to.')(
  MeResponse.prototype,
  'openidConsents',
);

@Injectable()
@AddsToMe()
export class ConsentsInMe {
  constructor(private readonly consents: OpenidConsents) {}

  async describe(caller: Principal): Promise<{ readonly openidConsents: readonly OpenidConsentResponse[] }> {
    return { openidConsents: await this.consents.list(caller) };
  }

  publicNameOf(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Consents and seen clients. The end of a session deletes the client's other records. */
@Injectable()
@HasAccountData('others')
export class OpenidAccountData implements AccountData {
  readonly owned: readonly OwnedRows[] = [
    { table: 'openid_consents', key: ['client_id'], isUnique: true, erase: 'delete' },
    { table: 'openid_seen_clients', key: ['client_id'], isUnique: true, erase: 'delete' },
  ];
  readonly lost = { openidConsents: 'FROM openid_consents WHERE user_id = $1' };
  readonly exported: readonly ExportedRows[] = [
    {
      name: 'openidConsents',
      meaning:
        'The products of third parties that the person agreed to sign in to, and what these may ask for.',
      retention: 'Until the account is erased.',
      sql: `SELECT client_id AS cursor, client_id, subject, scopes, given_at FROM openid_consents WHERE user_id = $1`,
    },
    {
      name: 'openidSeenClients',
      meaning: 'The products that the person has seen before a browser signed in to them without a question.',
      retention: 'Until the account is erased, or the product is removed.',
      sql: `SELECT client_id AS cursor, client_id, seen_at FROM openid_seen_clients WHERE user_id = $1`,
    },
  ];
}
