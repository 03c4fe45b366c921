import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { OpenidClients } from '../clients/openid-clients';
import type { OpenidRecords } from './openid-records.repository';

export class OpenidAdapter implements Adapter {
  constructor(
    private readonly model: string,
    private readonly records: OpenidRecords,
    private readonly clients: OpenidClients,
    private readonly refusal: (reason: string) => Error,
    private readonly assertRoom: (model: string) => Promise<void>,
  ) {}

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    await this.assertRoom(this.model);
    await this.records.save(this.model, id, payload);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    // Clients are rows of applications.
    if (this.model === 'Client') return this.clients.metadataOf(id);
    return (await this.records.find(this.model, id)) ?? undefined;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return (await this.records.findByOther(this.model, { uid })) ?? undefined;
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return (await this.records.findByOther(this.model, { userCode })) ?? undefined;
  }

  /** If a code is used several times at once, one use gets tokens, and all lose the grant (RFC 6749, section 4.1.2). */
  async consume(id: string): Promise<void> {
    if (await this.records.use(this.model, id)) return;
    const grantId = (await this.find(id))?.grantId;
    if (grantId !== undefined) await this.records.deleteOfGrant(grantId);
    throw this.refusal('it was used at the same time');
  }

  async destroy(id: string): Promise<void> {
    await this.records.delete(this.model, id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    await this.records.deleteOfGrant(grantId);
  }
}
