import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { RevealsFields } from '@countersign/account';
import type { DataKey } from '@countersign/crypto';
import { ownFields } from './fields/own-field';
import { ProfilesRepository } from './store/profiles.repository';

/** Opens single own fields. The caller has to record it first, with a reason. */
@Injectable()
@RevealsFields()
export class ProfileFields {
  constructor(private readonly profiles: ProfilesRepository) {}

  /** As text, links as JSON; `null` for a field that is not set. */
  async open(
    manager: EntityManager,
    owner: { readonly userId: string; readonly dataKey: DataKey },
    wanted: readonly string[],
  ): Promise<Readonly<Record<string, string | null>>> {
    if (wanted.length === 0) return {};
    const { texts } = await this.profiles.findFields(manager, owner);
    return Object.fromEntries(
      ownFields.filter((field) => wanted.includes(field)).map((field) => [field, texts[field]]),
    );
  }
}
