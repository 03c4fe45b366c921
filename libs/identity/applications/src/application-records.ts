import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AuditService, operator } from '@countersign/audit';
import { Clock } from '@countersign/clock';
import { Database, newestOf } from '@countersign/database';
import { AppError } from '@countersign/errors';
import { type Keyset, requestError } from '@countersign/http';
import { ApplicationDirectory } from './application-directory';
import { ApplicationEntity } from './store/application.entity';
import { applicationError } from './application.errors';
import { BotsService } from './bots/bots.service';
import { PresetAdditions } from './presets/preset-additions';
import { presetNames, signaturePolicyOf, withPresets, type PresetName } from './presets/presets';
import { isObject, mergePatch } from './merge-patch';
import { ApplicationSettings } from './settings/application.settings';
import { readSettings, readStoredSettings } from './store/read-settings';

const FIELD = 'settings';

interface StoredSettings {
  readonly presets?: readonly PresetName[];
}

/**
 * Applies a JSON merge patch to stored settings.
 * @throws AppError request.invalid or request.unknown_field, with paths below `settings`
 */
function patchSettings(stored: object, patch: unknown): object {
  if (!isObject(patch))
    throw requestError('request.invalid', {
      fields: [{ path: FIELD, code: 'object', detail: 'must be a JSON object' }],
    });
  const known = Object.keys(new ApplicationSettings());
  const isStored = (name: string): boolean => Object.hasOwn(stored, name);
  // Groups and presets of features that are not in use mean nothing: they stay, and may be removed.
  const unknown = Object.entries(patch).filter(
    ([name, value]) => !known.includes(name) && !(isStored(name) && value === null),
  );
  const merged = mergePatch(stored, patch) as StoredSettings;
  const used = Object.entries(merged).filter(([name]) => known.includes(name));
  const { presets: before = [] } = stored as StoredSettings;
  const presets = merged.presets?.filter((name) => presetNames.includes(name) || !before.includes(name));
  try {
    readSettings({ ...Object.fromEntries([...used, ...unknown]), ...(presets ? { presets } : {}) });
  } catch (error) {
    throw error instanceof AppError ? below(FIELD, error) : error;
  }
  return merged;
}

/** The error with paths as the caller sent them. */
function below(field: string, { code, definition, options }: AppError): AppError {
  const fields = (options.fields ?? []).map((one) => ({
    ...one,
    path: [field, one.path].filter((part) => part !== '').join('.'),
  }));
  return new AppError(code, definition, { ...options, fields });
}

export interface ApplicationChange {
  readonly name?: string | undefined;
  /** A JSON merge patch. */
  readonly settings?: unknown;
  /** Added before the patch. */
  readonly presets?: readonly PresetName[] | undefined;
}

/** Applications for operators, from the database. */
@Injectable()
export class ApplicationRecords {
  constructor(
    private readonly database: Database,
    private readonly directory: ApplicationDirectory,
    private readonly bots: BotsService,
    private readonly additions: PresetAdditions,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /** Newest first; one more than the limit of the page. */
  list(keyset: Keyset): Promise<readonly ApplicationEntity[]> {
    return this.database.read((manager) => manager.find(ApplicationEntity, newestOf(keyset)));
  }

  /** @throws AppError application.not_found */
  async get(applicationId: string): Promise<ApplicationEntity> {
    return existing(
      await this.database.read((manager) => manager.findOneBy(ApplicationEntity, { id: applicationId })),
    );
  }

  /** @throws AppError application.not_found, request.invalid, request.unknown_field */
  async change(
    applicationId: string,
    { name, settings, presets = [] }: ApplicationChange,
  ): Promise<ApplicationEntity> {
    const id = applicationId;
    const changed = await this.database.transaction(async (tx) => {
      const before = existing(
        await tx.findOne(ApplicationEntity, { where: { id }, lock: { mode: 'pessimistic_write' } }),
      );
      const columns = {
        ...(name === undefined ? {} : { name }),
        ...(settings === undefined && presets.length === 0
          ? {}
          : { settings: patchSettings(withPresets(before.settings, presets), settings ?? {}) }),
        updatedAt: this.clock.now(),
      };
      await tx.update(ApplicationEntity, { id }, columns);
      await this.record(tx, applicationId, { name, settings, presets });
      const after = { ...before, ...columns };
      if (presets.length > 0)
        await this.bots.setSignaturePolicy(
          tx,
          applicationId,
          signaturePolicyOf(readStoredSettings(after.settings).presets),
        );
      return after;
    });
    this.directory.drop(applicationId);
    await this.additions.make(applicationId, presets);
    return changed;
  }

  private async record(
    tx: EntityManager,
    applicationId: string,
    { name, settings, presets = [] }: ApplicationChange,
  ): Promise<void> {
    await this.audit.record(tx, 'application.changed', {
      actor: operator(),
      applicationId,
      details: {
        ...(name === undefined ? {} : { name: 'replaced' }),
        ...(settings === undefined ? {} : { settings: Object.keys(settings as object).join(' ') }),
        ...(presets.length === 0 ? {} : { presets: presets.join(' ') }),
      },
      event: { applicationId },
    });
  }
}

/** @throws AppError application.not_found */
function existing(found: ApplicationEntity | null): ApplicationEntity {
  if (!found) throw applicationError('application.not_found');
  return found;
}
