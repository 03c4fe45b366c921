import { Injectable } from '@nestjs/common';
import { IsNull, MoreThan, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { AuditService, operator } from '@countersign/audit';
import { Clock, Configuration, DAY } from '@countersign/runtime';
import { KeyRing } from '@countersign/crypto';
import { Database, newestOf, newRow, lockRow } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { checkUrl, generateSigningSecret, urlRefusals } from '@countersign/webhook-sender';
import { EndpointSwitch } from '../endpoint-switch';
import type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  IssuedWebhookSecretResponse,
} from './dto/webhook.dto';
import { DeliveryRepository } from '../delivery/delivery.repository';
import { ALL_TYPES, sealedSecret, WebhookEndpointEntity, WebhookSecretEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import { webhookEvents } from '../webhooks.feature';

const MAX_ENDPOINTS = 100;
const MAX_SECRETS = 5;
const OVERLAP_MS = DAY;

/** Manages webhook endpoints and their secrets. There are at most 100 endpoints, so no list needs an index. */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly database: Database,
    private readonly deliveries: DeliveryRepository,
    private readonly endpointSwitch: EndpointSwitch,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly keyRing: KeyRing,
    private readonly clock: Clock,
  ) {}

  async create({ name, url, types, applicationIds = null }: CreateWebhookRequest): Promise<{
    endpoint: WebhookEndpointEntity;
    secret: IssuedWebhookSecretResponse;
  }> {
    const origin = this.originOf(url);
    await this.assertApplications(applicationIds);
    const now = this.clock.now();
    const endpoint = newRow(WebhookEndpointEntity, {
      id: uuidv7(),
      name,
      url,
      types: typesOf(types),
      applicationIds: idsOf(applicationIds),
      status: 'active',
      createdAt: now,
      updatedAt: now,
    });
    return this.database.transaction(async (tx) => {
      await this.deliveries.lockCreation(tx);
      if ((await tx.count(WebhookEndpointEntity)) >= MAX_ENDPOINTS)
        throw webhookError('webhook.too_many_endpoints', { detail: `The limit is ${MAX_ENDPOINTS}.` });
      await tx.insert(WebhookEndpointEntity, endpoint);
      const secret = await this.issueSecret(tx, endpoint.id);
      const details = { origin, types: endpoint.types.join(' '), secretId: secret.secretId };
      await this.audit.recordByOperator(tx, webhookEvents.created, { subject: endpoint.id, details });
      return { endpoint, secret };
    });
  }

  async list(keyset: Keyset): Promise<readonly WebhookEndpointEntity[]> {
    return this.database.read((manager) => manager.find(WebhookEndpointEntity, newestOf(keyset)));
  }

  async get(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.database.read((manager) => getEndpoint(manager, endpointId));
  }

  /** Pending deliveries go to the new URL too. */
  async change(
    endpointId: string,
    { name, url, types, applicationIds }: ChangeWebhookRequest,
  ): Promise<WebhookEndpointEntity> {
    const origin = url === undefined ? null : this.originOf(url);
    await this.assertApplications(applicationIds ?? null);
    return this.database.transaction(async (tx) => {
      await lockEndpoint(tx, endpointId);
      const changed = {
        ...(name === undefined ? {} : { name }),
        ...(url === undefined ? {} : { url }),
        ...(types === undefined ? {} : { types: typesOf(types) }),
        ...(applicationIds === undefined ? {} : { applicationIds: idsOf(applicationIds) }),
      };
      const change = { ...changed, updatedAt: this.clock.now() };
      await tx.update(WebhookEndpointEntity, { id: endpointId }, change);
      const after = await getEndpoint(tx, endpointId);
      const details = {
        fields: Object.keys(changed).toSorted().join(' '),
        ...(types === undefined ? {} : { types: after.types.join(' ') }),
        ...(origin === null ? {} : { origin }),
      };
      await this.audit.recordByOperator(tx, webhookEvents.changed, { subject: endpointId, details });
      return after;
    });
  }

  /** Drops pending deliveries, and removes the secrets too. */
  async remove(endpointId: string): Promise<void> {
    await this.disable(endpointId);
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.delete(WebhookEndpointEntity, { id: endpointId });
      if (affected !== 1) throw webhookError('webhook.not_found');
      await this.audit.recordByOperator(tx, webhookEvents.removed, { subject: endpointId });
    });
    while (await this.database.transaction((tx) => this.deliveries.clear(tx, endpointId)));
  }

  /** Pending deliveries are due at once. An active endpoint does not change. */
  async enable(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.database.transaction(async (tx) => {
      const { status } = await lockEndpoint(tx, endpointId);
      if (status === 'disabled') {
        const active = { status: 'active', disabledReason: null, updatedAt: this.clock.now() } as const;
        await tx.update(WebhookEndpointEntity, { id: endpointId }, active);
        await this.audit.recordByOperator(tx, webhookEvents.enabled, { subject: endpointId });
      }
      return getEndpoint(tx, endpointId);
    });
  }

  /** A disabled endpoint does not change. */
  async disable(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.database.transaction(async (tx) => {
      await lockEndpoint(tx, endpointId);
      await this.endpointSwitch.disable(tx, endpointId, 'operator', operator());
      return getEndpoint(tx, endpointId);
    });
  }

  /**
   * Until the older secrets expire, each delivery carries the signatures of all secrets.
   * @param overlapUntil when the older secrets expire; in a day by default
   */
  async addSecret(
    endpointId: string,
    overlapUntil = new Date(this.clock.now().getTime() + OVERLAP_MS),
  ): Promise<IssuedWebhookSecretResponse> {
    return this.database.transaction(async (tx) => {
      const now = this.clock.now();
      await lockEndpoint(tx, endpointId);
      await tx.update(WebhookEndpointEntity, { id: endpointId }, { updatedAt: now });
      // If the overlap ends now, the older secrets no longer count towards the limit.
      for (const which of livingAt(endpointId, overlapUntil))
        await tx.update(WebhookSecretEntity, which, { expiresAt: overlapUntil });
      if ((await tx.countBy(WebhookSecretEntity, livingAt(endpointId, now))) >= MAX_SECRETS)
        throw webhookError('webhook.too_many_secrets', { detail: `The limit is ${MAX_SECRETS}.` });
      const added = await this.issueSecret(tx, endpointId);
      const details = { secretId: added.secretId, overlapUntil: overlapUntil.toISOString() };
      await this.audit.recordByOperator(tx, webhookEvents.secretAdded, { subject: endpointId, details });
      return added;
    });
  }

  private async issueSecret(tx: EntityManager, endpointId: string): Promise<IssuedWebhookSecretResponse> {
    const secretId = uuidv7();
    const secret = generateSigningSecret();
    await tx.insert(WebhookSecretEntity, {
      id: secretId,
      endpointId,
      secret: sealedSecret.seal(this.keyRing, secretId, secret),
      createdAt: this.clock.now(),
      expiresAt: null,
    });
    return { secretId, secret };
  }

  /** Returns scheme, host and port for the audit trail, because a URL's path and query can be secret. */
  private originOf(url: string): string {
    const checked = checkUrl(url, this.configuration.webhookAllowedTargets);
    if (!checked.ok) throw webhookError('webhook.invalid_url', { detail: urlRefusals[checked.code] });
    return checked.value.origin;
  }

  private async assertApplications(applicationIds: readonly string[] | null): Promise<void> {
    if (applicationIds === null) return;
    const known = new Set((await this.applications.listAll()).map(({ id }) => id));
    if (idsOf(applicationIds)?.some((id) => !known.has(id)))
      throw webhookError('webhook.unknown_application');
  }
}

function typesOf(types: readonly string[]): string[] {
  return types.includes(ALL_TYPES) ? [ALL_TYPES] : [...types];
}

function idsOf(applicationIds: readonly string[] | null): string[] | null {
  return applicationIds && [...new Set(applicationIds.map((id) => id.toLowerCase()))];
}

function livingAt(endpointId: string, instant: Date) {
  return [
    { endpointId, expiresAt: IsNull() },
    { endpointId, expiresAt: MoreThan(instant) },
  ];
}

export async function getEndpoint(manager: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  return existing(await manager.findOneBy(WebhookEndpointEntity, { id }));
}

/** Locks the row until the transaction ends. New deliveries do not wait for the lock. */
export async function lockEndpoint(tx: EntityManager, id: string): Promise<WebhookEndpointEntity> {
  return existing(await lockRow(tx, WebhookEndpointEntity, { id }));
}

function existing(found: WebhookEndpointEntity | null): WebhookEndpointEntity {
  if (!found) throw webhookError('webhook.not_found');
  return found;
}
