import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Sealed } from '@countersign/crypto';
import { extensionPoint } from '@countersign/extensions';
import type { EventType } from './catalogue';

type Fields = Readonly<Record<string, string | boolean>>;

/** Opens the fields that a type of event seals. */
export interface EventOpener {
  /** @returns `null` where their key is gone, with what the event is about */
  open(data: Fields, sealed: Sealed): Promise<Fields | null>;
}

/** Registers the opener of a type. */
export const OpensEvents = extensionPoint<EventOpener, { readonly type: EventType }>();

/** All openers, as one. */
@Injectable()
export class SealedEvents {
  private readonly openers;

  constructor(discovery: DiscoveryService) {
    this.openers = OpensEvents.in(discovery);
  }

  /** The data as receivers get it. `null`: the event is not delivered any more. */
  async open(type: string, data: Fields, sealed: Sealed): Promise<Fields | null> {
    const opener = this.openers.declared.find(({ declaration }) => declaration.type === type);
    const opened = (await opener?.provider.open(data, sealed)) ?? null;
    return opened && { ...data, ...opened };
  }
}
