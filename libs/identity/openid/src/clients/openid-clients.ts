import { Injectable } from '@nestjs/common';
import { IsNull, type EntityManager } from 'typeorm';
import type { AdapterPayload, Client } from 'oidc-provider';
import { v7 as uuidv7 } from 'uuid';
import { isUUID } from 'class-validator';
import { assertScope, type Principal } from '@countersign/admin';
import {
  ApplicationsService,
  browserSpelling,
  isRedirectUrl,
  mintClientSecret,
  applicationScopes,
} from '@countersign/applications';
import { type AuditedEvent, AuditService } from '@countersign/audit';
import { Clock, Configuration } from '@countersign/runtime';
import { equalsConstantTime, tokenDigest } from '@countersign/crypto';
import { Database, lockRow } from '@countersign/database';
import { invalidField } from '@countersign/http';
import { checkUrl, urlRefusals } from '@countersign/webhook-sender';
import { openidError } from '../openid.errors';
import { OpenidRecords } from '../store/openid-records.repository';
import { OpenidClientEntity } from '../store/openid.entities';
import { openidEvents } from '../openid.feature';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const REDIRECT_URL =
  'must be https:// URLs (http:// only on localhost, 127.0.0.1 and [::1]) without a user, a fragment and the parameters that are added (code, state, error)';

export type ClientFields = Pick<
  OpenidClientEntity,
  'name' | 'isThirdParty' | 'algorithm' | 'scopes' | 'redirectUrls' | 'afterLogoutUrls' | 'logoutUrl'
>;

/** The reason for which `applications:write` is needed: a client of the operator gets more than before. */
const LOOSENED =
  ', because the client is of the operator: it gets claims without consent. With `isThirdParty` people have to agree first';

@Injectable()
export class OpenidClients {
  constructor(
    private readonly database: Database,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
    private readonly records: OpenidRecords,
  ) {}

  /** The secret is returned only once; it is `null` for a public client. */
  async create(
    caller: Principal,
    applicationId: string,
    fields: ClientFields,
    isPublic: boolean,
  ): Promise<{ readonly client: OpenidClientEntity; readonly clientSecret: string | null }> {
    if (!fields.isThirdParty) assertScope(caller, applicationScopes.applicationsWrite, LOOSENED);
    await this.applications.getById(applicationId);
    this.assertUrls(fields);
    const clientSecret = isPublic ? null : mintClientSecret();
    const client: OpenidClientEntity = {
      ...fields,
      id: uuidv7(),
      applicationId,
      secretDigest: clientSecret === null ? null : tokenDigest(clientSecret),
      createdAt: this.clock.now(),
    };
    await this.database.transaction(async (tx) => {
      await tx.insert(OpenidClientEntity, client);
      await this.record(tx, openidEvents.clientCreated, client);
    });
    return { client, clientSecret };
  }

  async list(applicationId: string): Promise<readonly OpenidClientEntity[]> {
    await this.applications.getById(applicationId);
    return this.database.read((manager) =>
      manager.find(OpenidClientEntity, { where: { applicationId }, order: { id: 'ASC' } }),
    );
  }

  async get(applicationId: string, id: string): Promise<OpenidClientEntity> {
    return existing(
      await this.database.read((manager) => manager.findOneBy(OpenidClientEntity, { id, applicationId })),
    );
  }

  async find(id: string, tx?: EntityManager): Promise<OpenidClientEntity | null> {
    if (!isUUID(id)) return null;
    return this.database.read((manager) => manager.findOneBy(OpenidClientEntity, { id }), tx);
  }

  async change(
    caller: Principal,
    applicationId: string,
    id: string,
    change: Partial<ClientFields>,
  ): Promise<OpenidClientEntity> {
    return this.database.transaction(async (tx) => {
      const before = existing(await this.lock(tx, applicationId, id));
      if (Object.keys(change).length === 0) return before;
      this.assertUrls(change, before);
      const after = { ...before, ...change };
      const isOther = after.isThirdParty !== before.isThirdParty;
      const isMore =
        isOther || adds(before.redirectUrls, after.redirectUrls) || adds(before.scopes, after.scopes);
      if (isMore && !after.isThirdParty) assertScope(caller, applicationScopes.applicationsWrite, LOOSENED);
      await tx.update(OpenidClientEntity, { id }, change);
      // A change to or from a third party changes `sub`.
      if (isOther || adds(after.scopes, before.scopes)) await this.records.deleteOfClient(tx, id);
      await this.record(tx, openidEvents.clientChanged, before, { fields: Object.keys(change).join(' ') });
      return after;
    });
  }

  /** The former secret becomes invalid at once. */
  async rotateSecret(applicationId: string, id: string): Promise<string> {
    const clientSecret = mintClientSecret();
    await this.database.transaction(async (tx) => {
      const client = existing(await this.lock(tx, applicationId, id));
      if (client.secretDigest === null) throw openidError('openid.client_is_public');
      await tx.update(OpenidClientEntity, { id }, { secretDigest: tokenDigest(clientSecret) });
      await this.record(tx, openidEvents.clientSecretRotated, client);
    });
    return clientSecret;
  }

  /** All tokens of the client become invalid at once. */
  async remove(applicationId: string, id: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const client = existing(await this.lock(tx, applicationId, id));
      await tx.delete(OpenidClientEntity, { id });
      await this.record(tx, openidEvents.clientRemoved, client);
    });
  }

  /** Returns the client's metadata in the terms of OpenID Connect Dynamic Client Registration. */
  async metadataOf(id: string): Promise<AdapterPayload | undefined> {
    const client = await this.find(id);
    // The database finds a UUID in any spelling, but code that compares ids would see another client.
    if (client?.id !== id) return undefined;
    const { secretDigest, logoutUrl, redirectUrls } = client;
    const isOfBrowsers = redirectUrls.length > 0;
    const { settings } = await this.applications.getById(client.applicationId);
    return {
      client_id: id,
      client_name: client.name,
      is_third_party: client.isThirdParty,
      application_id: client.applicationId,
      application_type: secretDigest === null && isNative(redirectUrls) ? 'native' : 'web',
      origins: [...redirectUrls.map((url) => new URL(url).origin), ...settings.origins],
      // The library requires a secret. `isSecretOf` compares digests instead.
      ...(secretDigest && { client_secret: secretDigest.toString('hex') }),
      token_endpoint_auth_method: secretDigest ? 'client_secret_basic' : 'none',
      id_token_signed_response_alg: client.algorithm,
      require_auth_time: true,
      scope: client.scopes.join(' '),
      response_types: isOfBrowsers ? ['code'] : [],
      grant_types: [isOfBrowsers ? 'authorization_code' : DEVICE_GRANT, 'refresh_token'],
      redirect_uris: redirectUrls,
      post_logout_redirect_uris: client.afterLogoutUrls,
      ...(logoutUrl !== null && {
        backchannel_logout_uri: logoutUrl,
        backchannel_logout_session_required: true,
      }),
    };
  }

  async hasPage(origin: string): Promise<boolean> {
    const clients = await this.database.read((manager) =>
      manager.find(OpenidClientEntity, { select: { redirectUrls: true }, where: { secretDigest: IsNull() } }),
    );
    return clients.some(({ redirectUrls }) => redirectUrls.some((url) => new URL(url).origin === origin));
  }

  /** @param before the client before a change: its addresses may stay as they are */
  private assertUrls(fields: Partial<ClientFields>, before?: ClientFields): void {
    const { logoutUrl = null } = fields;
    for (const field of ['redirectUrls', 'afterLogoutUrls'] as const)
      for (const url of fields[field] ?? []) {
        if (before?.[field].includes(url)) continue;
        if (!isRedirectUrl(url)) throw invalidField(field, 'redirect_url', REDIRECT_URL);
        const sent = browserSpelling(url);
        if (url !== sent)
          throw invalidField(field, 'browser_spelling', `must be spelled as browsers send it: ${sent}`);
      }
    if (logoutUrl === null) return;
    const checked = checkUrl(logoutUrl, this.configuration.webhookAllowedTargets);
    if (!checked.ok) throw invalidField('logoutUrl', checked.code, urlRefusals[checked.code]);
  }

  private lock(tx: EntityManager, applicationId: string, id: string): Promise<OpenidClientEntity | null> {
    return lockRow(tx, OpenidClientEntity, { id, applicationId }, 'pessimistic_write');
  }

  private async record(
    tx: EntityManager,
    event: AuditedEvent,
    { id, applicationId }: OpenidClientEntity,
    details: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.audit.recordByOperator(tx, event, { applicationId, subject: id, details });
  }
}

function adds(before: readonly string[], after: readonly string[]): boolean {
  return after.some((each) => !before.includes(each));
}

function existing(found: OpenidClientEntity | null): OpenidClientEntity {
  if (!found) throw openidError('openid.client_not_found');
  return found;
}

/** Compares digests, because the library knows the digest as the secret. */
export function isSecretOf({ clientSecret }: Client, presented: string): boolean {
  return (
    clientSecret !== undefined && equalsConstantTime(Buffer.from(clientSecret, 'hex'), tokenDigest(presented))
  );
}

/** For a native program, the library allows any port of a loopback address (RFC 8252, section 7.3). */
function isNative(redirectUrls: readonly string[]): boolean {
  const urls = redirectUrls.map((url) => new URL(url));
  // The library refuses a native client with such an address.
  const isOdd = urls.some(({ protocol, hostname }) => protocol === 'https:' && LOOPBACK.includes(hostname));
  return !isOdd && urls.some(({ protocol }) => protocol === 'http:');
}
