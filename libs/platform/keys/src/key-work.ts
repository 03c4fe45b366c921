import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';

/** Part of a pass over the rows of one table, in the order of their primary key. */
export interface Step {
  /** Rows up to this one are done; empty at the start. */
  readonly after: string;
  /** How many rows are looked at. */
  readonly limit: number;
}

export interface StepResult {
  /** The last row that was looked at. */
  readonly position: string;
  readonly done: number;
  /** Whether no rows follow. */
  readonly isEnd: boolean;
}

/** Brings stored values to the active key of a purpose. Every step may be repeated, by any replica. */
export interface KeyWork {
  /** `users.data_key` */
  readonly name: string;
  readonly purpose: 'sealing' | 'index';
  /** How many rows are not at the key yet. */
  countBehind(manager: EntityManager, keyId: string): Promise<number>;
  step(tx: EntityManager, step: Step): Promise<StepResult>;
  /** How many values would be lost without the former key. */
  countNeeding(manager: EntityManager, key: FormerKey): Promise<number>;
  /** Deletes up to `limit` values that only serve a retired key. @returns how many. */
  deleteRetired(tx: EntityManager, keyId: string, limit: number): Promise<number>;
}

/** A key that is no longer active. */
export interface FormerKey {
  readonly keyId: string;
  /** The one that is active instead. */
  readonly activeId: string;
  /** When another key became active. */
  readonly since: Date;
}

/** A use of a key of the ring without stored values that could be brought to another key. */
export interface KeyHolder {
  /** As in "12 sessions". */
  readonly holds: string;
  readonly purpose: 'index' | 'token';
  countHolding(manager: EntityManager, key: FormerKey, now: Date): Promise<number>;
}

const Work = DiscoveryService.createDecorator();
const Holder = DiscoveryService.createDecorator();

/** Makes the job of a rotation run a provider's work. */
export function BringsToActiveKey(): (provider: new (...parts: never[]) => KeyWork) => void {
  return Work({});
}

/** Makes a retirement count what a provider holds. */
export function HoldsRingKeys(): (provider: new (...parts: never[]) => KeyHolder) => void {
  return Holder({});
}

/** The work and the holders of all features. */
@Injectable()
export class KeyFeatures {
  constructor(private readonly discovery: DiscoveryService) {}

  get work(): readonly KeyWork[] {
    const providers = this.discovery.getProviders({ metadataKey: Work.KEY });
    return providers.map(({ instance }) => instance as KeyWork);
  }

  get holders(): readonly KeyHolder[] {
    const providers = this.discovery.getProviders({ metadataKey: Holder.KEY });
    return providers.map(({ instance }) => instance as KeyHolder);
  }
}
