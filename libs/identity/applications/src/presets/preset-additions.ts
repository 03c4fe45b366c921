import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { extensionPoint } from '@countersign/extensions';
import type { PresetName } from './presets';

/** What a preset needs besides settings. */
interface PresetAddition {
  /** Makes what is missing, so it may be repeated. */
  addTo(applicationId: string): Promise<void>;
}

export const AddsForPreset = extensionPoint<PresetAddition, PresetName>();

@Injectable()
export class PresetAdditions {
  constructor(private readonly discovery: DiscoveryService) {}

  async make(applicationId: string, presets: readonly PresetName[]): Promise<void> {
    for (const { declaration, provider } of AddsForPreset.in(this.discovery).declared)
      if (presets.includes(declaration)) await provider.addTo(applicationId);
  }
}
