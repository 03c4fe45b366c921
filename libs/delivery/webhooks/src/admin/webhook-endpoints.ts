import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { ApplicationsService } from '@countersign/applications';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Configuration } from '@countersign/config';
import { Database, newestOf } from '@countersign/database';
import type { Keyset } from '@countersign/http';
import { checkUrl, urlRefusals } from '@countersign/webhook-sender';
import { EndpointSwitch } from '../endpoint-switch';
import type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  IssuedWebhookSecretResponse,
} from './dto/webhook.dto';
import { DeliveryRepository } from '../delivery/delivery.repository';
import { ALL_TYPES, WebhookEndpointEntity } from '../webhook.entity';
import { webhookError } from '../webhook.errors';
import { getEndpoint, lockEndpoint, MAX_ENDPOINTS } from './webhook';
import { WebhookSecrets } from './webhook-secrets';

/** Webhook endpoints for operators. There are few: no list needs an index. */
@Injectable()
export class WebhookEndpoints {
  constructor(
    private readonly database: Database,
    private readonly secrets: WebhookSecrets,
    private readonly deliveries: DeliveryRepository,
    private readonly endpointSwitch: EndpointSwitch,
    private readonly applications: ApplicationsService,
    private readonly audit: AuditService,
    private readonly configuration: Configuration,
    private readonly clock: Clock,
  ) {}

  /**
   * Active at once, with a first secret.
   * @throws AppError webhook.invalid_url, webhook.unknown_application, webhook.too_many_endpoints
   */
  async create({ name, url, types, applicationIds = null }: CreateWebhookRequest): Promise<{
    endpoint: WebhookEndpointEntity;
    secret: IssuedWebhookSecretResponse;
  }> {
    const origin = this.originOf(url);
    await this.assertApplications(applicationIds);
    const now = this.clock.now();
    const endpoint: WebhookEndpointEntity = {
      id: uuidv7(),
      name,
      url,
      types: typesOf(types),
      applicationIds: idsOf(applicationIds),
      status: 'active',
      disabledReason: null,
      createdAt: now,
      updatedAt: now,
    };
    return this.database.transaction(async (tx) => {
      await this.deliveries.lockCreation(tx);
      if ((await tx.count(WebhookEndpointEntity)) >= MAX_ENDPOINTS)
        throw webhookError('webhook.too_many_endpoints', { detail: `The limit is ${MAX_ENDPOINTS}.` });
      await tx.insert(WebhookEndpointEntity, endpoint);
      const secret = await this.secrets.issue(tx, endpoint.id);
      const details = { origin, types: endpoint.types.join(' '), secretId: secret.secretId };
      await this.audit.record(tx, 'webhook.created', { actor: operator(), subject: endpoint.id, details });
      return { endpoint, secret };
    });
  }

  /** Newest first; one more than the limit of the page. */
  async list(keyset: Keyset): Promise<readonly WebhookEndpointEntity[]> {
    return this.database.read((manager) => manager.find(WebhookEndpointEntity, newestOf(keyset)));
  }

  /** @throws AppError webhook.not_found */
  async get(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.database.read((manager) => getEndpoint(manager, endpointId));
  }

  /**
   * What waits to be delivered goes to a new URL too.
   * @throws AppError webhook.not_found, webhook.invalid_url, webhook.unknown_application
   */
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
      await this.audit.record(tx, 'webhook.changed', { actor: operator(), subject: endpointId, details });
      return after;
    });
  }

  /**
   * With its secrets and its deliveries, which may be many. What waits to be delivered is dropped.
   * @throws AppError webhook.not_found
   */
  async remove(endpointId: string): Promise<void> {
    await this.disable(endpointId);
    await this.database.transaction(async (tx) => {
      const { affected } = await tx.delete(WebhookEndpointEntity, { id: endpointId });
      if (affected !== 1) throw webhookError('webhook.not_found');
      await this.audit.record(tx, 'webhook.removed', { actor: operator(), subject: endpointId });
    });
    while (await this.database.transaction((tx) => this.deliveries.clear(tx, endpointId)));
  }

  /**
   * What waits is delivered now. Changes nothing where it is active.
   * @throws AppError webhook.not_found
   */
  async enable(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.switched(endpointId, (tx) => this.endpointSwitch.enable(tx, endpointId, operator()));
  }

  /**
   * Changes nothing where it is disabled.
   * @throws AppError webhook.not_found
   */
  async disable(endpointId: string): Promise<WebhookEndpointEntity> {
    return this.switched(endpointId, (tx) =>
      this.endpointSwitch.disable(tx, endpointId, 'operator', operator()),
    );
  }

  private async switched(
    endpointId: string,
    work: (tx: EntityManager) => Promise<boolean>,
  ): Promise<WebhookEndpointEntity> {
    return this.database.transaction(async (tx) => {
      await lockEndpoint(tx, endpointId);
      await work(tx);
      return getEndpoint(tx, endpointId);
    });
  }

  /**
   * Scheme, host and port, for the audit trail: path and query of a URL can be secret.
   * @throws AppError webhook.invalid_url
   */
  private originOf(url: string): string {
    const checked = checkUrl(url, this.configuration.webhookAllowedTargets);
    if (!checked.ok) throw webhookError('webhook.invalid_url', { detail: urlRefusals[checked.code] });
    return checked.value.origin;
  }

  /** @throws AppError webhook.unknown_application */
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

/** As the database writes them. */
function idsOf(applicationIds: readonly string[] | null): string[] | null {
  return applicationIds && [...new Set(applicationIds.map((id) => id.toLowerCase()))];
}
