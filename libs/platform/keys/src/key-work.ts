import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { EntityManager } from 'typeorm';
import { extensionPoint } from '@countersign/extensions';

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

/** Makes the job of a rotation run a provider's work. */
export const BringsToActiveKey = extensionPoint<KeyWork>();

/** Makes a retirement count what a provider holds. */
export const HoldsRingKeys = extensionPoint<KeyHolder>();

/** The work and the holders of all features. */
@Injectable()
export class KeyFeatures {
  private readonly works;
  private readonly counted;

  constructor(discovery: DiscoveryService) {
    this.works = BringsToActiveKey.in(discovery);
    this.counted = HoldsRingKeys.in(discovery);
  }

  get work(): readonly KeyWork[] {
    return this.works.all;
  }

  get holders(): readonly KeyHolder[] {
    return this.counted.all;
  }
}
